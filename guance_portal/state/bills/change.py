"""为什么变了: two days or months of a workspace, and the difference by cause, by item and by what paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal import routes, sites
from guance_portal.billing.bills.changes import ChangeDetail, ComparedPeriod
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.exports.files import Format
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.bills.change_rows import (
    CausePart,
    ItemChangeRow,
    PurseChangeRow,
    cause_parts,
    change_notes,
    item_row,
    purse_rows,
    signed,
)
from guance_portal.state.fee_center.amounts import amount

PeriodName = Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
_LONGEST = 40


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
    csv: str = ""
    csv_plain: str = ""
    xlsx: str = ""


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
        self.causes = cause_parts(seen.change.parts, seen)
        largest = max((abs(one.minor) for one in seen.change.items), default=0)
        self.changed = [item_row(one, seen, largest) for one in seen.change.items]
        self.purses, self.notes = purse_rows(seen), change_notes(seen)
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
        csv=_file(seen, realm, Format.CSV),
        csv_plain=_file(seen, realm, Format.CSV_PLAIN),
        xlsx=_file(seen, realm, Format.XLSX),
        address=routes.bill_change(realm, seen.workspace_id, before.name, after.name),
    )


def _file(seen: ChangeDetail, realm: Realm, kind: Format) -> str:
    return routes.change_file(kind.value, realm, seen.workspace_id, seen.before.name, seen.after.name)


def _named(side: ComparedPeriod) -> Text:
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
