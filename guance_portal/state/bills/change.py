"""为什么变了: two days or months of a workspace, and the difference by cause, by item and by what paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal import routes, sites
from guance_portal.billing.bills.change_rules import Cause, ItemChange
from guance_portal.billing.bills.changes import ChangeDetail, Side
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.bills.rows import LOOKS
from guance_portal.state.fee_center.amounts import amount

PeriodName = Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
_LONGEST = 40


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


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """The head of the comparison."""

    workspace_id: str = ""
    workspace: str = ""
    site: Text = field(default_factory=Text)
    before: str = ""
    after: str = ""
    before_day: Text = field(default_factory=Text)
    after_day: Text = field(default_factory=Text)
    before_amount: str = ""
    after_amount: str = ""
    difference: str = ""
    basis: Text = field(default_factory=Text)
    other: str = ""
    back: str = ""
    address: str = ""


class BillChangeState(PageMixin, rx.State):
    """`phase` is found or missing, empty before the comparison is loaded."""

    phase: rx.Field[str] = rx.field(default="")
    is_month: rx.Field[bool] = rx.field(default=False)
    shown: rx.Field[ChangeShown] = rx.field(default_factory=ChangeShown)
    choices: rx.Field[list[str]] = rx.field(default_factory=list)
    causes: rx.Field[list[CausePart]] = rx.field(default_factory=list)
    changed: rx.Field[list[ItemChangeRow]] = rx.field(default_factory=list)
    purses: rx.Field[list[PurseChangeRow]] = rx.field(default_factory=list)
    notes: rx.Field[list[Text]] = rx.field(default_factory=list)

    @audience(Realm.FEE_CENTER, Realm.CONSOLE)
    @rx.event
    async def load_change(self) -> None:
        """Compare what the address names."""
        self.reset()
        actor = self._actor()
        try:
            seen = await services().bill_changes.compare(
                actor,
                workspace_id=self._asked("workspace", _LONGEST),
                before=self._asked("from", 10),
                after=self._asked("to", 10),
            )
        except (BillHiddenError, NotAllowedError):
            self.shown = ChangeShown(back=routes.FEE_BILLS if actor.realm is Realm.FEE_CENTER else routes.BILLING)
            self.phase = "missing"
            return
        self.shown, self.is_month = _head(seen, actor.realm), seen.is_month
        self.choices = list(seen.choices)
        self.causes = _causes(seen.change.parts, seen)
        largest = max((abs(one.minor) for one in seen.change.items), default=0)
        self.changed = [_item(one, seen, largest) for one in seen.change.items]
        self.purses, self.notes = _purses(seen), _notes(seen)
        self.phase = "found"

    @audience(Realm.FEE_CENTER, Realm.CONSOLE)
    @rx.event
    def choose_before(self, period: PeriodName) -> rx.event.EventSpec:
        """Compare from another day or month on."""
        return self._lead(period, self.shown.after)

    @audience(Realm.FEE_CENTER, Realm.CONSOLE)
    @rx.event
    def choose_after(self, period: PeriodName) -> rx.event.EventSpec:
        """Compare up to another day or month."""
        return self._lead(self.shown.before, period)

    def _lead(self, before: str, after: str) -> rx.event.EventSpec:
        return rx.redirect(routes.bill_change(self._actor().realm, self.shown.workspace_id, before, after))


def _head(seen: ChangeDetail, realm: Realm) -> ChangeShown:
    change, currency = seen.change, seen.currency
    before, after = seen.before, seen.after
    other = routes.bill_change(realm, seen.workspace_id, "", "" if seen.is_month else after.name[:7])
    bill = routes.fee_bill if realm is Realm.FEE_CENTER else routes.workspace_bill
    month = routes.bill_month(after.name[:7]) if realm is Realm.FEE_CENTER else routes.billing(after.name[:7])
    return ChangeShown(
        workspace_id=seen.workspace_id,
        workspace=seen.workspace,
        site=sites.get(seen.site).name,
        before=before.name,
        after=after.name,
        before_day=_named(before),
        after_day=_named(after),
        before_amount=amount(change.before, currency),
        after_amount=amount(change.after, currency),
        difference=signed(change.after - change.before, currency),
        basis=_basis(seen),
        other=other if seen.has_other else "",
        back=month if seen.is_month or not after.codes else bill(after.codes[-1]),
        address=routes.bill_change(realm, seen.workspace_id, before.name, after.name),
    )


def _named(side: Side) -> Text:
    if len(side.name) == len("2026-07"):
        return Text(zh=side.name, en=side.name)
    weekday = date.fromisoformat(side.name).isoweekday()
    return text("bill_change.day", day=side.name, weekday=text(f"bill_change.weekday_{weekday}"))


def _basis(seen: ChangeDetail) -> Text:
    """What was the same on both sides."""
    lists = "same_list" if seen.before.versions == seen.after.versions else "other_list"
    lengths = "months" if seen.is_month else "days"
    return text(
        f"bill_change.{lists}_{lengths}",
        before=seen.before.length,
        after=seen.after.length,
    )


def signed(minor: int, currency: Currency) -> str:
    """A difference with its sign: +¥1.86, −¥0.10, ¥0.00."""
    return f"+{amount(minor, currency)}" if minor > 0 else amount(minor, currency)


def _tone(minor: int) -> str:
    return "more" if minor > 0 else "less" if minor < 0 else "none"


def _cause_name(cause: Cause, seen: ChangeDetail) -> Text:
    if cause is Cause.LENGTH:
        return text("bill_change.cause_days" if seen.is_month else "bill_change.cause_hours")
    return text(f"bill_change.cause_{cause}")


def _causes(parts: Mapping[Cause, int], seen: ChangeDetail) -> list[CausePart]:
    """Every cause, also those that changed nothing."""
    return [
        CausePart(_cause_name(cause, seen), signed(parts[cause], seen.currency), _tone(parts[cause])) for cause in Cause
    ]


def _item(one: ItemChange, seen: ChangeDetail, largest: int) -> ItemChangeRow:
    currency, width = seen.currency, abs(one.minor) * 50 / largest if largest else 0
    said = [
        Text(zh=f"{name.zh} {said}", en=f"{name.en} {said}")
        for name, said in (
            (_cause_name(cause, seen), signed(minor, currency)) for cause, minor in one.parts.items() if minor
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


def _purses(seen: ChangeDetail) -> list[PurseChangeRow]:
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


def _notes(seen: ChangeDetail) -> list[Text]:
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
