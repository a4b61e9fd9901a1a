"""绑定费用中心账号, a dialog of 套餐升级."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Line, blank
from guance_portal.core.messages import text
from guance_portal.onboarding.upgrade.forms import BindForm
from guance_portal.onboarding.upgrade.rules import HasFeeAccountError
from guance_portal.state.audience import audience
from guance_portal.state.base import FORM
from guance_portal.state.codes import CodeMixin
from guance_portal.state.typed import TypedMixin
from guance_portal.state.upgrade.page import AGREEMENT, Id, UpgradeMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(BindForm.text_name)]


class BindHere(BindForm):
    """绑定费用中心账号 for the workspace that the dialog is about."""

    workspace: Id = ""


class PayerMixin(CodeMixin, UpgradeMixin, mixin=True):
    """A dialog with a code; `is_sent`: the last one went to the address that is typed."""

    is_sent: rx.Field[bool] = rx.field(default=False)

    async def _go_on(self, error: PortalError) -> rx.event.EventSpec | None:
        if isinstance(error, HasFeeAccountError):
            await self._say_error(error)
            return rx.redirect(routes.upgrade(AGREEMENT), replace=True)
        return await self._turn_away(error)


class BindPayerState(TypedMixin, PayerMixin, rx.State):
    """Which account will pay: the username that was typed, and nothing of the account."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(BindForm))

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_binding(self) -> None:
        """Show what was typed before."""
        self._start()
        self.is_sending, self.wait = False, 0
        view = await shown(self)
        if view and view.offer:
            self.is_sent = self.is_sent and self.typed["payer"] == view.offer.typed.form.payer
            self._take(BindForm.of(view.offer.typed.form.typed()))

    @audience(Realm.CONSOLE)
    @rx.event
    async def save(self, workspace: Id, field: _Field, value: Line) -> None:
        """Keep the username while it is typed; another one needs another code."""
        if not self._type(BindForm, field, value):
            return
        self.is_sent, self.wait = False, 0
        self.problems.pop("payer", None)
        self.problems.pop("binding_code", None)
        try:
            await services().onboarding.upgrade_payers.save(self._asker(workspace), {field: value})
        except PortalError as error:
            await self._say_error(error)

    @audience(Realm.CONSOLE)
    @rx.event
    async def send_code(self, workspace: Id) -> AsyncIterator[Any]:
        """获取验证码: to the account whose username was typed."""
        if not self._begin_sending("payer", "binding_code", FORM):
            return
        self.is_sent = False
        yield
        asked = services().onboarding.upgrade_payers.send_binding_code(self._asker(workspace), self.typed["payer"])
        _, error = await self._send(asked, code="binding_code")
        self.is_sent = error is None
        if error:
            yield await self._go_on(error)

    @audience(Realm.CONSOLE)
    @rx.event
    async def bind(self, form: BindHere) -> AsyncIterator[Any]:
        """绑定并继续: on to 服务协议."""
        self._begin()
        yield
        try:
            await services().onboarding.upgrade_payers.bind(self._asker(form.workspace), form.payer, form.binding_code)
        except PortalError as error:
            self._refuse({_field(error): text(error.code, **error.params)})
            yield await self._go_on(error)
        else:
            self.is_busy = False
            yield rx.redirect(routes.upgrade(AGREEMENT))


async def shown(state: PayerMixin) -> Any:
    """What the page shows; None for anyone who may not see it."""
    try:
        return await services().onboarding.upgrade_views.view(state._actor())
    except PortalError:
        return None


def _field(error: PortalError) -> str:
    """Where 绑定费用中心账号 shows a problem: its code has a name of its own beside that of the other dialog."""
    return "binding_code" if error.field == "code" else error.field
