"""One bill: its lines with every step, who paid it, and computing it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import reflex as rx

from guance_portal import routes, sites
from guance_portal.billing import price_lists
from guance_portal.billing.bills.frozen_text import plain
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.billing.bills.recompute import ComparedPart, Recomputation, UnreadableProofError
from guance_portal.billing.bills.views import BillDetail, DetailLine
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import digits, written
from guance_portal.metering.items import Item
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.bills import waterfall
from guance_portal.state.bills.waterfall import StepRow
from guance_portal.state.display import moment
from guance_portal.state.fee_center.amounts import amount, figure

_LONGEST = 40
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class BillLineText:
    """A line: usage / unit = quotient x price = exact, then the cents. `late` names the day of a late line."""

    item: str
    name: Text
    detail: Text
    late: str
    late_note: Text
    usage: str
    measure: Text
    included: Text
    unit: str
    quotient: str
    price: str
    exact: str
    amount: str
    version: str
    version_href: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One thing that was compared."""

    name: Text
    archived: str
    recomputed: str
    is_equal: bool


@dataclass(frozen=True, slots=True)
class BillShown:
    """The head of a bill."""

    code: str = ""
    day: str = ""
    title: Text = field(default_factory=Text)
    workspace: str = ""
    site: Text = field(default_factory=Text)
    state: Text = field(default_factory=Text)
    is_waiting: bool = False
    is_negative: bool = False
    symbol: str = ""
    figure: str = ""
    total: str = ""
    exact: str = ""
    change: Text = field(default_factory=Text)
    method: Text = field(default_factory=Text)
    mark: str = ""
    payer: str = ""
    span: Text = field(default_factory=Text)
    made_at: Text = field(default_factory=Text)
    rounding: Text = field(default_factory=Text)
    transaction: str = ""
    before: str = ""
    after: str = ""
    month: str = ""
    why: str = ""
    proof: str = ""
    no_vouchers: Text = field(default_factory=Text)
    no_vouchers_width: str = ""


class BillPageState(PageMixin, rx.State):
    """`phase` is found or missing, empty before the bill is loaded; `outcome` is equal, different or unreadable once asked."""

    phase: rx.Field[str] = rx.field(default="")
    shown: rx.Field[BillShown] = rx.field(default_factory=BillShown)
    lines: rx.Field[list[BillLineText]] = rx.field(default_factory=list)
    steps: rx.Field[list[StepRow]] = rx.field(default_factory=list)
    sees_purses: rx.Field[bool] = rx.field(default=False)
    is_busy: rx.Field[bool] = rx.field(default=False)
    outcome: rx.Field[str] = rx.field(default="")
    outcome_at: rx.Field[Text] = rx.field(default_factory=Text)
    difference: rx.Field[Text] = rx.field(default_factory=Text)
    checks: rx.Field[list[CheckRow]] = rx.field(default_factory=list)

    @audience(Realm.FEE_CENTER, Realm.CONSOLE)
    @rx.event
    async def load_bill(self) -> None:
        """Show the bill that the address names."""
        self.reset()
        actor = self._actor()
        try:
            seen = await services().bill_views.bill(actor, self._asked("id", _LONGEST))
        except (BillHiddenError, NotAllowedError):
            self.shown = BillShown(month=routes.FEE_BILLS if actor.realm is Realm.FEE_CENTER else routes.BILLING)
            self.phase = "missing"
            return
        self.shown = _shown(seen, actor.realm)
        self.lines = [_line(line, seen) for line in seen.lines]
        self.steps, self.sees_purses = waterfall.steps(seen), seen.sees_purses
        self.phase = "found"

    @audience(Realm.FEE_CENTER, Realm.CONSOLE)
    @rx.event
    async def recompute(self) -> None:
        """重新计算此账单: from what was frozen with it; nothing is written."""
        try:
            found = await services().bill_proofs.recompute(self._actor(), self.shown.code)
        except UnreadableProofError:
            self.outcome, self.checks = "unreadable", []
        except (BillHiddenError, NotAllowedError):
            self.phase = "missing"
        else:
            self.outcome = "equal" if found.is_equal else "different"
            self.checks = [_check(one) for one in found.checks]
            self.difference = _difference(found)
        self.outcome_at = moment(services().clock.now(), "cn1")


