"""Months and their bills made ready to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from guance_portal import routes, sites
from guance_portal.billing.bills.viewing import ItemSum, ListedBill
from guance_portal.billing.bills.views import Month, MonthDetail
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, digits, written
from guance_portal.core.rounding_rules import largest_remainder
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from guance_portal.state.fee_center.amounts import amount

LOOKS = {
    Kind.CREDIT: "credit",
    Kind.VOUCHER: "voucher",
    Kind.BONUS_VOUCHER: "bonus",
    Kind.CARD: "card",
    Kind.CASH: "cash",
    Kind.RECEIVABLE: "debt",
    Kind.CLOUD_RECEIVABLE: "cloud",
}
"""What pays, in its order, with the name of its colour."""
_SHADES = 4
_WHOLE = 1_000


@dataclass(frozen=True, slots=True)
class PaidKindRow:
    """What one kind of purse paid; `width` is its part of the whole, in per cent."""

    look: str
    name: Text
    amount: str
    width: str


@dataclass(frozen=True, slots=True)
class MethodShareRow:
    """What a method pays of a month."""

    mark: str
    name: Text
    cloud: str
    amount: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the list."""

    month: str
    span: str
    state: Text
    is_final: bool
    final: Text
    amount: str
    href: str
    shares: list[MethodShareRow]
    paid: list[PaidKindRow]
    paper: str
    no_paper: Text


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the calendar: `shade` 0 to 4 between the lowest and the highest; without a day it is a gap before the 1st."""

    day: str
    amount: str
    shade: str
    href: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """A workspace of a month and its part."""

    name: str
    detail: Text
    amount: str
    share: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a month: its quotients, exact amount and cents."""

    item: str
    name: Text
    days: Text
    quotient: str
    unit: Text
    price: str
    exact: str
    amount: str
    share: str


@dataclass(frozen=True, slots=True)
class ListedBillRow:
    """A bill in a list."""

    code: str
    day: str
    workspace: str
    kind: Text
    amount: str
    paid: list[PaidKindRow] = field(default_factory=list[PaidKindRow])
    state: Text = field(default_factory=Text)
    is_waiting: bool = False
    href: str = ""


def paper_address(one: Month, *, is_limited: bool) -> str:
    """Where the PDF of a month is; empty while it is not final, and for a session that is limited to a workspace."""
    return routes.bill_paper(one.month) if one.is_final and not is_limited else ""


def no_paper(one: Month, *, is_limited: bool) -> Text:
    """Why there is no PDF yet, or none for this session."""
    if is_limited:
        return text("paper.with_password")
    return Text() if one.is_final else text("paper.after_final")


def month_row(one: Month, currency: Currency, *, is_limited: bool) -> MonthRow:
    """A month in the list."""
    state = "final" if one.is_final else "estimated"
    return MonthRow(
        month=one.month,
        span=f"{one.first:%m-%d} – {one.last:%m-%d}",
        state=text(f"bills.{state}"),
        is_final=one.is_final,
        final=text("bills.final_on", day=f"{one.final_at:%Y-%m-%d}"),
        amount=amount(one.minor, currency),
        href=routes.bill_month(one.month),
        shares=[
            MethodShareRow(
                mark=share.method.mark,
                name=text(f"settlement_method.{share.method}"),
                cloud=share.cloud,
                amount=amount(share.minor, currency),
            )
            for share in one.shares
        ],
        paid=paid_rows(one.paid, currency),
        paper=paper_address(one, is_limited=is_limited),
        no_paper=no_paper(one, is_limited=is_limited),
    )


def paid_rows(paid: Mapping[Kind, int], currency: Currency) -> list[PaidKindRow]:
    """What paid, in the order of deduction; nothing for a kind that did not."""
    whole = sum(minor for minor in paid.values() if minor > 0)
    return [
        PaidKindRow(
            look=look,
            name=text(f"bills.kind_{kind}"),
            amount=amount(paid[kind], currency),
            width=f"{max(paid[kind], 0) * 100 / whole:.2f}%" if whole else "0%",
        )
        for kind, look in LOOKS.items()
        if paid.get(kind)
    ]


