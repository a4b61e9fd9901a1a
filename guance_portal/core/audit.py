"""Who did what and when: rows that are written with the change and never altered.

The database itself refuses UPDATE and DELETE on them (triggers in the first migration).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field

from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import Moment, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.rows import Row


class AuditEntry(Row, table=True):
    """One act. The actor is empty when nobody was signed in; `details` never hold a secret."""

    __tablename__ = "audit_entries"

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
    actor_realm: str
    actor_id: str = Field(index=True)
    actor_session: str
    act: str
    subject_type: str
    subject_id: str = Field(index=True)
    details: dict[str, str] = Field(sa_type=JSON)
    address: str


def record(
    work: UnitOfWork,
    act: str,
    on: tuple[str, str],
    *,
    at: datetime,
    actor: Actor | None = None,
    caller: Caller | None = None,
    **details: str,
) -> None:
    """Write one entry into the transaction of the change.

    `act` reads `<subject>.<past participle>`, such as `session.opened`; `on` is (type, id) of what it was done to.
    """
    work.session.add(
        AuditEntry(
            id=new_id("audt"),
            at=at,
            actor_realm=actor.realm if actor else "",
            actor_id=actor.subject_id if actor else "",
            actor_session=actor.session_id if actor else "",
            act=act,
            subject_type=on[0],
            subject_id=on[1],
            details=details,
            address=caller.address if caller else "",
        )
    )
