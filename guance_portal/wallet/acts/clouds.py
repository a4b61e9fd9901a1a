"""What a marketplace was to collect is accepted by it, or paid by the account after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import Posted, TransactionDraft
from guance_portal.wallet import entry_rules, plan_text, queries
from guance_portal.wallet.acts.common import book, content, link
from guance_portal.wallet.acts.planning import Planner
from guance_portal.wallet.debt.following import follow
from guance_portal.wallet.rules import Bill, BillPlan, PlannedPayment, Unused
from guance_portal.wallet.tables import WalletPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudDue:
    """What a marketplace listing is to collect of a payer, under the name of its record."""

    payer: int
    record: str
    listing: str
    currency: Currency
    minor: int

    @property
    def content(self) -> str:
        """What is asked for."""
        return content(record=self.record, listing=self.listing, minor=self.minor)


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of one bill."""

    payer: int
    bill: Bill


async def accept(work: UnitOfWork, due: CloudDue, at: datetime) -> Posted:
    """The marketplace has it. Raises BooksStoppedError, OtherContentError."""
    books = await Books.hold(work, {due.payer})
    legs = entry_rules.accepted(due.listing, due.minor, due.currency)
    return await book(books, link(due.payer, f"cloud:{due.record}", "cloud", at, legs), due.content)


async def give_back(work: UnitOfWork, due: CloudDue, bills: Sequence[Bill], at: datetime) -> tuple[Posted, BillPlan]:
    """The marketplace does not collect it: credit, purses that were valid at the end of that day, cash and debt pay.

    `bills` are the parts of the bills that the record stands for, in the order in which they were paid, without a listing:
    so cards that are kept from clouds pay as well. Raises BooksStoppedError, OtherContentError.
    """
    books, reference = await Books.hold(work, {due.payer}), f"refused:{due.record}"
    if (earlier := await books.find(due.payer, reference, due.content)) and (
        row := await queries.plan(work, due.payer, reference)
    ):
        return earlier, plan_text.read(row.plan, row.currency)
    parts = [_Part(due.payer, bill) for bill in bills]
    planner = await Planner.open(work, books, parts)
    made = _together([(len(part.bill.lines), planner.plan(part)[0]) for part in parts])
    legs = entry_rules.returned(made.payments, due.listing, due.currency)
    posted = await book(books, link(due.payer, reference, "refused", at, legs), due.content)
    row = WalletPlan(
        payer=due.payer,
        reference=reference,
        at=at,
        currency=due.currency,
        content=TransactionDraft.digested(due.content),
        plan=plan_text.kept(made),
        returned=[0] * len(made.payments),
    )
    work.session.add(row)
    await work.session.flush()
    await follow(work, [posted], at)
    return posted, made


def _together(plans: Sequence[tuple[int, BillPlan]]) -> BillPlan:
    """One plan of several bills, each with its number of lines; a purse that pays one of them is not named as unused."""
    payments: list[PlannedPayment] = []
    unused: dict[int, Unused] = {}
    before = 0
    for lines, made in plans:
        payments += [
            replace(one, lines=tuple((before + place, minor) for place, minor in one.lines)) for one in made.payments
        ]
        unused |= {one.purse: one for one in made.unused}
        before += lines
    paying = {one.account.key for one in payments}
    return BillPlan(
        payments=tuple(payments), unused=tuple(one for one in unused.values() if str(one.purse) not in paying)
    )
