"""运营后台, 入账与代金券: an order is filled in, rehearsed, and then done or asked for."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.approvals import orders
from guance_portal.approvals.forms import (
    FORMS,
    BatchForm,
    ChargeForm,
    CorrectForm,
    GrantForm,
    MoneyForm,
    RefundForm,
    RevokeForm,
    SendBackForm,
    SuspenseForm,
)
from guance_portal.approvals.reading import Ordered
from guance_portal.approvals.service import Asking, OrderPreview
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import every_problem
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Asked, FieldKind, Form, Id, Typed
from guance_portal.core.messages import Text, text
from guance_portal.core.money import told_amount
from guance_portal.core.tokens import digest
from guance_portal.state.addresses import LONGEST_ASKED
from guance_portal.state.audience import DISPLAY_ONLY, Exempt, audience
from guance_portal.state.base import FORM
from guance_portal.state.operator.act_rows import ActRow, act_row
from guance_portal.state.operator.effects import ChangeRow, EntryRow, change_rows, entry_rows, total
from guance_portal.state.operator.money_rows import BatchRow, MatterRow, ThingRow, batch_row, matter_row, things
from guance_portal.state.typed import TypedMixin

View = Literal["grant", "batch", "revoke", "refund", "correct", "charge", "claim", "send_back"]
VIEWS: tuple[View, ...] = ("grant", "batch", "revoke", "refund", "correct", "charge", "claim", "send_back")
OF_ACCOUNT = ("revoke", "refund", "correct")
"""Views that begin with an account and what it has."""
OF_MATTERS: tuple[View, ...] = ("claim", "send_back")
"""Views of 异常处理: money in suspense is claimed or sent back."""
ALWAYS_SECOND = ("charge", "claim", "send_back")
_Mark = Annotated[str, Field(max_length=80)]


class OrderMarks(Form):
    """What comes along with an order: the key of the form, and the mark of the rehearsal that was shown."""

    key: _Mark = ""
    shown: _Mark = ""


class GrantHere(GrantForm, OrderMarks):
    """A voucher."""


class BatchHere(BatchForm, OrderMarks):
    """Codes."""


class RevokeHere(RevokeForm, OrderMarks):
    """What is left of a voucher."""


class RefundHere(RefundForm, OrderMarks):
    """A recharge."""


class CorrectHere(CorrectForm, OrderMarks):
    """A bill."""


class ChargeHere(ChargeForm, OrderMarks):
    """手工扣款."""


class ClaimHere(SuspenseForm, OrderMarks):
    """Money in suspense, for an account."""


class SendBackHere(SendBackForm, OrderMarks):
    """Money in suspense, back to where it came from."""


OrderHere = GrantHere | BatchHere | RevokeHere | RefundHere | CorrectHere | ChargeHere | ClaimHere | SendBackHere


class PayerSearch(Form):
    """Whose things are looked for."""

    q: Annotated[str, Asked(label="money_admin.account", kind=FieldKind.SEARCH, most=LONGEST_ASKED)] = ""


def _blank() -> dict[str, str]:
    return {name: "" for form in (*FORMS.values(), PayerSearch) for name in form.asked()}


class OperatorMoneyState(TypedMixin, rx.State):
    """The view, the form in it, and what its order would move once that was asked; lists of what was done before."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=_blank)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    view: rx.Field[str] = rx.field(default="grant")
    key: rx.Field[str] = rx.field(default="")
    shown: rx.Field[str] = rx.field(default="")
    entries: rx.Field[list[EntryRow]] = rx.field(default_factory=list)
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    total: rx.Field[str] = rx.field(default="")
    amount: rx.Field[str] = rx.field(default="")
    whose: rx.Field[str] = rx.field(default="")
    needs_second: rx.Field[bool] = rx.field(default=False)
    why_second: rx.Field[Text] = rx.field(default_factory=Text)
    acts: rx.Field[list[ActRow]] = rx.field(default_factory=list)
    batches: rx.Field[list[BatchRow]] = rx.field(default_factory=list)
    account: rx.Field[str] = rx.field(default="")
    account_problem: rx.Field[Text] = rx.field(default_factory=Text)
    things: rx.Field[list[ThingRow]] = rx.field(default_factory=list)
    codes: rx.Field[str] = rx.field(default="")
    matters: rx.Field[list[MatterRow]] = rx.field(default_factory=list)

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_money(self) -> None:
        """Show the view that the address names."""
        self._start()
        asked = self._asked("view")
        self.view = asked if asked in VIEWS else VIEWS[0]
        self.account, self.codes = self._asked("account"), ""
        self._begin_form()
        self.typed = {**_blank(), "q": self.account, "account": self.account, "which": self._asked("which")}
        await self._read()
        self.is_loaded = True

    @audience(Realm.OPERATOR, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: PayerSearch) -> rx.event.EventSpec:
        """Look at what an account has: the address keeps it."""
        return rx.redirect(routes.operator_money(self.view, account=plain.search(form.q)))

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, view: View, field: Annotated[str, FIELD_NAME], value: Typed) -> None:
        """Say what is wrong with a field that is left."""
        if view == self.view and field in FORMS[view]().texts():
            self._leave_unkept(FORMS[view], field, value)

    @audience(Realm.OPERATOR)
    @rx.event
    async def grant(self, form: GrantHere) -> AsyncIterator[Any]:
        """发放代金券."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def batch(self, form: BatchHere) -> AsyncIterator[Any]:
        """新建激活码批次."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def revoke(self, form: RevokeHere) -> AsyncIterator[Any]:
        """撤销代金券余额."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def refund(self, form: RefundHere) -> AsyncIterator[Any]:
        """退款."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def correct(self, form: CorrectHere) -> AsyncIterator[Any]:
        """更正账单."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def charge(self, form: ChargeHere) -> AsyncIterator[Any]:
        """手工扣款."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def claim(self, form: ClaimHere) -> AsyncIterator[Any]:
        """认领款项."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def send_back(self, form: SendBackHere) -> AsyncIterator[Any]:
        """退回款项."""
        async for _ in self._order(form):
            yield

    @audience(Realm.OPERATOR)
    @rx.event
    async def open_codes(self, batch: Id) -> None:
        """Take the codes of a batch, which are shown once."""
        try:
            codes = await services().approvals.open_codes(self._actor(), batch, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            self.codes = "\n".join(codes)
        await self._read()

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_codes(self) -> None:
        """They are gone."""
        self.codes = ""

    async def _order(self, form: OrderHere) -> AsyncIterator[None]:
        """Rehearse it, and do it once what was shown is what it still does."""
        self._begin()
        yield
        try:
            ordered = await services().order_reader.read(self._actor(), form)
            preview = await services().approvals.preview(self._actor(), ordered.order)
            if form.shown != (mark := _mark(form, ordered, preview)):
                self._show(ordered, preview, mark)
                self.is_busy = False
                if form.shown:
                    await self._say("errors.approval_preview_first")
                return
            asking = Asking(actor=self._actor(), why=ordered.why, key=form.key, caller=self._caller())
            answer = await services().approvals.ask(asking, ordered.order)
        except PortalError as error:
            self._hide()
            self._refuse({one.field or FORM: text(one.code, **one.params) for one in every_problem(error)})
            return
        self.is_busy = False
        self._begin_form()
        self.typed = {**_blank(), "q": self.account, "account": self.account}
        await self._read()
        await self._say("money_admin.done" if answer.is_done else "money_admin.asked")

    def _begin_form(self) -> None:
        """A form of its own: what is sent by it happens once."""
        self.key = secrets.token_hex(16)
        self._hide()

    def _hide(self) -> None:
        self.shown, self.entries, self.changes, self.total, self.whose = "", [], [], "", ""

    def _show(self, ordered: Ordered, preview: OrderPreview, mark: str) -> None:
        order = ordered.order
        self.shown, self.needs_second = mark, preview.needs_second
        self.entries, self.changes = entry_rows(preview.effect), change_rows(preview.effect)
        self.total, self.amount = total(preview.effect), told_amount(order.total, order.said_currency)
        self.whose = " · ".join(part for part in (ordered.username, ordered.company) if part)
        limit = told_amount(preview.limit, order.said_currency)
        before = told_amount(preview.before, order.said_currency)
        always = order.kind in ALWAYS_SECOND
        self.why_second = (
            text("money_admin.always_second") if always else text("money_admin.over_limit", limit=limit, before=before)
        )

    async def _read(self) -> None:
        actor = self._actor()
        kinds = OF_MATTERS if self.view in OF_MATTERS else (self.view,)
        lines = await services().money_admin.acts(actor, kinds)
        self.acts = [act_row(line, actor.subject_id) for line in lines]
        self.batches = []
        if self.view == "batch":
            self.batches = [batch_row(line) for line in await services().money_admin.batches(actor)]
        self.matters = []
        if self.view in OF_MATTERS:
            self.matters = [matter_row(line) for line in await services().money_admin.matters(actor)]
        self.things, self.account_problem = [], Text()
        if self.view in OF_ACCOUNT and self.account:
            try:
                found = await services().money_admin.account(actor, self.account)
            except PortalError as error:
                self.account_problem = text(error.code, **error.params)
            else:
                self.things = things(self.view, found)


def _mark(form: MoneyForm, ordered: Ordered, preview: OrderPreview) -> str:
    """What stands for all that was shown of an order; its reason too."""
    said = [orders.kept(ordered.order), ordered.why, preview.effect.kept()["moves"], preview.needs_second]
    return digest(json.dumps([type(form).__name__, *said], sort_keys=True, default=str))
