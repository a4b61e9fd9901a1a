"""Bills are paid, one or thousands in a handful of statements, and corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import OtherContentError
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import Posted, TransactionDraft
from guance_portal.wallet import entry_rules, plan_text, queries
from guance_portal.wallet.acts.common import book, content, held, link
from guance_portal.wallet.acts.planning import Planner
from guance_portal.wallet.debt.following import follow
from guance_portal.wallet.errors import BillUnknownError
from guance_portal.wallet.return_rules import Paid, give_back, landing
from guance_portal.wallet.rules import Bill, BillPlan, Means
from guance_portal.wallet.tables import WalletPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A bill of a payer under its reference, such as `bill:<workspace>:<day>`."""

    payer: int
    reference: str
    bill: Bill

    @property
    def key(self) -> tuple[int, str]:
        """What it is found by."""
        return self.payer, self.reference

    @property
    def content(self) -> str:
        """What is asked for."""
        bill = self.bill
        lines = [[line.item, line.minor] for line in bill.lines]
        return content(
            workspace=bill.workspace,
            currency=bill.currency,
            begins=bill.begins,
            ends=bill.ends,
            lines=lines,
            listing=bill.listing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BillOutcome:
    """What became of a bill: its plan, and its transaction unless it is one of nothing.

    `plan` is None for a bill that waits (待扣款), because the books of its payer are stopped. `had` is what the payer had
    before it was paid; None for a bill that waits or was paid before.
    """

    due: Due
    plan: BillPlan | None
    posted: Posted | None
    had: Means | None = None


async def pay(work: UnitOfWork, bills: Sequence[Due], *, now: datetime) -> list[BillOutcome]:
    """Pay bills in the order in which they stand; that is for the caller to decide, and changes what each is paid by.

    One that was paid before is answered with its first plan. A debt that they leave begins `now`, however old the bills
    are. Raises OtherContentError.
    """
    books = await Books.hold(work, {due.payer for due in bills})
    asked = _distinct(bills)
    plans = await _earlier(work, asked)
    posted = await books.find_all({key: asked[key].content for key in plans})
    planner = await Planner.open(work, books, bills)
    drafts: list[TransactionDraft] = []
    rows: list[WalletPlan] = []
    had: dict[tuple[int, str], Means] = {}
    for due in asked.values():
        if due.key not in plans and not books.stopped(due.payer):
            had[due.key] = planner.means(due)
            plans[due.key], legs = planner.plan(due)
            rows.append(_row(due, plans[due.key]))
            if legs:
                drafts.append(
                    TransactionDraft.of(link(due.payer, due.reference, "bill", due.bill.ends, legs), due.content)
                )
    fresh = await books.post(drafts)
    posted |= {(one.payer, one.reference): one for one in fresh}
    work.session.add_all(rows)
    await work.session.flush()
    await follow(work, fresh, now)
    return [
        BillOutcome(due=due, plan=plans.get(due.key), posted=posted.get(due.key), had=had.get(due.key)) for due in bills
    ]


async def correct(work: UnitOfWork, payer: int, reference: str, *, number: int, amount: int, at: datetime) -> Posted:
    """A part of a bill goes back to those who paid it, the last one first, as the bill's `number`th correction.

    Raises BillUnknownError, ReturnTooHighError, and OtherContentError where that number was another.
    """
    books = await Books.hold(work, {payer})
    name, asked = f"correct:{reference}:{number}", content(amount=amount)
    if earlier := await books.find(payer, name, asked):
        return earlier
    row = await queries.plan(work, payer, reference)
    if row is None or number != row.corrections + 1:
        raise BillUnknownError
    payments = plan_text.read(row.plan, row.currency).payments
    returned = row.returned or [0] * len(payments)
    back = give_back(
        [Paid(payment.account, payment.minor, gone) for payment, gone in zip(payments, returned, strict=True)], amount
    )
    [debt] = await held(books, payer, row.currency, Kind.RECEIVABLE)
    ended = frozenset(purse.account for _, purse in await queries.purses(work, {payer}) if purse.valid_until <= at)
    legs = entry_rules.correction(landing(back, debt), ended, row.currency)
    posted = await book(books, link(payer, name, "correction", at, legs), asked)
    parts = {one.place: one.minor for one in back}
    row.returned = [gone + parts.get(place, 0) for place, gone in enumerate(returned)]
    row.corrections = number
    work.session.add(row)
    await follow(work, [posted], at)
    return posted


def _distinct(bills: Sequence[Due]) -> dict[tuple[int, str], Due]:
    """Each bill once; raises OtherContentError where two of one reference differ."""
    asked: dict[tuple[int, str], Due] = {}
    for due in bills:
        if asked.setdefault(due.key, due) != due:
            raise OtherContentError
    return asked


async def _earlier(work: UnitOfWork, asked: Mapping[tuple[int, str], Due]) -> dict[tuple[int, str], BillPlan]:
    """The plans of those that were paid before; raises OtherContentError where such a bill was another."""
    found: dict[tuple[int, str], BillPlan] = {}
    for row in await queries.plans(work, {payer for payer, _ in asked}, {reference for _, reference in asked}):
        if due := asked.get((row.payer, row.reference)):
            if row.content != TransactionDraft.digested(due.content):
                raise OtherContentError
            found[due.key] = plan_text.read(row.plan, row.currency)
    return found


def _row(due: Due, made: BillPlan) -> WalletPlan:
    return WalletPlan(
        payer=due.payer,
        reference=due.reference,
        at=due.bill.ends,
        currency=due.bill.currency,
        content=TransactionDraft.digested(due.content),
        plan=plan_text.kept(made),
        returned=[0] * len(made.payments),
    )
