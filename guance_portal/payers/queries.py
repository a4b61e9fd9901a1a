"""All SQL about those who pay."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select, update

from guance_portal.accounts.rules import email_key
from guance_portal.accounts.tables import Workspace
from guance_portal.core.db import Reader, UnitOfWork
from guance_portal.payers.rules import username_key
from guance_portal.payers.tables import CloudAccount, Company, FeeAccount, WorkspacePayer
from guance_portal.sites import Provider


async def account_by_username(work: UnitOfWork, username: str) -> str | None:
    """The id of the fee-centre account with this username."""
    found = select(FeeAccount.id).where(col(FeeAccount.username_key) == username_key(username))
    return (await work.session.exec(found)).one_or_none()


async def only_account_by_email(work: UnitOfWork, email: str) -> str | None:
    """The id of the one fee-centre account with this e-mail; None when there are several."""
    found = select(FeeAccount.id).where(col(FeeAccount.email_key) == email_key(email)).limit(2)
    accounts = (await work.session.exec(found)).all()
    return accounts[0] if len(accounts) == 1 else None


async def taken_usernames(reader: Reader, usernames: Collection[str]) -> set[str]:
    """Those of the (stored forms of) usernames that are somebody's."""
    return {username for (username,) in await reader.rows(_TAKEN_USERNAMES, usernames=list(usernames))}


_TAKEN_USERNAMES = sqlalchemy.select(col(FeeAccount.username_key)).where(
    col(FeeAccount.username_key).in_(bindparam("usernames", expanding=True))
)


async def workspaces_of(
    work: UnitOfWork, fee_account_id: str, workspace_id: str = ""
) -> Sequence[tuple[Workspace, WorkspacePayer]]:
    """The workspaces bound to an account, oldest binding first, then the dissolved ones; with an id, that one alone."""
    found = (
        select(Workspace, WorkspacePayer)
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(WorkspacePayer.fee_account_id) == fee_account_id)
        .order_by(col(Workspace.dissolved_at).is_not(None), col(WorkspacePayer.since), col(Workspace.id))
    )
    return (await work.session.exec(found.where(col(Workspace.id) == workspace_id) if workspace_id else found)).all()


async def account(work: UnitOfWork, fee_account_id: str, *, lock: bool = False) -> FeeAccount | None:
    """A fee-centre account; `lock` keeps it as it is until the unit of work ends."""
    found = select(FeeAccount).where(col(FeeAccount.id) == fee_account_id)
    return (await work.session.exec(found.with_for_update() if lock else found)).one_or_none()


async def fresh_account(work: UnitOfWork, fee_account_id: str) -> FeeAccount:
    """An account that exists, as it is now, kept so until the unit of work ends."""
    found = select(FeeAccount).where(col(FeeAccount.id) == fee_account_id).with_for_update()
    return (await work.session.exec(found.execution_options(populate_existing=True))).one()


async def company(work: UnitOfWork, fee_account_id: str) -> Company | None:
    """What an account says about its company."""
    return await work.session.get(Company, fee_account_id)


async def payer_of(work: UnitOfWork, workspace_id: str) -> str | None:
    """The id of the account a workspace belongs to; None for one nobody pays for."""
    found = select(WorkspacePayer.fee_account_id).where(col(WorkspacePayer.workspace_id) == workspace_id)
    return (await work.session.exec(found)).one_or_none()


async def binding(work: UnitOfWork, workspace_id: str) -> WorkspacePayer | None:
    """Who pays for a workspace and how; None for one nobody pays for."""
    return await work.session.get(WorkspacePayer, workspace_id)


async def count_change(work: UnitOfWork, workspace_id: str) -> None:
    """Let the version of the account grow that a workspace belongs to, so that its open pages follow.

    Counted in the database: a transaction that settles another workspace of it may be counting too.
    """
    payer = select(WorkspacePayer.fee_account_id).where(col(WorkspacePayer.workspace_id) == workspace_id)
    one_more = update(FeeAccount).where(col(FeeAccount.id).in_(payer)).values(version=col(FeeAccount.version) + 1)
    await work.session.exec(one_more)


async def versions(reader: Reader, fee_account_ids: Collection[str]) -> dict[str, int]:
    """The version of each account."""
    return dict(map(tuple, await reader.rows(_VERSIONS, ids=list(fee_account_ids))))


