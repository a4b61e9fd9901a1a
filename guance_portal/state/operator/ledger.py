"""运营后台, 账本: the rules with their last pass, the books that are stopped, and transactions as their entries."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.approvals import orders
from guance_portal.approvals.errors import AccountUnknownError
from guance_portal.approvals.forms import Reason
from guance_portal.approvals.orders import Order
from guance_portal.approvals.service import Asking
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Id
from guance_portal.core.messages import Text, catalogue, text
from guance_portal.operations.ledger_admin import Checked, RuleLine, TransactionView
from guance_portal.state.addresses import LONGEST_ASKED
from guance_portal.state.audience import DISPLAY_ONLY, Exempt, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import moment
from guance_portal.state.operator.effects import EntryRow, entry_row, sum_of_debits

LONGEST_PAYER = 12
_Payer = Annotated[str, Field(max_length=LONGEST_PAYER)]


class LedgerSearch(Form):
    """What is looked for."""

    q: Annotated[
        str,
        Asked(label="ledger_admin.search", kind=FieldKind.SEARCH, help="ledger_admin.search_help", most=LONGEST_ASKED),
    ] = ""


class RepairForm(Form):
    """What shall be done to books that are stopped, and why."""

    payer: _Payer = ""
    act: Literal["rebuild", "lift"] = "rebuild"
    key: Id = ""
    repair_reason: Reason = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, and what first breaks it; `breaches` is empty while it holds."""

    text: Text
    breaches: Text
    first: Text
    first_href: str


@dataclass(frozen=True, slots=True)
class StoppedRow:
    """Books that are stopped."""

    payer: str
    account: str
    account_href: str
    rule: Text
    since: Text


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A transaction of the list, or the one that is shown."""

    number: str
    href: str
    account: str
    reference: str
    kind: Text
    at: Text
    total: str
    hash: str
    before: str
    before_href: str


class OperatorLedgerState(FormMixin, rx.State):
    """What the last pass found; the transactions that were looked for, and the entries of one that was found alone."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    asked: rx.Field[str] = rx.field(default="")
    serial: rx.Field[int] = rx.field(default=0)
    last: rx.Field[Text] = rx.field(default_factory=Text)
    rules: rx.Field[list[RuleRow]] = rx.field(default_factory=list)
    stopped: rx.Field[list[StoppedRow]] = rx.field(default_factory=list)
    rows: rx.Field[list[TransactionRow]] = rx.field(default_factory=list)
    one: rx.Field[TransactionRow | None] = rx.field(default=None)
    entries: rx.Field[list[EntryRow]] = rx.field(default_factory=list)
    dialog: rx.Field[str] = rx.field(default="")
    payer: rx.Field[str] = rx.field(default="")
    key: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_ledger(self) -> None:
        """Show what the address asks for."""
        self._start()
        self.asked, self.dialog = self._asked("q"), ""
        self.serial += 1
        await self._read()
        self.is_loaded = True

    @audience(Realm.OPERATOR, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: LedgerSearch) -> rx.event.EventSpec:
        """查找: the address keeps it."""
        return rx.redirect(routes.operator_ledger(plain.search(form.q)))

    @audience(Realm.OPERATOR)
    @rx.event
    async def check_now(self) -> AsyncIterator[Any]:
        """立即检查."""
        self._begin()
        yield
        await services().ledger_admin.check(self._actor(), self._caller())
        await self._read()
        self.is_busy = False
        await self._say("ledger_admin.was_checked")

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_rebuild(self, payer: _Payer) -> None:
        """Open the dialog that asks for balances made from entries."""
        self._ask("rebuild", payer)

    @audience(Realm.OPERATOR)
    @rx.event
    def ask_lift(self, payer: _Payer) -> None:
        """Open the dialog that asks for the end of a stop."""
        self._ask("lift", payer)

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_dialog(self) -> None:
        """Close it; nothing has changed."""
        self.dialog = ""

    @audience(Realm.OPERATOR)
    @rx.event
    async def repair(self, form: RepairForm) -> AsyncIterator[Any]:
        """Ask for it; another operator decides."""
        self._begin()
        yield
        asking = Asking(actor=self._actor(), why=form.repair_reason, key=form.key, caller=self._caller())
        try:
            await services().approvals.ask(asking, _order(form.act, form.payer))
        except PortalError as error:
            self._refuse({"repair_reason" if error.field == "reason" else "": text(error.code, **error.params)})
            return
        self.is_busy, self.dialog = False, ""
        await self._say("money_admin.asked")
        await self._read()

    def _ask(self, dialog: str, payer: str) -> None:
        self._start()
        self.dialog, self.payer, self.key = dialog, payer, secrets.token_hex(16)

    async def _read(self) -> None:
        admin, actor = services().ledger_admin, self._actor()
        self._show(await admin.checked(actor))
        found = await admin.find(actor, self.asked)
        self.rows = [_row(view) for view in found]
        alone = found[0] if self.asked and len(found) == 1 else None
        self.one = _row(alone) if alone else None
        self.entries = [entry_row(one.kind, one.key, one.currency, one.minor) for one in alone.entries] if alone else []

    def _show(self, checked: Checked) -> None:
        took = f"{checked.milliseconds / 1000:.1f}"
        self.last = (
            text("ledger_admin.last", at=moment(checked.at, ""), seconds=took)
            if checked.at
            else text("ledger_admin.never")
        )
        self.rules = [_rule(one) for one in checked.rules]
        self.stopped = [
            StoppedRow(
                payer=str(one.payer),
                account=one.account,
                account_href=routes.operator_fee_account(one.account_id) if one.account_id else "",
                rule=text(f"ledger.rule.{one.rule}"),
                since=moment(one.since, "") if one.since else Text(),
            )
            for one in checked.stopped
        ]


def _order(act: str, payer: str) -> Order:
    """What is asked for; raises AccountUnknownError for what is no payer."""
    if not (payer.isascii() and payer.isdigit() and len(payer) <= LONGEST_PAYER):
        raise AccountUnknownError
    return orders.Rebuild(payer=int(payer)) if act == "rebuild" else orders.Lift(payer=int(payer))


def _rule(line: RuleLine) -> RuleRow:
    if not line.breaches:
        return RuleRow(text=line.text, breaches=Text(), first=Text(), first_href="")
    first = line.breaches[0]
    house = text("ledger_admin.house")
    account = Text(zh=first.account, en=first.account) if first.account else house
    return RuleRow(
        text=line.text,
        breaches=text("ledger_admin.breaches", count=len(line.breaches)),
        first=text("ledger_admin.first", account=account, what=first.number or first.what),
        first_href=routes.operator_ledger(first.number) if first.number else "",
    )


def _row(view: TransactionView) -> TransactionRow:
    key = f"ledger.kind.{view.kind}"
    return TransactionRow(
        number=view.number,
        href=routes.operator_ledger(view.number),
        account=view.account,
        reference=view.reference,
        kind=text(key) if key in catalogue() else Text(zh=view.kind, en=view.kind),
        at=moment(view.at, ""),
        total=sum_of_debits((one.kind, one.currency, one.minor) for one in view.entries),
        hash=view.hash,
        before=view.before,
        before_href=routes.operator_ledger(view.before) if view.before else "",
    )
