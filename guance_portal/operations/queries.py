"""All SQL of the operators' pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from guance_portal.accounts.rules import email_key
from guance_portal.accounts.tables import Operator, User, Workspace
from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.operations.rules import literal
from guance_portal.payers.rules import username_key
from guance_portal.payers.tables import CloudAccount, Company, FeeAccount, WorkspacePayer

_Found = tuple[FeeAccount, str | None, int]


async def accounts(work: UnitOfWork, asked: str, paging: Paging) -> tuple[Sequence[_Found], int]:
    """The accounts that fit, newest first, with company and number of workspaces; and how many fit in all."""
    fits = _fits(asked)
    count = select(func.count()).select_from(FeeAccount).outerjoin(Company, _OF_COMPANY)
    paid = (
        select(func.count())
        .select_from(WorkspacePayer)
        .join(Workspace, col(Workspace.id) == col(WorkspacePayer.workspace_id))
        .where(col(WorkspacePayer.fee_account_id) == col(FeeAccount.id), col(Workspace.dissolved_at).is_(None))
        .correlate(FeeAccount)
        .scalar_subquery()
    )
    found = select(FeeAccount, col(Company.name), paid).outerjoin(Company, _OF_COMPANY)
    if fits is not None:
        count, found = count.where(fits), found.where(fits)
    total = (await work.session.exec(count)).one()
    page = (
        found.order_by(col(FeeAccount.created_at).desc(), col(FeeAccount.id)).offset(paging.offset).limit(paging.size)
    )
    return [(row[0], row[1], row[2]) for row in (await work.session.exec(page)).all()], total


async def entries(work: UnitOfWork, conditions: Collection[Any], paging: Paging) -> tuple[Sequence[AuditEntry], int]:
    """Entries of the audit, newest first, and how many there are in all."""
    count = select(func.count()).select_from(AuditEntry).where(*conditions)
    found = select(AuditEntry).where(*conditions).order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
    total = (await work.session.exec(count)).one()
    return (await work.session.exec(found.offset(paging.offset).limit(paging.size))).all(), total


def about(ids: Collection[str]) -> Any:
    """Entries about one of these."""
    return col(AuditEntry.subject_id).in_(ids)


def by(ids: Collection[str]) -> Any:
    """Entries of what one of these did."""
    return col(AuditEntry.actor_id).in_(ids)


def of_act(act: str) -> Any:
    """Entries of one kind."""
    return col(AuditEntry.act) == act


def since(moment: datetime) -> Any:
    """Entries not older than this."""
    return col(AuditEntry.at) >= moment


def until(moment: datetime) -> Any:
    """Entries older than this."""
    return col(AuditEntry.at) < moment


async def acts(work: UnitOfWork) -> Sequence[str]:
    """Every kind of entry there is."""
    return (await work.session.exec(select(AuditEntry.act).distinct().order_by(col(AuditEntry.act)))).all()


async def ids_named(work: UnitOfWork, typed: str) -> set[str]:
    """Whatever has this id, username, e-mail or (a workspace) name: several may."""
    name, address = username_key(typed), email_key(typed)
    asked: list[tuple[Any, Any]] = [
        (User.id, or_(col(User.username) == typed, col(User.email_key) == address)),
        (FeeAccount.id, or_(col(FeeAccount.username_key) == name, col(FeeAccount.email_key) == address)),
        (Operator.id, or_(col(Operator.name) == typed, col(Operator.email_key) == address)),
        (Workspace.id, col(Workspace.name) == typed),
    ]
    found = {typed}
    for what, condition in asked:
        found.update((await work.session.exec(select(what).where(condition).limit(100))).all())
    return found


async def names(work: UnitOfWork, ids: Collection[str]) -> dict[str, str]:
    """What is called how, by id: people, accounts and workspaces; cloud accounts masked."""
    asked: list[tuple[Any, Any]] = [
        (User.id, User.username),
        (FeeAccount.id, FeeAccount.username),
        (Operator.id, Operator.name),
        (Workspace.id, Workspace.name),
    ]
    found: dict[str, str] = {}
    for key, name in asked:
        rows = (await work.session.exec(select(key, name).where(col(key).in_(ids)))).all()
        found.update({row[0]: row[1] for row in rows})
    clouds = select(CloudAccount).where(col(CloudAccount.id).in_(ids))
    return found | {row.id: row.shown for row in (await work.session.exec(clouds)).all()}


_OF_COMPANY = col(Company.fee_account_id) == col(FeeAccount.id)


def _fits(asked: str) -> Any | None:
    """By username, e-mail or company, in part; or by the id of an account or of a workspace it pays for."""
    if not asked:
        return None
    part = f"%{literal(asked.casefold())}%"
    paying = select(WorkspacePayer.fee_account_id).where(col(WorkspacePayer.workspace_id) == asked)
    return or_(
        col(FeeAccount.username_key).like(part, escape="!"),
        col(FeeAccount.email_key).like(part, escape="!"),
        func.lower(col(Company.name)).like(part, escape="!"),
        col(FeeAccount.id) == asked,
        col(FeeAccount.id).in_(paying),
    )