def calendar(seen: MonthDetail, chosen: str) -> list[DayCell]:
    """The days of a month from the Monday of its first week on; each leads to its bills."""
    minors = {day: minor for day, minor, _ in seen.days}
    first = date.fromisoformat(f"{seen.month.month}-01")
    gaps = [DayCell("", "", "", "", Text(), is_chosen=False)] * first.weekday()
    lowest, highest = min(minors.values()), max(minors.values())
    cells = [_cell(seen, day, minors.get(day), lowest, highest, chosen=chosen) for day in _days_of(first)]
    return [*gaps, *cells]


def workspace_rows(seen: MonthDetail) -> list[PartRow]:
    """Workspaces, the dearest first; the parts add up to 100.0 %."""
    parts = _parts([minor for *_, minor in seen.workspaces])
    return [
        PartRow(
            name=name,
            detail=sites.get(site).name,
            amount=amount(minor, seen.currency),
            share=part,
            why=routes.bill_change(Realm.FEE_CENTER, workspace_id, "", seen.month.month)
            if workspace_id in seen.had_before
            else "",
        )
        for (workspace_id, name, site, minor), part in zip(seen.workspaces, parts, strict=True)
    ]


def item_rows(items: Sequence[ItemSum], currency: Currency) -> list[ItemRow]:
    """Items in the order of the portal's table of items."""
    order = [item.value for item in Item]
    ordered = sorted(items, key=lambda one: (order.index(one.item), one.days or 0, one.price))
    parts = _parts([one.minor for one in ordered])
    return [_item(one, part, currency) for one, part in zip(ordered, parts, strict=True)]


def bill_row(one: ListedBill, currency: Currency, *, is_console: bool) -> ListedBillRow:
    """A bill in a list."""
    return ListedBillRow(
        code=one.code,
        day=one.day.isoformat(),
        workspace=one.workspace,
        kind=text(f"bills.{one.kind}"),
        amount=amount(one.minor, currency),
        paid=paid_rows(one.paid, currency),
        state=text("bills.waiting" if one.is_waiting else "bills.settled"),
        is_waiting=one.is_waiting,
        href=routes.workspace_bill(one.code) if is_console else routes.fee_bill(one.code),
    )


def _days_of(first: date) -> list[date]:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return [date.fromordinal(number) for number in range(first.toordinal(), following.toordinal())]


def _cell(seen: MonthDetail, day: date, minor: int | None, lowest: int, highest: int, *, chosen: str) -> DayCell:
    if minor is None:
        return DayCell(f"{day.day}", "", "", "", Text(), is_chosen=False)
    shade = (minor - lowest) * _SHADES // (highest - lowest) if highest > lowest else 0
    said = amount(minor, seen.currency)
    return DayCell(
        day=f"{day.day}",
        amount=said.lstrip("¥$"),
        shade=f"s{shade}",
        href=routes.bill_month(seen.month.month, day.isoformat()),
        label=text("bills.day_label", day=day.isoformat(), amount=said),
        is_chosen=day.isoformat() == chosen,
    )


def _item(one: ItemSum, part: str, currency: Currency) -> ItemRow:
    item = Item(one.item)
    return ItemRow(
        item=one.item,
        name=text(item.message_key),
        days=text("bills.days", days=one.days) if one.days else Text(),
        quotient=digits(one.quotient) if one.quotient >= 0 else f"−{digits(-one.quotient)}",
        unit=text("bills.unit", unit=f"{one.unit:,}", measure=text(f"billing.measure.{item.traits.measure}")),
        price=written(one.price, currency),
        exact=written(one.exact, currency),
        amount=amount(one.minor, currency),
        share=part,
    )


def _parts(minors: Sequence[int]) -> list[str]:
    """Per cent with one digit, which add up to 100.0; nothing where there is no positive sum."""
    whole = sum(minors)
    if whole <= 0 or min(minors) < 0:
        return [""] * len(minors)
    parts = largest_remainder([Fraction(minor * _WHOLE, whole) for minor in minors], _WHOLE)
    return [f"{part // 10}.{part % 10} %" for part in parts]