_VERSIONS = sqlalchemy.select(col(FeeAccount.id), col(FeeAccount.version)).where(
    col(FeeAccount.id).in_(bindparam("ids", expanding=True))
)


async def cloud_accounts(work: UnitOfWork, fee_account_id: str) -> Sequence[CloudAccount]:
    """The cloud accounts registered under an account, oldest first; not those that were let go."""
    found = select(CloudAccount).where(col(CloudAccount.fee_account_id) == fee_account_id, _is_registered())
    return (await work.session.exec(found.order_by(col(CloudAccount.registered_at), col(CloudAccount.id)))).all()


async def cloud_account_of(work: UnitOfWork, provider: Provider, account: str, instance: str) -> CloudAccount | None:
    """The cloud account that is registered with a provider's ids."""
    found = select(CloudAccount).where(
        _is_registered(),
        col(CloudAccount.provider) == provider,
        col(CloudAccount.account) == account,
        col(CloudAccount.instance) == instance,
    )
    return (await work.session.exec(found)).one_or_none()


async def registered(work: UnitOfWork, fee_account_id: str, cloud_account_id: str) -> CloudAccount | None:
    """One of the cloud accounts registered under an account, as it is now."""
    found = select(CloudAccount).where(
        _is_registered(),
        col(CloudAccount.id) == cloud_account_id,
        col(CloudAccount.fee_account_id) == fee_account_id,
    )
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


def _is_registered() -> ColumnElement[bool]:
    return col(CloudAccount.let_go_at).is_(None)


async def add_cloud_account(work: UnitOfWork, row: CloudAccount) -> bool:
    """Add the row; False when another account was quicker with the same ids."""
    try:
        async with work.session.begin_nested():
            work.session.add(row)
            await work.session.flush()
    except IntegrityError:
        return False
    return True


async def workspaces_by_cloud_account(work: UnitOfWork, fee_account_id: str) -> dict[str, int]:
    """How many workspaces each cloud account of a fee-centre account pays for now; dissolved ones do not count."""
    found = (
        select(col(WorkspacePayer.cloud_account_id), func.count())
        .join(Workspace, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(*_paid_by_clouds(fee_account_id))
        .group_by(col(WorkspacePayer.cloud_account_id))
    )
    return {str(cloud_account_id): number for cloud_account_id, number in (await work.session.exec(found)).all()}


async def paid_by_cloud_accounts(work: UnitOfWork, fee_account_id: str) -> dict[str, list[str]]:
    """The names of the workspaces that each cloud account of a fee-centre account pays for now, oldest binding first.

    Dissolved ones are not among them.
    """
    found = (
        select(col(WorkspacePayer.cloud_account_id), col(Workspace.name))
        .join(Workspace, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(*_paid_by_clouds(fee_account_id))
        .order_by(col(WorkspacePayer.since), col(Workspace.id))
    )
    paid: dict[str, list[str]] = {}
    for cloud_account_id, name in (await work.session.exec(found)).all():
        paid.setdefault(str(cloud_account_id), []).append(name)
    return paid


async def shown_accounts(work: UnitOfWork, payers: Sequence[WorkspacePayer]) -> dict[str, str]:
    """Which account each of these workspaces is charged to, as it is shown: a username, or a cloud account masked."""
    clouds = select(CloudAccount).where(col(CloudAccount.id).in_({one.cloud_account_id for one in payers} - {None}))
    accounts = select(FeeAccount).where(col(FeeAccount.id).in_({one.fee_account_id for one in payers}))
    shown: dict[str | None, str] = {row.id: row.shown for row in (await work.session.exec(clouds)).all()}
    shown |= {row.id: row.username for row in (await work.session.exec(accounts)).all()}
    return {one.workspace_id: shown[one.cloud_account_id or one.fee_account_id] for one in payers}


async def note_known_as(work: UnitOfWork, provider: Provider, account: str, known_as: str) -> None:
    """Keep how the holder knows an account, where a registered cloud account does not say it yet."""
    unsaid = (
        col(CloudAccount.provider) == provider,
        col(CloudAccount.account) == account,
        col(CloudAccount.known_as) == "",
    )
    await work.session.exec(update(CloudAccount).where(*unsaid).values(known_as=known_as))


def _paid_by_clouds(fee_account_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(WorkspacePayer.fee_account_id) == fee_account_id,
        col(WorkspacePayer.cloud_account_id).is_not(None),
        col(Workspace.dissolved_at).is_(None),
    )
