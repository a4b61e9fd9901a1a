"""扣款过程: what paid a bill, one after the other, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from guance_portal import sites
from guance_portal.billing.bills.views import BillDetail
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.state.bills.rows import LOOKS
from guance_portal.state.fee_center.amounts import amount, at, last_day
from guance_portal.wallet.rules import PURSES, WITHOUT_VOUCHERS, PlannedPayment, Purse, UnpaidReason, Unused

_FOLDED = (UnpaidReason.EMPTY, UnpaidReason.EXPIRED)
"""Of these only those that ended with the day are told of by name."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What one purse did, or why it did nothing."""

    number: str
    text: Text


@dataclass(frozen=True, slots=True)
class StepRow:
    """One kind of purse: its bar begins where the one above ended (`start`, `width`: per cent of the bill)."""

    look: str
    name: Text
    amount: str
    is_nothing: bool
    rest: str
    start: str
    width: str
    notes: list[NoteRow]


def steps(seen: BillDetail) -> list[StepRow]:
    """The steps in the order of deduction; nothing for a bill that is not paid, or owes the payer."""
    bill = seen.bill
    if seen.plan is None or bill.minor <= 0:
        return []
    paid: dict[Kind, list[PlannedPayment]] = {}
    for payment in seen.plan.payments:
        paid.setdefault(payment.account.kind, []).append(payment)
    gone, rows = 0, list[StepRow]()
    for kind in _shown(seen, paid):
        minor = sum(payment.minor for payment in paid.get(kind, ()))
        gone += minor
        rows.append(
            StepRow(
                look=LOOKS[kind],
                name=text(f"bills.kind_{kind}"),
                amount=amount(-minor, bill.currency) if minor else amount(0, bill.currency),
                is_nothing=not minor,
                rest=amount(bill.minor - gone, bill.currency),
                start=f"{(gone - minor) * 100 / bill.minor:.3f}%",
                width=f"{minor * 100 / bill.minor:.3f}%",
                notes=_notes(seen, kind, paid.get(kind, ())),
            )
        )
    return rows


def without_vouchers(seen: BillDetail) -> int:
    """Cents of the bill that take no voucher."""
    return sum(max(line.minor, 0) for line in seen.lines if line.item in WITHOUT_VOUCHERS)


def _shown(seen: BillDetail, paid: dict[Kind, list[PlannedPayment]]) -> list[Kind]:
    """Credit only where it paid; the cloud in place of cash and debt where it collects."""
    last = [Kind.CLOUD_RECEIVABLE] if seen.bill.listing else [Kind.CASH, Kind.RECEIVABLE]
    return [*([Kind.CREDIT] if Kind.CREDIT in paid else []), *PURSES, *last]


def _notes(seen: BillDetail, kind: Kind, paid: Iterable[PlannedPayment]) -> list[NoteRow]:
    currency = seen.bill.currency
    if kind is Kind.CASH:
        return [NoteRow("", text("bills.had_cash", amount=amount(seen.had.cash, currency)))] if seen.had else []
    if kind is Kind.RECEIVABLE:
        return [NoteRow("", text("bills.debt_made" if list(paid) else "bills.no_debt"))]
    if kind is Kind.CLOUD_RECEIVABLE:
        return [NoteRow("", text("bills.by_cloud", cloud=seen.cloud))]
    if kind not in PURSES or seen.had is None or seen.plan is None:
        return []
    purses = {purse.number: purse for purse in seen.had.purses if purse.kind is kind}
    used = [_used(purses[int(payment.account.key)], payment, currency) for payment in paid]
    unused = [one for one in seen.plan.unused if one.purse in purses]
    named = [one for one in unused if not _is_folded(one, purses[one.purse])]
    notes = [*used, *(_unused(one, purses[one.purse], sites.get(seen.bill.site).zone) for one in named)]
    if folded := len(unused) - len(named):
        notes.append(NoteRow("", text("bills.folded", count=folded)))
    return notes


def _is_folded(one: Unused, purse: Purse) -> bool:
    return one.reason in _FOLDED and not purse.rest


def _used(purse: Purse, payment: PlannedPayment, currency: Currency) -> NoteRow:
    rest = purse.rest - payment.minor
    said = "bills.used_up" if not rest else "bills.used_kept" if payment.kept_for else "bills.used"
    reason = text(f"wallet.reason.{payment.kept_for}") if payment.kept_for else Text()
    params = {"amount": amount(payment.minor, currency), "rest": amount(rest, currency), "reason": reason}
    return NoteRow(f"#{purse.number}", text(said, **params))


def _unused(one: Unused, purse: Purse, zone: tzinfo) -> NoteRow:
    if one.reason is UnpaidReason.EXPIRED and one.since:
        return NoteRow(f"#{purse.number}", text("bills.expired_on", day=last_day(one.since, zone)))
    if one.reason is UnpaidReason.NOT_YET and one.since:
        return NoteRow(f"#{purse.number}", text("bills.not_yet_until", at=at(one.since, zone)))
    return NoteRow(f"#{purse.number}", text("bills.skipped", reason=text(f"wallet.reason.{one.reason}")))
