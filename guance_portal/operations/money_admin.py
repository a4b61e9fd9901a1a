"""What operators see of the money that they move: their own acts, batches of codes, and what an account has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from guance_portal.approvals import orders
from guance_portal.approvals import queries as approvals
from guance_portal.approvals.effects import Effect
from guance_portal.approvals.effects import read as read_effect
from guance_portal.approvals.errors import AccountUnknownError, RequestUnknownError
from guance_portal.approvals.orders import Order
from guance_portal.approvals.rules import State
from guance_portal.approvals.service import Approvals, PresentEffect
from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.operations import money_queries, queries, rules
from guance_portal.payers import queries as payers
from guance_portal.payments.exceptions import ExceptionAdmin, Matter
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.cash_rules import Recharge, refundable
from guance_portal.wallet.rules import Purse

DECIDED = tuple(state for state in State if state is not State.ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """An act of an operator, done or asked for; `account` is the username of whom it is about, empty for the house."""

    id: str
    kind: str
    order: Order
    account_id: str
    account: str
    minor: int
    currency: str
    reason: str
    asked_by: str
    asked_by_id: str
    asked_at: datetime
    expires_at: datetime
    state: State
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    effect: Effect
    posted: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """One page of decided acts, counted from 1."""

    lines: tuple[ActLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request with what it would do now; None once it waits no more."""

    line: ActLine
    company: str
    today: PresentEffect | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch of codes; `is_sealed` while its codes were not taken yet."""

    id: str
    name: str
    currency: Currency
    minor: int
    count: int
    used: int
    voided: int
    valid_until: datetime
    is_sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeLine:
    """A recharge, and how much of it can be paid back."""

    way: Kind
    trade: str
    minor: int
    left: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundableBill:
    """A bill, and how much of it has gone back already."""

    reference: str
    minor: int
    returned: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMoney:
    """What an account has that an operator can act on."""

    id: str
    username: str
    company: str
    currency: Currency
    vouchers: tuple[Purse, ...]
    recharges: tuple[RechargeLine, ...]
    bills: tuple[RefundableBill, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """Something of 异常处理: `account` is the username of whose order it was, `request` the id of what was asked for."""

    matter: Matter
    account_id: str
    account: str
    request: str


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How many requests wait for a second operator, and how many entries of 异常处理 for anybody."""

    approvals: int
    matters: int


