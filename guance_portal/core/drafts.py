"""Drafts of forms: one store for what somebody has typed, whatever the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.draft_tables import OPEN, Draft
from guance_portal.core.forms import Form
from guance_portal.core.ids import new_id


class Found(BaseModel):
    """What a service has found out about a draft. A secret stands in it as a hash at most."""

    model_config = ConfigDict(frozen=True)


T = TypeVar("T", bound=Form)
F = TypeVar("F", bound=Found)


class OpenDraft(Generic[T, F]):
    """A draft as its service reads and writes it; what is written is saved with the unit of work."""

    def __init__(self, kind: DraftKind[T, F], row: Draft) -> None:
        self._kind, self.row = kind, row

    @property
    def id(self) -> str:
        """Names the draft itself."""
        return self.row.id

    @property
    def about(self) -> str:
        """The workspace it is about; empty for none."""
        return self.row.about

    @property
    def finished_at(self) -> datetime | None:
        """Since when it has become something."""
        return self.row.finished_at

    @property
    def typed(self) -> T:
        """The form as far as it is typed."""
        return self._kind.form.of(self._kind.renewed(self.row))

    @property
    def found(self) -> F:
        """What was found out."""
        return self._kind.found.model_validate(self.row.found)

    def type(self, changes: Mapping[str, Any]) -> None:
        """Keep what was typed, without judging it; raises ValueError for what is no field or a secret."""
        for name in changes:
            self._kind.form.kept_name(name)
        kept = self._kind.form.fitting({**self._kind.renewed(self.row), **changes})
        self._kind.form.model_validate(kept)
        self.row.typed, self.row.version = kept, self._kind.version

    def note(self, **facts: Any) -> None:
        """Keep what was found out."""
        self.row.found = self.found.model_copy(update=facts).model_dump(mode="json")

    def renew(self, now: datetime) -> None:
        """It was touched: its time begins again."""
        self.row.expires_at = self._kind.expiry(now)

    def finish(self, now: datetime, **facts: Any) -> None:
        """It has become something: keep only these facts."""
        self.row.typed, self.row.finished_at = {}, now
        self.row.found = self._kind.found(**facts).model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKind(Generic[T, F]):
    """How one form is kept: under which name, for how long (None: until its service deletes it), in which version.

    The version grows when a field gets another meaning; `older` then reads what another version has kept. Without it
    fields that are gone are left out, and new ones are empty.
    """

    name: str
    form: type[T]
    found: type[F]
    life: timedelta | None
    version: int = 1
    older: Callable[[int, dict[str, Any]], dict[str, Any]] | None = None

    def expiry(self, now: datetime) -> datetime | None:
        """Until when something that is touched now is kept."""
        return now + self.life if self.life else None

    def renewed(self, row: Draft) -> dict[str, Any]:
        """What was typed, as this version reads it."""
        return self.older(row.version, row.typed) if self.older and row.version != self.version else row.typed

    async def find(
        self, work: UnitOfWork, owner: str, now: datetime, *, about: str = "", lock: bool = True
    ) -> OpenDraft[T, F] | None:
        """The owner's draft, locked unless told otherwise; None when there is none that is still kept."""
        found = self._open(owner, about)
        row = (await work.session.exec(_locked(found) if lock else found)).one_or_none()
        return OpenDraft(self, row) if row and not _is_over(row, now) else None

    async def take(self, work: UnitOfWork, owner: str, now: datetime, *, about: str = "") -> OpenDraft[T, F]:
        """The owner's draft, locked, its time begun again; a new one when there is none."""
        draft = await self.find(work, owner, now, about=about) or await self._begin(work, owner, now, about)
        draft.renew(now)
        return draft

    async def every(self, work: UnitOfWork, owner: str, now: datetime) -> list[OpenDraft[T, F]]:
        """The owner's drafts about any workspace."""
        mine = select(Draft).where(col(Draft.owner) == owner, col(Draft.form) == self.name, _IS_OPEN)
        return [OpenDraft(self, row) for row in (await work.session.exec(mine)).all() if not _is_over(row, now)]

    async def last_finished(self, work: UnitOfWork, owner: str) -> OpenDraft[T, F] | None:
        """The owner's last draft that has become something."""
        mine = select(Draft).where(
            col(Draft.owner) == owner, col(Draft.form) == self.name, col(Draft.finished_at).is_not(None)
        )
        row = (await work.session.exec(mine.order_by(col(Draft.finished_at).desc()).limit(1))).one_or_none()
        return OpenDraft(self, row) if row else None

    async def end(self, work: UnitOfWork, owner: str, *, about: str = "") -> None:
        """Delete the owner's unfinished draft."""
        mine = (col(Draft.owner) == owner, col(Draft.form) == self.name, col(Draft.about) == about, _IS_OPEN)
        await work.session.exec(delete(Draft).where(*mine))

    async def end_about(self, work: UnitOfWork, workspace_id: str) -> None:
        """Delete what anybody has typed about a workspace into this form."""
        await work.session.exec(delete(Draft).where(col(Draft.form) == self.name, col(Draft.about) == workspace_id))

    async def with_fact(self, work: UnitOfWork, name: str, value: str) -> list[OpenDraft[T, F]]:
        """Every unfinished draft, locked, about which this fact was found."""
        known = col(Draft.found)[name].as_string() == value
        rows = await work.session.exec(_locked(select(Draft).where(col(Draft.form) == self.name, _IS_OPEN, known)))
        return [OpenDraft(self, row) for row in rows.all()]

    async def of_owner(self, work: UnitOfWork, owner: str) -> list[OpenDraft[T, F]]:
        """Every unfinished draft of an owner, locked."""
        mine = select(Draft).where(col(Draft.owner) == owner, col(Draft.form) == self.name, _IS_OPEN)
        return [OpenDraft(self, row) for row in (await work.session.exec(_locked(mine))).all()]

    def _open(self, owner: str, about: str) -> SelectOfScalar[Draft]:
        return select(Draft).where(
            col(Draft.owner) == owner, col(Draft.form) == self.name, col(Draft.about) == about, _IS_OPEN
        )

    async def _begin(self, work: UnitOfWork, owner: str, now: datetime, about: str) -> OpenDraft[T, F]:
        mine = (col(Draft.owner) == owner, col(Draft.form) == self.name, col(Draft.about) == about, _IS_OPEN)
        await work.session.exec(delete(Draft).where(*mine, col(Draft.expires_at) <= now))
        fresh = Draft(id=new_id("drft"), owner=owner, form=self.name, about=about, version=self.version, created_at=now)
        is_postgresql = work.session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert(Draft) if is_postgresql else sqlite.insert(Draft)
        unless_another_tab_did = insert.values(fresh.model_dump()).on_conflict_do_nothing(
            index_elements=["owner", "form", "about"], index_where=text(OPEN)
        )
        await work.session.exec(unless_another_tab_did)
        return OpenDraft(self, (await work.session.exec(_locked(self._open(owner, about)))).one())


def of_browser(browser: str) -> str:
    """The owner of what is typed before anybody is signed in: the browser with the draft cookie, here as a hash."""
    return f"browser:{browser}"


def of_actor(actor: Actor) -> str:
    """The owner of what somebody types who is signed in."""
    return f"{actor.realm}:{actor.subject_id}"


async def end_about(work: UnitOfWork, workspace_id: str) -> None:
    """Delete what anybody has typed about a workspace, into any form."""
    await work.session.exec(delete(Draft).where(col(Draft.about) == workspace_id))


async def sweep(database: Database, clock: Clock) -> int:
    """Delete drafts past their time; returns how many. Safe in several processes at once."""
    async with database.writing() as work:
        gone = (await work.session.exec(delete(Draft).where(col(Draft.expires_at) <= clock.now()))).rowcount
        await work.commit()
    return gone


_IS_OPEN = col(Draft.finished_at).is_(None)


def _is_over(row: Draft, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now


def _locked(found: SelectOfScalar[Draft]) -> SelectOfScalar[Draft]:
    return found.with_for_update().execution_options(populate_existing=True)