def _shown(seen: BillDetail, realm: Realm) -> BillShown:
    bill = seen.bill
    site, inputs = sites.get(bill.site), bill.inputs
    address = routes.fee_bill if realm is Realm.FEE_CENTER else routes.workspace_bill
    no_vouchers = waterfall.without_vouchers(seen)
    return BillShown(
        code=bill.code,
        day=bill.day.isoformat(),
        title=text(f"bills.title_{bill.kind}", day=bill.day.isoformat()),
        workspace=seen.workspace,
        site=site.name,
        state=text("bills.waiting" if seen.is_waiting else "bills.settled"),
        is_waiting=seen.is_waiting,
        is_negative=bill.minor < 0,
        symbol=bill.currency.symbol,
        figure=figure(bill.minor, bill.currency) if bill.minor >= 0 else f"−{figure(-bill.minor, bill.currency)}",
        total=amount(bill.minor, bill.currency),
        exact=written(Decimal(bill.exact), bill.currency),
        change=_change(seen),
        method=text(f"settlement_method.{bill.method}"),
        mark=bill.method.mark,
        payer=seen.cloud or seen.account,
        span=text("bills.span", begins=zoned(bill.begins, site.zone), hours=inputs["hours"]),
        made_at=moment(bill.settled_at or bill.made_at, bill.site),
        rounding=text("bills.rounding", order=inputs["order"]),
        transaction=f"#{seen.transaction}" if seen.transaction else "",
        before=address(seen.before[0]) if seen.before else "",
        after=address(seen.after) if seen.after else "",
        why=routes.bill_change(realm, bill.workspace_id, "", bill.day.isoformat()) if seen.before else "",
        month=routes.bill_month(f"{bill.day:%Y-%m}")
        if realm is Realm.FEE_CENTER
        else routes.billing(f"{bill.day:%Y-%m}"),
        proof=routes.bill_proof(bill.code, realm),
        no_vouchers=text("bills.no_vouchers", amount=amount(no_vouchers, bill.currency)) if no_vouchers else Text(),
        no_vouchers_width=f"{no_vouchers * 100 / bill.minor:.3f}%" if no_vouchers and bill.minor > 0 else "0%",
    )


def _change(seen: BillDetail) -> Text:
    if seen.before is None or seen.before[1] <= 0:
        return Text()
    percent = (seen.bill.minor - seen.before[1]) * 100 / seen.before[1]
    return text("bills.more_than_before" if percent >= 0 else "bills.less_than_before", percent=f"{abs(percent):.1f}")


def _line(line: DetailLine, seen: BillDetail) -> BillLineText:
    item, currency = Item(line.item), seen.bill.currency
    prices = price_lists.version(line.version)
    basis = text(f"billing.basis.{prices.prices[item].basis}") if item in prices.prices else Text()
    days = text("bills.days", days=line.days) if line.days else Text()
    return BillLineText(
        item=line.item,
        name=text(item.message_key),
        detail=Text(zh=_dotted(days.zh, basis.zh), en=_dotted(days.en, basis.en)),
        late=f"{line.of_day:%m-%d}" if line.billed is not None else "",
        late_note=_late_note(line),
        usage=_count(line.billable),
        measure=text(f"billing.measure.{item.traits.measure}"),
        included=text("bills.included", all=_count(line.quantity)) if line.billable != line.quantity else Text(),
        unit=f"{line.unit:,}",
        quotient=_quotient(line),
        price=written(Decimal(line.price), currency),
        exact=written(Decimal(line.amount), currency),
        amount=amount(line.minor, currency),
        version=prices.first_day.isoformat(),
        version_href=routes.pricing(site=seen.bill.site, day=line.of_day.isoformat()),
    )


def _late_note(line: DetailLine) -> Text:
    if line.billed is None:
        return Text()
    quotients = {"new": _hundredths(line.quotient), "billed": _hundredths(line.billed)}
    key = "bills.late_note" if line.added not in ("", "0") else "bills.late_effect"
    return text(
        key, day=line.of_day.isoformat(), added=_count(line.added or "0"), all=_count(line.billable), **quotients
    )


def _quotient(line: DetailLine) -> str:
    if line.billed is None:
        return _hundredths(line.quotient)
    return f"{_hundredths(line.quotient)} − {_hundredths(line.billed)}"


def _hundredths(quotient: int) -> str:
    return digits(Decimal(quotient).scaleb(-2))


def _count(quantity: str) -> str:
    return f"{Decimal(plain(Decimal(quantity))):,f}"


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _check(one: ComparedPart) -> CheckRow:
    return CheckRow(
        name=text(f"bills.check_{one.name}"),
        archived=_short(one.archived),
        recomputed=_short(one.recomputed),
        is_equal=one.is_equal,
    )


def _short(said: str) -> str:
    """A digest by its two ends."""
    is_digest = len(said) == 64 and " " not in said
    return f"{said[:_SHOWN]}…{said[-6:]}" if is_digest else said


def _difference(found: Recomputation) -> Text:
    if found.first is None:
        return Text()
    first = found.first
    item = (first.archived or first.recomputed)["item"]
    return text(
        "bills.first_difference",
        item=text(Item(item).message_key),
        part=text(f"bills.part_{first.field}"),
        archived=str(first.archived.get(first.field, "–")),
        recomputed=str(first.recomputed.get(first.field, "–")),
    )
