"""What is begun in the dialog of a cloud account: a refresh, a lost connection or a restart loses nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.payers.cloud_access import NewcomersAccount, claimant
from guance_portal.payers.tables import CloudDraft
from guance_portal.sites import Provider

LIFE = timedelta(days=7)
"""After this nobody comes back to what was typed."""
LATELY = timedelta(hours=2)
"""Who comes back from a marketplace within this comes for what was begun then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudDraftView:
    """The ids as typed so far; `began_at` is business time, `waited` the seconds since."""

    provider: Provider
    account: str
    instance: str
    began_at: datetime
    waited: int


class CloudDraftService:
    """Keeps one draft for each person and workspace."""

    def __init__(self, database: Database, clock: Clock, *, newcomers: NewcomersAccount) -> None:
        self._database, self._clock, self._newcomers = database, clock, newcomers

    async def open(self, actor: Actor, workspace_id: str, provider: Provider, *, is_new: bool) -> CloudDraftView:
        """The draft for a provider; `is_new` begins the waiting anew, and so does another provider.

        Raises NotAllowedError, PasswordNeededError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            await claimant(work, actor, workspace_id, self._newcomers, lock=True)
            row = await work.session.get(CloudDraft, (_person(actor), workspace_id))
            if row is None or row.provider is not provider:
                if row is not None:
                    await work.session.delete(row)
                    await work.session.flush()
                row = CloudDraft(
                    person=_person(actor), workspace_id=workspace_id, provider=provider, began_at=now, updated_at=now
                )
                work.session.add(row)
            elif is_new:
                row.began_at = row.updated_at = now
            view = _view(row, now)
            await work.commit()
        return view

    async def waiting(self, actor: Actor, provider: Provider) -> dict[str, CloudDraftView]:
        """The actor's drafts for a provider that were begun lately, by workspace (empty: for none)."""
        now = self._clock.now()
        found = select(CloudDraft).where(
            col(CloudDraft.person) == _person(actor),
            col(CloudDraft.provider) == provider,
            col(CloudDraft.began_at) > now - LATELY,
        )
        async with self._database.reading() as work:
            return {row.workspace_id: _view(row, now) for row in (await work.session.exec(found)).all()}

    async def save(self, actor: Actor, workspace_id: str, *, account: str, instance: str) -> None:
        """Keep what was typed; without a draft nothing is kept."""
        async with self._database.writing() as work:
            row = await work.session.get(CloudDraft, (_person(actor), workspace_id))
            if row is not None:
                row.account, row.instance, row.updated_at = account, instance, self._clock.now()
                await work.commit()

    async def forget(self, actor: Actor, workspace_id: str) -> None:
        """It is done, or was given up."""
        mine = (col(CloudDraft.person) == _person(actor), col(CloudDraft.workspace_id) == workspace_id)
        async with self._database.writing() as work:
            await work.session.exec(delete(CloudDraft).where(*mine))
            await work.commit()

    async def forget_old(self) -> int:
        """Delete what nobody has touched for LIFE; returns how many. Safe in several processes at once."""
        async with self._database.writing() as work:
            old = delete(CloudDraft).where(col(CloudDraft.updated_at) < self._clock.now() - LIFE)
            gone = (await work.session.exec(old)).rowcount
            await work.commit()
        return gone


def _person(actor: Actor) -> str:
    return f"{actor.realm}:{actor.subject_id}"


def _view(row: CloudDraft, now: datetime) -> CloudDraftView:
    return CloudDraftView(
        provider=row.provider,
        account=row.account,
        instance=row.instance,
        began_at=row.began_at,
        waited=max(0, int((now - row.began_at).total_seconds())),
    )
