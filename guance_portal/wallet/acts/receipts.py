"""Money that comes in: credited to a payer, or kept in suspense until it is claimed or sent back; taken back by its provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import HOUSE, Posted
from guance_portal.wallet import entry_rules, queries
from guance_portal.wallet.acts.common import book, content, held, link, require_currency
from guance_portal.wallet.cash_rules import reverse, split
from guance_portal.wallet.debt.following import follow
from guance_portal.wallet.errors import OtherCurrencyError, ReceiptTakenError, RefundOpenError
from guance_portal.wallet.tables import Receipt, ReceiptState

WAYS = (Kind.ALIPAY, Kind.WECHAT, Kind.BANK)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMoney:
    """Money that a provider says came in: by which way, under which of its numbers, how much, and when it was paid."""

    way: Kind
    trade: str
    minor: int
    currency: Currency
    at: datetime

    def __post_init__(self) -> None:
        if self.way not in WAYS or self.minor <= 0:
            raise ValueError(f"{self.minor} by {self.way} is no money that comes in")

    @property
    def content(self) -> str:
        """What was told."""
        return content(way=self.way, trade=self.trade, minor=self.minor, currency=self.currency)


async def credit(work: UnitOfWork, payer: int, money: IncomingMoney, *, now: datetime) -> Posted:
    """A recharge, booked as of the time of its payment: the debt is paid first, the rest is cash.

    Raises OtherContentError when the number came before with another amount, ReceiptTakenError when it is somebody else's.
    """
    await require_currency(work, payer, money.currency)
    books = await Books.hold(work, {payer})
    reference = f"pay:{money.way}:{money.trade}"
    if earlier := await books.find(payer, reference, money.content):
        return earlier
    await _require_new(work, money)
    [debt] = await held(books, payer, money.currency, Kind.RECEIVABLE)
    parts = split(money.minor, debt)
    posted = await book(
        books,
        link(payer, reference, "recharge", money.at, entry_rules.recharge(money.way, parts, money.currency)),
        money.content,
    )
    await _save(
        work,
        Receipt(
            **_told(money),
            state=ReceiptState.CREDITED,
            payer=payer,
            credited_at=money.at,
            debt=parts.debt,
            cash=parts.cash,
        ),
    )
    await follow(work, [posted], now)
    return posted


async def suspend(work: UnitOfWork, money: IncomingMoney) -> Posted:
    """Money whose owner is unknown, or that cannot be credited, is kept in suspense; raises as `credit`."""
    books = await Books.hold(work, {HOUSE})
    reference = f"transfer:{money.trade}" if money.way is Kind.BANK else f"suspend:{money.way}:{money.trade}"
    if earlier := await books.find(HOUSE, reference, money.content):
        return earlier
    await _require_new(work, money)
    legs = entry_rules.suspended(money.way, money.minor, money.currency)
    posted = await book(books, link(HOUSE, reference, "transfer", money.at, legs), money.content)
    await _save(work, Receipt(**_told(money), state=ReceiptState.SUSPENDED))
    return posted


async def claim(work: UnitOfWork, payer: int, way: Kind, trade: str, at: datetime) -> Posted:
    """Money in suspense is a payer's: it pays debt, the rest is cash. Raises ReceiptTakenError, OtherCurrencyError."""
    books = await Books.hold(work, {payer})
    reference = f"claim:{trade}" if way is Kind.BANK else f"claim:{way}:{trade}"
    if earlier := await books.find(payer, reference, ""):
        return earlier
    row = await _suspended(work, way, trade)
    if row.currency is not await queries.currency_of(work, payer):
        raise OtherCurrencyError
    [debt] = await held(books, payer, row.currency, Kind.RECEIVABLE)
    parts = split(row.minor, debt)
    posted = await book(books, link(payer, reference, "claim", at, entry_rules.claimed(parts, row.currency)), "")
    row.state, row.payer, row.credited_at = ReceiptState.CREDITED, payer, at
    row.debt, row.cash = parts.debt, parts.cash
    work.session.add(row)
    await follow(work, [posted], at)
    return posted


async def send_back(work: UnitOfWork, way: Kind, trade: str, at: datetime) -> Posted:
    """Money in suspense goes back where it came from; raises ReceiptTakenError."""
    books = await Books.hold(work, {HOUSE})
    reference = f"back:{way}:{trade}"
    if earlier := await books.find(HOUSE, reference, ""):
        return earlier
    row = await _suspended(work, way, trade)
    legs = entry_rules.sent_back(way, row.minor, row.currency)
    posted = await book(books, link(HOUSE, reference, "sent_back", at, legs), "")
    row.state = ReceiptState.SENT_BACK
    work.session.add(row)
    return posted


async def take_back(work: UnitOfWork, payer: int, way: Kind, trade: str, at: datetime) -> Posted:
    """The provider reverses a recharge: what was not paid back of it leaves; what is spent becomes debt.

    Raises ReceiptTakenError, and RefundOpenError while a refund of it waits.
    """
    books = await Books.hold(work, {payer})
    reference = f"reverse:{way}:{trade}"
    if earlier := await books.find(payer, reference, ""):
        return earlier
    row = await queries.receipt(work, way, trade)
    if row is None or row.payer != payer or row.state is not ReceiptState.CREDITED or row.returned == row.minor:
        raise ReceiptTakenError
    if await queries.has_open_refund(work, way, trade):
        raise RefundOpenError
    [cash] = await held(books, payer, row.currency, Kind.CASH)
    legs = entry_rules.reversal(way, reverse(row.minor - row.returned, cash), row.currency)
    posted = await book(books, link(payer, reference, "reversal", at, legs), "")
    row.state = ReceiptState.REVERSED
    work.session.add(row)
    await follow(work, [posted], at)
    return posted


def _told(money: IncomingMoney) -> dict[str, Any]:
    return {"way": money.way, "trade": money.trade, "currency": money.currency, "minor": money.minor, "at": money.at}


async def _require_new(work: UnitOfWork, money: IncomingMoney) -> None:
    """Go on only with a number of the provider that never came before, for any payer."""
    if await queries.receipt(work, money.way, money.trade):
        raise ReceiptTakenError


async def _save(work: UnitOfWork, row: Receipt) -> None:
    """Keep the number; raises ReceiptTakenError where somebody else has kept it meanwhile, and all is undone."""
    work.session.add(row)
    try:
        await work.session.flush()
    except IntegrityError:
        raise ReceiptTakenError from None


async def _suspended(work: UnitOfWork, way: Kind, trade: str) -> Receipt:
    row = await queries.receipt(work, way, trade)
    if row is None or row.state is not ReceiptState.SUSPENDED:
        raise ReceiptTakenError
    return row
