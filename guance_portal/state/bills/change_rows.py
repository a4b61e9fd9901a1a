"""The parts of 为什么变了 made ready to show: causes, items, what paid, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guance_portal.billing.bills.change_rules import Cause, ItemChange
from guance_portal.billing.bills.changes import ChangeDetail
from guance_portal.billing.exports.changes import cause_name
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.state.bills.rows import LOOKS
from guance_portal.state.fee_center.amounts import amount


@dataclass(frozen=True, slots=True)
class CausePart:
    """What one cause adds; `tone` is more, less or none."""

    name: Text
    amount: str
    tone: str


@dataclass(frozen=True, slots=True)
class ItemChangeRow:
    """An item in both periods. `start` and `width` place its bar, in per cent of the column; `why` says its causes in words."""

    item: str
    name: Text
    before_quotient: Text
    after_quotient: Text
    before: str
    after: str
    difference: str
    tone: str
    start: str
    width: str
    why: Text


@dataclass(frozen=True, slots=True)
class PurseChangeRow:
    """What a kind of purse paid of both periods."""

    look: str
    name: Text
    before: str
    after: str
    difference: str


def signed(minor: int, currency: Currency) -> str:
    """A difference with its sign: +¥1.86, −¥0.10, ¥0.00."""
    return f"+{amount(minor, currency)}" if minor > 0 else amount(minor, currency)


def _tone(minor: int) -> str:
    return "more" if minor > 0 else "less" if minor < 0 else "none"


def cause_parts(parts: Mapping[Cause, int], seen: ChangeDetail) -> list[CausePart]:
    """Every cause, also those that changed nothing."""
    return [
        CausePart(cause_name(cause, is_month=seen.is_month), signed(parts[cause], seen.currency), _tone(parts[cause]))
        for cause in Cause
    ]


def item_row(one: ItemChange, seen: ChangeDetail, largest: int) -> ItemChangeRow:
    """An item; `largest` is the largest difference of any, in cents."""
    currency, width = seen.currency, abs(one.minor) * 50 / largest if largest else 0
    said = [
        Text(zh=f"{name.zh} {said}", en=f"{name.en} {said}")
        for name, said in (
            (cause_name(cause, is_month=seen.is_month), signed(minor, currency))
            for cause, minor in one.parts.items()
            if minor
        )
    ]
    return ItemChangeRow(
        item=one.item,
        name=text(one.item.message_key),
        before_quotient=_quotient(one.quotients[0], one.late[0]),
        after_quotient=_quotient(one.quotients[1], one.late[1]),
        before=amount(one.minors[0], currency),
        after=amount(one.minors[1], currency),
        difference=signed(one.minor, currency),
        tone=_tone(one.minor),
        start=f"{50 - width if one.minor < 0 else 50:.3f}%",
        width=f"{width:.3f}%",
        why=Text(zh=" · ".join(part.zh for part in said), en=" · ".join(part.en for part in said)),
    )


def _quotient(own: int, late: int) -> Text:
    if not late:
        return Text(zh=_hundredths(own), en=_hundredths(own))
    sign = "+" if late > 0 else "−"
    return text("bill_change.with_late", own=_hundredths(own), sign=sign, late=_hundredths(abs(late)))


def _hundredths(quotient: int) -> str:
    return f"{quotient // 100:,}.{quotient % 100:02}"


def purse_rows(seen: ChangeDetail) -> list[PurseChangeRow]:
    """What paid, in the order of deduction, and what is not paid yet; the sum is that of the bills."""
    before, after = seen.before, seen.after
    paid = [
        _purse(look, text(f"bills.kind_{kind}"), before.paid.get(kind, 0), after.paid.get(kind, 0), seen.currency)
        for kind, look in LOOKS.items()
        if kind not in {Kind.CREDIT, Kind.CLOUD_RECEIVABLE} or before.paid.get(kind) or after.paid.get(kind)
    ]
    if before.waiting or after.waiting:
        paid.append(_purse("", text("bills.waiting"), before.waiting, after.waiting, seen.currency))
    return paid


def _purse(look: str, name: Text, before: int, after: int, currency: Currency) -> PurseChangeRow:
    return PurseChangeRow(
        look, name, amount(before, currency), amount(after, currency), signed(after - before, currency)
    )


def change_notes(seen: ChangeDetail) -> list[Text]:
    """What stands out, and how it was worked out."""
    change, currency = seen.change, seen.currency
    whole = change.after - change.before
    notes: list[Text] = []
    if change.items and whole:
        most = max(change.items, key=lambda one: abs(one.minor))
        key = "most_part" if 0 < most.minor / whole <= 1 else "most"
        percent = f"{most.minor * 100 / whole:.1f}"
        notes.append(
            text(
                f"bill_change.{key}",
                item=text(most.item.message_key),
                percent=percent,
                amount=signed(most.minor, currency),
            )
        )
    if change.parts[Cause.LATE]:
        notes.append(text("bill_change.late_note"))
    if seen.before.waiting or seen.after.waiting:
        notes.append(text("bill_change.waiting_note"))
    return [*notes, text("bill_change.how"), text("bill_change.rounding_note")]
