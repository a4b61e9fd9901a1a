"""更换费用中心账号: the dialog of 付费计划与账单 by which an owner has another account pay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.datetime_formatting import offset
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Id, Line, blank
from guance_portal.core.messages import Language, text
from guance_portal.onboarding.payer_change import PayerChangeOffer
from guance_portal.onboarding.upgrade.forms import BindForm
from guance_portal.onboarding.upgrade.payer import AskingOwner
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FORM
from guance_portal.state.codes import CodeMixin
from guance_portal.state.settlement.dialog import SettlementState
from guance_portal.state.settlement.rows import PreviewRow
from guance_portal.state.typed import TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(BindForm.text_name)]


class PayerChangeForm(BindForm):
    """更换费用中心账号 of the workspace that the dialog is about."""

    workspace: Id = ""


class PayerChangeState(TypedMixin, CodeMixin, rx.State):
    """The dialog; `means` says what the change would do, `is_sent`: the last code went to the account that is typed.

    `openings` grows with each opening, which empties the form.
    """

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(BindForm))
    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    is_sent: rx.Field[bool] = rx.field(default=False)
    workspace_id: rx.Field[str] = rx.field(default="")
    workspace: rx.Field[str] = rx.field(default="")
    means: rx.Field[list[PreviewRow]] = rx.field(default_factory=list)

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_payer_change(self) -> None:
        """Say what it would mean, and ask for the account."""
        actor = self._actor()
        try:
            offer = await services().onboarding.payer_changes.offer(self._asker(actor.workspace_id))
        except PortalError as error:
            await self._say_error(error)
            return
        self._start()
        self.is_sending, self.is_sent, self.wait = False, False, 0
        self._take(BindForm())
        self.workspace_id, self.workspace, self.means = offer.workspace_id, offer.workspace_name, means(offer)
        self.openings += 1
        self.is_open = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_payer_change(self) -> None:
        """Nothing has changed."""
        self.is_open = False

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def save_payer(self, field: _Field, value: Line) -> None:
        """Know what is typed; another username needs another code."""
        if self._type(BindForm, field, value) and field == "payer":
            self.is_sent, self.wait = False, 0
            self.problems.pop("payer", None)
            self.problems.pop("binding_code", None)

    @audience(Realm.CONSOLE)
    @rx.event
    async def send_payer_code(self) -> AsyncIterator[Any]:
        """获取验证码: to the account whose username was typed."""
        if not self._begin_sending("payer", "binding_code", FORM):
            return
        self.is_sent = False
        yield
        asked = services().onboarding.payer_changes.send_code(self._asker(self.workspace_id), self.typed["payer"])
        _, error = await self._send(asked, code="binding_code")
        self.is_sent = error is None

    @audience(Realm.CONSOLE)
    @rx.event
    async def change_payer(self, form: PayerChangeForm) -> AsyncIterator[Any]:
        """更换费用中心账号: order it."""
        self._begin()
        yield
        try:
            day = await services().onboarding.payer_changes.change(
                self._asker(form.workspace), form.payer, form.binding_code
            )
        except PortalError as error:
            field = "binding_code" if error.field == "code" else error.field
            self._refuse({field: text(error.code, **error.params)})
        else:
            self.is_busy = self.is_open = False
            await self._say("payer_change.ordered", day=day)
            await (await self.get_state(SettlementState))._load_here(self._actor())

    def _asker(self, workspace_id: str) -> AskingOwner:
        return AskingOwner(
            actor=self._actor(), caller=self._caller(), workspace_id=workspace_id, language=Language.of("")
        )


def means(offer: PayerChangeOffer) -> list[PreviewRow]:
    """What a change ordered now would mean, line by line."""
    will_be, old = offer.preview, text("settlement.account.enterprise", account=offer.fee_username)
    zone = offset(will_be.effective_at.astimezone(offer.site.zone))
    rows = [
        (
            text("settlement.preview_effective"),
            text("settlement.preview_day", day=will_be.effective_day, zone=zone),
        ),
        (text("payer_change.open_day", day=will_be.open_day), old),
        (text("settlement.preview_after"), text("payer_change.new_pays")),
        (text("payer_change.balances"), text("payer_change.balances_stay", username=offer.fee_username)),
    ]
    if offer.by_cloud:
        rows.append((text("payer_change.cloud"), text("payer_change.cloud_ends")))
    return [PreviewRow(*row) for row in rows]
