"""Refunds of a recharge to where it came from: asked for, then done or refused by a second operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Money
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import Posted
from guance_portal.wallet import entry_rules, queries
from guance_portal.wallet.acts.common import book, content, held, link
from guance_portal.wallet.cash_rules import Recharge, RefundTooHighError, refundable, settle
from guance_portal.wallet.errors import ReceiptTakenError, RefundDecidedError
from guance_portal.wallet.tables import Receipt, Refund, RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """The `number`th refund of a recharge of a payer."""

    payer: int
    way: Kind
    trade: str
    number: int

    @property
    def reference(self) -> str:
        """What the transaction that asks for it is named."""
        return f"refund:{self.way}:{self.trade}:{self.number}"


async def ask(work: UnitOfWork, which: Which, minor: int, at: datetime) -> Posted:
    """Cash is set aside; raises ReceiptTakenError, and RefundTooHighError where less is left of the recharge."""
    books = await Books.hold(work, {which.payer})
    asked = content(minor=minor)
    if earlier := await books.find(which.payer, which.reference, asked):
        return earlier
    rows = await queries.recharges(work, which.payer)
    place = next((n for n, row in enumerate(rows) if (row.way, row.trade) == (which.way, which.trade)), None)
    if place is None:
        raise ReceiptTakenError
    row = rows[place]
    [cash] = await held(books, which.payer, row.currency, Kind.CASH)
    left = refundable([Recharge(one.cash, one.returned) for one in rows], place, cash)
    if not 0 < minor <= left:
        raise RefundTooHighError(field="amount", left=str(Money(left, row.currency)))
    legs = entry_rules.refund_asked(minor, row.currency)
    posted = await book(books, link(which.payer, which.reference, "refund_asked", at, legs), asked)
    row.returned += minor
    work.session.add(row)
    work.session.add(
        Refund(
            way=which.way,
            trade=which.trade,
            number=which.number,
            payer=which.payer,
            minor=minor,
            state=RefundState.ASKED,
            asked_at=at,
        )
    )
    await work.session.flush()
    return posted


async def done(work: UnitOfWork, which: Which, paid: int, at: datetime) -> Posted:
    """What was set aside was paid out, or so much of it; the rest is cash again. Raises RefundDecidedError, NotOnHoldError."""
    books = await Books.hold(work, {which.payer})
    reference, asked = f"{which.reference}:done", content(paid=paid)
    if earlier := await books.find(which.payer, reference, asked):
        return earlier
    refund, row = await _asked(work, which)
    freed = settle(refund.minor, paid).cash
    legs = entry_rules.refund_done(which.way, paid, freed, row.currency)
    posted = await book(books, link(which.payer, reference, "refund_done", at, legs), asked)
    _decide(work, refund, row, RefundState.DONE, freed)
    return posted


async def refuse(work: UnitOfWork, which: Which, at: datetime) -> Posted:
    """What was set aside is cash again; raises RefundDecidedError."""
    books = await Books.hold(work, {which.payer})
    reference = f"{which.reference}:refused"
    if earlier := await books.find(which.payer, reference, ""):
        return earlier
    refund, row = await _asked(work, which)
    legs = entry_rules.refund_refused(refund.minor, row.currency)
    posted = await book(books, link(which.payer, reference, "refund_refused", at, legs), "")
    _decide(work, refund, row, RefundState.REFUSED, refund.minor)
    return posted


async def _asked(work: UnitOfWork, which: Which) -> tuple[Refund, Receipt]:
    refund = await queries.refund(work, which.way, which.trade, which.number)
    row = await queries.receipt(work, which.way, which.trade)
    if refund is None or row is None or refund.payer != which.payer or refund.state is not RefundState.ASKED:
        raise RefundDecidedError
    return refund, row


def _decide(work: UnitOfWork, refund: Refund, row: Receipt, state: RefundState, freed: int) -> None:
    refund.state = state
    row.returned -= freed
    work.session.add(refund)
    work.session.add(row)
