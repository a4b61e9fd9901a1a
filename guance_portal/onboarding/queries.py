"""All SQL of sign-up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select

from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.onboarding.rules import DRAFT_LIFE
from guance_portal.onboarding.tables import Consent, Draft, Opening, Registration
from guance_portal.payers.tables import Company, FeeAccount, WorkspacePayer


async def open_draft(work: UnitOfWork, browser: str, now: datetime, *, lock: bool = True) -> Draft | None:
    """The browser's unfinished draft; None when it has none that is still kept."""
    unfinished = select(Draft).where(col(Draft.browser) == browser, col(Draft.finished_at).is_(None))
    draft = (await work.session.exec(unfinished.with_for_update() if lock else unfinished)).one_or_none()
    return draft if draft and draft.expires_at > now else None


async def take_draft(work: UnitOfWork, browser: str, now: datetime) -> Draft:
    """The browser's unfinished draft, locked; a new one when it has none."""
    if draft := await open_draft(work, browser, now):
        return draft
    await work.session.exec(
        delete(Draft).where(
            col(Draft.browser) == browser, col(Draft.finished_at).is_(None), col(Draft.expires_at) <= now
        )
    )
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Draft) if is_postgresql else sqlite.insert(Draft)
    fresh = Draft(id=new_id("drft"), browser=browser, created_at=now, expires_at=now + DRAFT_LIFE)
    unless_another_tab_did = insert.values(fresh.model_dump()).on_conflict_do_nothing(
        index_elements=["browser"], index_where=text("finished_at IS NULL")
    )
    await work.session.exec(unless_another_tab_did)
    unfinished = select(Draft).where(col(Draft.browser) == browser, col(Draft.finished_at).is_(None))
    return (await work.session.exec(unfinished.with_for_update())).one()


async def last_finished(work: UnitOfWork, browser: str) -> Draft | None:
    """The browser's last draft that became an account."""
    finished = select(Draft).where(col(Draft.browser) == browser, col(Draft.finished_at).is_not(None))
    return (await work.session.exec(finished.order_by(col(Draft.finished_at).desc()).limit(1))).one_or_none()


async def forget_drafts(work: UnitOfWork, now: datetime) -> int:
    """Delete drafts past their time; returns how many."""
    return (await work.session.exec(delete(Draft).where(col(Draft.expires_at) <= now))).rowcount


async def registration(work: UnitOfWork, user_id: str) -> Registration | None:
    """How a user began; None for one whom somebody else made."""
    return await work.session.get(Registration, user_id)


async def user(work: UnitOfWork, user_id: str, *, lock: bool = False) -> User | None:
    """A console user; locked, so that what they open is opened one after the other."""
    found = select(User).where(col(User.id) == user_id)
    return (await work.session.exec(found.with_for_update() if lock else found)).one_or_none()


async def fee_account(work: UnitOfWork, fee_account_id: str | None) -> FeeAccount | None:
    """A fee-centre account by id."""
    return await work.session.get(FeeAccount, fee_account_id) if fee_account_id else None


async def company(work: UnitOfWork, fee_account_id: str | None) -> Company | None:
    """What a fee-centre account says about its company."""
    return await work.session.get(Company, fee_account_id) if fee_account_id else None


async def opened(work: UnitOfWork, user_id: str, once: str) -> tuple[Workspace, WorkspacePayer | None] | None:
    """The workspace an act of this name opened, and who pays for it."""
    found = (
        select(Workspace, WorkspacePayer)
        .join(Opening, col(Opening.workspace_id) == col(Workspace.id))
        .outerjoin(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(Opening.user_id) == user_id, col(Opening.once) == once)
    )
    row = (await work.session.exec(found)).one_or_none()
    return (row[0], row[1]) if row else None


async def has_agreed(work: UnitOfWork, user_id: str, kind: AgreementKind, version: str) -> bool:
    """Whether a user has accepted this version of an agreement."""
    found = select(Consent.id).where(
        col(Consent.user_id) == user_id, col(Consent.agreement) == kind, col(Consent.version) == version
    )
    return (await work.session.exec(found.limit(1))).first() is not None
