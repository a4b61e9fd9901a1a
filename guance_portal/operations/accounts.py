"""Fee-centre accounts as the operators find and manage them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts import rules as account_rules
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.sessions import queries as session_queries
from guance_portal.core import audit, plain
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.paging import Paging
from guance_portal.core.reasons import reason
from guance_portal.operations import queries, rules
from guance_portal.payers import queries as payers
from guance_portal.payers.rules import CloudState, SettlementMethod
from guance_portal.payers.tables import Company
from guance_portal.settlement.errors import FeeAccountUnknownError
from guance_portal.sites import Currency, Provider, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account of the list; `company` may be empty."""

    id: str
    username: str
    email: str
    company: str
    currency: Currency
    workspaces: int
    has_arbitrary_choice: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One page of the list, counted from 1."""

    lines: tuple[AccountLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceLine:
    """A workspace that the account pays for."""

    id: str
    name: str
    site: Site
    edition: Edition
    method: SettlementMethod
    since: datetime
    is_locked: bool
    dissolved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudLine:
    """A cloud account registered under the account; its id is masked."""

    provider: Provider
    account: str
    state: CloudState
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account with all that belongs to it. `sessions` counts those that live now."""

    line: AccountLine
    company: Company | None
    workspaces: tuple[WorkspaceLine, ...]
    cloud_accounts: tuple[CloudLine, ...]
    sessions: int


class AccountAdmin:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def find(self, actor: Actor, asked: str = "", page: int = 1) -> AccountPage:
        """Accounts whose username, e-mail or company holds the text, or that pay for the workspace of this id."""
        actor.require(Realm.OPERATOR)
        paging = Paging(page, rules.ACCOUNTS_A_PAGE)
        async with self._database.reporting() as work:
            rows, total = await queries.accounts(work, plain.search(asked), paging)
        lines = tuple(
            AccountLine(
                id=row.id,
                username=row.username,
                email=row.email,
                company=company or "",
                currency=row.currency,
                workspaces=count,
                has_arbitrary_choice=row.has_arbitrary_choice,
                opened_at=row.created_at,
            )
            for row, company, count in rows
        )
        return AccountPage(lines=lines, total=total, page=paging.page, pages=paging.pages(total))

    async def view(self, actor: Actor, account_id: str) -> AccountView:
        """One account; raises FeeAccountUnknownError."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            row = await payers.account(work, account_id)
            if row is None:
                raise FeeAccountUnknownError
            company = await payers.company(work, account_id)
            workspaces = await payers.workspaces_of(work, account_id)
            clouds = await payers.cloud_accounts(work, account_id)
            sessions = await session_queries.open_of(work, Realm.FEE_CENTER, account_id)
        now = self._clock.now()
        return AccountView(
            line=AccountLine(
                id=row.id,
                username=row.username,
                email=row.email,
                company=company.name if company else "",
                currency=row.currency,
                workspaces=sum(workspace.dissolved_at is None for workspace, _ in workspaces),
                has_arbitrary_choice=row.has_arbitrary_choice,
                opened_at=row.created_at,
            ),
            company=company,
            workspaces=tuple(
                WorkspaceLine(
                    id=workspace.id,
                    name=workspace.name,
                    site=sites.get(workspace.site),
                    edition=workspace.edition,
                    method=payer.method,
                    since=payer.since,
                    is_locked=workspace.locked_at is not None,
                    dissolved_at=workspace.dissolved_at,
                )
                for workspace, payer in workspaces
            ),
            cloud_accounts=tuple(
                CloudLine(
                    provider=one.provider,
                    account=one.shown,
                    state=one.state,
                    registered_at=one.registered_at,
                )
                for one in clouds
            ),
            sessions=sum(account_rules.is_live(Realm.FEE_CENTER, one, now) for one in sessions),
        )

    async def end_sessions(self, actor: Actor, account_id: str, why: str, caller: Caller) -> int:
        """Sign the account out everywhere; returns how many sessions ended. Audited with the reason.

        Raises ReasonMissingError, FeeAccountUnknownError.
        """
        actor.require(Realm.OPERATOR)
        why, now = reason(why), self._clock.now()
        async with self._database.writing() as work:
            if await payers.account(work, account_id) is None:
                raise FeeAccountUnknownError
            count = await session_queries.end_all(work, Realm.FEE_CENTER, account_id, now)
            audit.record(
                work,
                "fee_account.sessions_ended",
                ("fee_account", account_id),
                at=now,
                actor=actor,
                caller=caller,
                count=str(count),
                reason=why,
            )
            await work.commit()
        return count
