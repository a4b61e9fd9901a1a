"""All SQL of sign-up."""

from __future__ import annotations

from sqlmodel import col, select

from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.db import UnitOfWork
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.onboarding.tables import Consent, Opening, Registration
from guance_portal.payers.tables import Company, FeeAccount, WorkspacePayer


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


async def opened(
    work: UnitOfWork, user_id: str, idempotency_key: str
) -> tuple[Workspace, WorkspacePayer | None] | None:
    """The workspace an act of this name opened, and who pays for it."""
    found = (
        select(Workspace, WorkspacePayer)
        .join(Opening, col(Opening.workspace_id) == col(Workspace.id))
        .outerjoin(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(Opening.user_id) == user_id, col(Opening.idempotency_key) == idempotency_key)
    )
    row = (await work.session.exec(found)).one_or_none()
    return (row[0], row[1]) if row else None


async def has_agreed(work: UnitOfWork, user_id: str, kind: AgreementKind, version: str) -> bool:
    """Whether a user has accepted this version of an agreement."""
    found = select(Consent.id).where(
        col(Consent.user_id) == user_id, col(Consent.agreement) == kind, col(Consent.version) == version
    )
    return (await work.session.exec(found.limit(1))).first() is not None
