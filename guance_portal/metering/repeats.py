"""Whether a request has been taken before: by the name that its sender gave it, or by what it says.

DataKit sends again what it got no answer for, byte for byte, for up to twelve hours, and says so; the name of the request
is a new one then. Whatever is asked here is asked under the workspace's meter, in the transaction that counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, tuple_
from sqlmodel import col

from guance_portal.core.db import UnitOfWork
from guance_portal.metering import tally
from guance_portal.metering.tables import AcceptedContent

KEEP_CONTENTS = timedelta(days=1)
_LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What tells a request from others. Without a digest there is nothing by which it could be known again.

    `name` is a digest of the name it was given, with all it says; `content` of all it says, for what a DataKit sends.
    `is_retry`: its sender says that it may have been taken. `began_at` is when its first byte came.
    """

    name: bytes = b""
    content: bytes = b""
    is_retry: bool = False
    began_at: datetime = _LATER


async def is_new(work: UnitOfWork, workspace_id: str, sending: Sending, at: datetime) -> bool:
    """Note a request that is being taken; False when it was taken before."""
    if sending.name and not await tally.is_new_package(work, workspace_id, sending.name, at):
        return False
    return not sending.content or await _is_new_content(work, workspace_id, sending, at)


async def delete_expired(work: UnitOfWork, before: datetime, most: int) -> bool:
    """Drop contents that nobody will send again, at most so many; returns whether more may be left."""
    key = col(AcceptedContent.workspace_id), col(AcceptedContent.digest)
    old = select(*key).where(col(AcceptedContent.accepted_at) < before).limit(most)
    return await tally.run(work, delete(AcceptedContent).where(tuple_(*key).in_(old))) == most


async def _is_new_content(work: UnitOfWork, workspace_id: str, sending: Sending, at: datetime) -> bool:
    key = {"workspace_id": workspace_id, "digest": sending.content}
    connection = await work.session.connection()
    found = select(col(AcceptedContent.accepted_at), col(AcceptedContent.retried_at)).filter_by(**key)
    known = (await connection.execute(found)).first()
    if known is not None:
        if sending.is_retry and known.accepted_at > at - KEEP_CONTENTS:
            return False
        # The retry of this very request, which was still under way, has overtaken it.
        if not sending.is_retry and known.retried_at is not None and known.retried_at > sending.began_at:
            return False
    retried_at = at if sending.is_retry else None
    await tally.put(work, AcceptedContent, key, {"accepted_at": at, "retried_at": retried_at})
    return True
