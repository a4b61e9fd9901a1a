"""Who paid for a workspace from which billing day to which, and who ordered it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from guance_portal import sites
from guance_portal.accounts.members import queries as members
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.messages import Text, text
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import CloudAccount, FeeAccount, PayerPeriod
from guance_portal.settlement import queries, standing
from guance_portal.settlement.choices import ChangeKind
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidSpan:
    """Billing days of one payer and method; `until` is the last of them, None while it goes on.

    `payer` is the username of the fee-centre account, empty for one that the viewer is not told of; then `account` is
    empty too. `kind` is None for the first span, which began when the workspace was opened or upgraded.
    """

    since: date
    until: date | None
    payer: str
    method: SettlementMethod
    account: str
    kind: ChangeKind | None
    ordered_at: datetime | None
    by: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentHistory:
    """Every span of a workspace, the latest first. A span that begins on a later day than today is one that waits."""

    workspace_name: str
    site: Site
    today: date
    spans: tuple[PaidSpan, ...]


class Histories:
    """For owner and administrators in the console, and for the account that pays now."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def of(self, actor: Actor, workspace_id: str) -> PaymentHistory:
        """The history of a workspace; raises NotAllowedError, NothingToSettleError.

        In the fee centre an account reads its own spans whole, and of others only that another account paid.
        """
        async with self._database.reading() as work:
            await standing.authorise(work, actor, workspace_id)
            here = await standing.read(work, workspace_id, self._clock.now())
            periods = await _periods(work, workspace_id)
            accounts, clouds = await _names(work, periods)
            known = {actor.subject_id} if actor.realm is Realm.FEE_CENTER else set(accounts)
            began = {change.effective_day: change for change in await queries.effective_changes(work, workspace_id)}
            spans = [
                await _span(
                    work, period, after, began.get(period.from_day), accounts=accounts, clouds=clouds, known=known
                )
                for period, after in zip(periods, [*periods[1:], None], strict=True)
            ]
        return PaymentHistory(
            workspace_name=here.workspace.name,
            site=sites.get(here.workspace.site),
            today=here.today,
            spans=tuple(reversed(spans)),
        )


async def _periods(work: UnitOfWork, workspace_id: str) -> Sequence[PayerPeriod]:
    found = select(PayerPeriod).where(col(PayerPeriod.workspace_id) == workspace_id)
    return (await work.session.exec(found.order_by(col(PayerPeriod.from_day)))).all()


async def _names(
    work: UnitOfWork, periods: Sequence[PayerPeriod]
) -> tuple[Mapping[str, str], Mapping[str | None, str]]:
    """The usernames of the accounts, and the cloud accounts as they are shown."""
    accounts = select(FeeAccount).where(col(FeeAccount.id).in_({one.fee_account_id for one in periods}))
    clouds = select(CloudAccount).where(col(CloudAccount.id).in_({one.cloud_account_id for one in periods} - {None}))
    return (
        {row.id: row.username for row in (await work.session.exec(accounts)).all()},
        {row.id: row.shown for row in (await work.session.exec(clouds)).all()},
    )


async def _span(
    work: UnitOfWork,
    period: PayerPeriod,
    after: PayerPeriod | None,
    change: SettlementChange | None,
    *,
    accounts: Mapping[str, str],
    clouds: Mapping[str | None, str],
    known: set[str],
) -> PaidSpan:
    payer = accounts[period.fee_account_id] if period.fee_account_id in known else ""
    return PaidSpan(
        since=period.from_day,
        until=after.from_day - timedelta(days=1) if after else None,
        payer=payer,
        method=period.method,
        account=clouds.get(period.cloud_account_id, payer) if payer else "",
        kind=change.kind if change else None,
        ordered_at=change.ordered_at if change else None,
        by=await _by(work, change, accounts, known) if change else Text(),
    )


async def _by(work: UnitOfWork, change: SettlementChange, accounts: Mapping[str, str], known: set[str]) -> Text:
    """Who ordered a change, as far as the viewer is told."""
    realm, _, subject = change.ordered_by.partition(":")
    if realm == Realm.FEE_CENTER:
        is_known = subject in known
        return text("settlement.by_payer", username=accounts.get(subject, "")) if is_known else _OTHER
    user = await members.user(work, subject) if realm == Realm.CONSOLE else None
    if user:
        return text("settlement.by_member", username=user.username, email=user.email)
    return text("settlement.by_marketplace")


_OTHER = text("payer_change.other_account")
