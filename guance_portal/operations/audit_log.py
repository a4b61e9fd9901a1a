"""The audit, read by operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal.core import plain
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.operations import queries, rules
from guance_portal.operations.rules import AuditFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act. `actor_name` and `subject_name` are empty where nothing has a name; `names` are those of the details."""

    id: str
    at: datetime
    act: str
    actor_realm: str
    actor_id: str
    actor_name: str
    actor_session: str
    subject_type: str
    subject_id: str
    subject_name: str
    details: Mapping[str, str]
    names: Mapping[str, str]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One page of entries, counted from 1; `acts` are the kinds that can be asked for."""

    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int
    acts: Sequence[str]


class AuditLog:
    """Reads; nobody writes here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, actor: Actor, asked: AuditFilter, page: int = 1) -> EntryPage:
        """The entries that fit, newest first; raises NotAllowedError for an actor who is no operator."""
        actor.require(Realm.OPERATOR)
        paging = Paging(page, rules.ENTRIES_A_PAGE)
        async with self._database.reporting() as work:
            conditions = await _conditions(work, asked)
            rows, total = await queries.entries(work, conditions, paging)
            ids = {row.actor_id for row in rows} | {row.subject_id for row in rows}
            ids |= {str(value) for row in rows for value in row.details.values()}
            names = await queries.names(work, ids - {""})
            acts = await queries.acts(work)
        entries = tuple(
            Entry(
                id=row.id,
                at=row.at,
                act=row.act,
                actor_realm=row.actor_realm,
                actor_id=row.actor_id,
                actor_name=names.get(row.actor_id, ""),
                actor_session=row.actor_session,
                subject_type=row.subject_type,
                subject_id=row.subject_id,
                subject_name=names.get(row.subject_id, ""),
                details=row.details,
                names={value: names[value] for value in map(str, row.details.values()) if value in names},
                address=row.address,
            )
            for row in rows
        )
        return EntryPage(entries=entries, total=total, page=paging.page, pages=paging.pages(total), acts=acts)


async def _conditions(work: UnitOfWork, asked: AuditFilter) -> list[object]:
    found: list[object] = []
    if subject := plain.search(asked.subject):
        found.append(queries.about(await queries.ids_named(work, subject)))
    if actor := plain.search(asked.actor):
        found.append(queries.by(await queries.ids_named(work, actor)))
    if asked.act:
        found.append(queries.of_act(asked.act))
    if asked.since:
        found.append(queries.since(asked.since))
    if asked.until:
        found.append(queries.until(asked.until))
    return found