class MoneyAdmin:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, service: Approvals, exceptions: ExceptionAdmin) -> None:
        self._database, self._service, self._exceptions = database, service, exceptions

    async def matters(self, actor: Actor) -> tuple[MatterLine, ...]:
        """Everything of 异常处理 that waits, with the request that was made because of it, if any."""
        found = await self._exceptions.waiting(actor)
        async with self._database.reporting() as work:
            accounts = await money_queries.accounts_of(work, [one.payer for one in found if one.payer])
            names = await queries.names(work, set(accounts.values()))
            asked = {
                (order.way, order.trade): row.id
                for row in await approvals.waiting(work)
                if isinstance(order := orders.read(row.order), orders.ClaimOrder | orders.SendBack)
            }
        return tuple(
            MatterLine(
                matter=one,
                account_id=(account := accounts.get(one.payer or 0, "")),
                account=names.get(account, ""),
                request=asked.get((one.way, one.trade), ""),
            )
            for one in found
        )

    async def acts(self, actor: Actor, kinds: Collection[str]) -> tuple[ActLine, ...]:
        """The newest acts of some kinds."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            return await _lines(work, await approvals.of_kinds(work, kinds, rules.ACTS_A_LIST))

    async def waiting(self, actor: Actor) -> tuple[ActLine, ...]:
        """What waits for a second operator, the oldest first."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            return await _lines(work, await approvals.waiting(work))

    async def waiting_counts(self, actor: Actor) -> WaitingCounts:
        """How much waits, for the navigation."""
        actor.require(Realm.OPERATOR)
        matters = await self._exceptions.waiting(actor)
        async with self._database.reporting() as work:
            return WaitingCounts(await approvals.count_waiting(work), len(matters))

    async def decided(self, actor: Actor, page: int = 1) -> ActPage:
        """What was done, refused or ended, the newest first."""
        actor.require(Realm.OPERATOR)
        paging = Paging(page, rules.ACTS_A_PAGE)
        async with self._database.reporting() as work:
            rows, total = await approvals.done(work, DECIDED, paging)
            lines = await _lines(work, rows)
        return ActPage(lines=lines, total=total, page=paging.page, pages=paging.pages(total))

    async def view(self, actor: Actor, request_id: str) -> RequestView:
        """One request; raises RequestUnknownError."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            row = await approvals.request(work, request_id, lock=False)
            if row is None:
                raise RequestUnknownError
            [line] = await _lines(work, [row])
            company = await payers.company(work, line.account_id) if line.account_id else None
        today = await self._service.today(actor, request_id) if line.state is State.ASKED else None
        return RequestView(line=line, company=company.name if company else "", today=today)

    async def batches(self, actor: Actor) -> tuple[BatchLine, ...]:
        """The newest batches of codes."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            found = await money_queries.batches(work, rules.ACTS_A_LIST)
        return tuple(
            BatchLine(
                id=row.id,
                name=row.name,
                currency=row.currency,
                minor=row.minor,
                count=row.count,
                used=used,
                voided=voided,
                valid_until=row.valid_until,
                is_sealed=bool(row.sealed),
            )
            for row, used, voided in found
        )

    async def account(self, actor: Actor, username: str) -> AccountMoney:
        """What an account has; raises AccountUnknownError."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            found = await payers.account_by_username(work, username)
            account = await payers.account(work, found) if found else None
            if account is None:
                raise AccountUnknownError(field="account")
            company = await payers.company(work, account.id)
            payer = await ledger.payer_of(work, account.id)
            return AccountMoney(
                id=account.id,
                username=account.username,
                company=company.name if company else "",
                currency=account.currency,
                vouchers=await _vouchers(work, payer) if payer else (),
                recharges=await _recharges(work, payer) if payer else (),
                bills=await _bills(work, payer) if payer else (),
            )


async def _vouchers(work: UnitOfWork, payer: int) -> tuple[Purse, ...]:
    found = [purse for _, purse in await wallet.purses(work, {payer})]
    return tuple(purse for purse in found if purse.kind is not Kind.CARD and purse.rest)


async def _recharges(work: UnitOfWork, payer: int) -> tuple[RechargeLine, ...]:
    rows = await wallet.recharges(work, payer)
    cash = -await money_queries.balance(work, payer, Kind.CASH)
    booked = [Recharge(row.cash, row.returned) for row in rows]
    return tuple(
        RechargeLine(
            way=row.way,
            trade=row.trade,
            minor=row.minor,
            left=refundable(booked, place, cash),
            at=row.at,
        )
        for place, row in reversed(list(enumerate(rows)))
    )


async def _bills(work: UnitOfWork, payer: int) -> tuple[RefundableBill, ...]:
    return tuple(
        RefundableBill(
            reference=row.reference,
            minor=sum(one["minor"] for one in row.plan["payments"]),
            returned=sum(row.returned),
            at=row.at,
        )
        for row in await money_queries.bills(work, payer, rules.ACTS_A_LIST)
    )


async def _lines(work: UnitOfWork, rows: Collection[ApprovalRequest]) -> tuple[ActLine, ...]:
    ids = {one for row in rows for one in (row.asked_by, row.decided_by, row.fee_account_id) if one}
    names = await queries.names(work, ids)
    return tuple(_line(row, names) for row in rows)


def _line(row: ApprovalRequest, names: dict[str, str]) -> ActLine:
    is_posted = row.posted_payer is not None and row.posted_number is not None
    return ActLine(
        id=row.id,
        kind=row.kind,
        order=orders.read(row.order),
        account_id=row.fee_account_id,
        account=names.get(row.fee_account_id, ""),
        minor=row.minor,
        currency=row.currency,
        reason=row.reason,
        asked_by=names.get(row.asked_by, row.asked_by),
        asked_by_id=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        state=row.state,
        decided_by=names.get(row.decided_by, row.decided_by),
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        effect=read_effect(row.dry_run),
        posted=(row.posted_payer or 0, row.posted_number or 0) if is_posted else None,
    )
