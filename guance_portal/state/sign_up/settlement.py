"""选择结算方式, the last step: the workspace, and who pays for it; and 开通成功 after it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes, sites
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import Checklist
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, LanguageTag, Line, blank
from guance_portal.core.messages import Language, Text, text
from guance_portal.onboarding.orders import WorkspaceOrder
from guance_portal.onboarding.rules import SignUpStep
from guance_portal.onboarding.settlement_drafts import Chosen, SettlementForm
from guance_portal.onboarding.settlement_options import SettlementOption
from guance_portal.payers.rules import SettlementMethod
from guance_portal.state.audience import SAME_PERSON, audience
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.sign_up.form import SignUpMixin
from guance_portal.state.typed import TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(SettlementForm.text_name)]


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One radio; refused ones carry their reason."""

    value: str
    title: Text
    description: Text
    needs: Text
    mark: str
    is_choosable: bool
    reason: Text


class SignUpSettlementState(TypedMixin, SignUpMixin, rx.State):
    """What step 3 offers at this person's site; `chosen` is the method that the page began with."""

    username: rx.Field[str] = rx.field(default="")
    site: rx.Field[Text] = rx.field(default_factory=Text)
    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(SettlementForm))
    options: rx.Field[list[OptionRow]] = rx.field(default_factory=list)
    note: rx.Field[Text] = rx.field(default_factory=Text)
    chosen: rx.Field[str] = rx.field(default=SettlementMethod.ENTERPRISE.value)

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    async def load_settlement(self) -> rx.event.EventSpec | None:
        """Show the offer; anyone who has chosen already goes on."""
        if elsewhere := await self._elsewhere(SignUpStep.SETTLEMENT):
            return rx.redirect(elsewhere, replace=True)
        pending = await services().onboarding.progress.pending(self._actor())
        if pending is None:
            return rx.redirect(routes.home(Realm.CONSOLE), replace=True)
        self._start()
        self.username, self.site = pending.username, pending.site.name
        self.options, self.note = [_row(option) for option in pending.options.options], pending.options.note
        kept = await services().onboarding.settlement_drafts.kept(self._actor())
        self._take(kept.form if kept else SettlementForm(name=pending.suggested_name))
        self.chosen = kept.method.value if kept else SettlementMethod.ENTERPRISE.value
        self.version += 1
        return None

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    async def save(self, field: _Field, value: Line, spoken: LanguageTag) -> None:
        """Keep what is typed or chosen; the language of the workspace is that of the page until another is."""
        try:
            await services().onboarding.settlement_drafts.note(self._actor(), {field: value}, Language.of(spoken))
        except PortalError as error:
            await self._say_error(error)
            return
        # `chosen` stays what the page began with: the radios would be drawn again, and lose the focus.
        self._type(SettlementForm, field, value)

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left."""
        self._leave(SettlementForm, field, value)

    @audience(Realm.CONSOLE, page=SAME_PERSON)
    @rx.event
    async def confirm(self, form: SettlementForm) -> AsyncIterator[Any]:
        """确定: open the workspace; with a cloud's method its subscription comes first."""
        self._begin()
        yield
        try:
            checks = Checklist(*form.asked())
            form.read(checks)
            checks.finish()
            way_on = await self._choose(Chosen.of(form))
        except PortalError as error:
            self._fail_all(error)
        else:
            self.is_busy = False
            yield way_on

    async def _choose(self, chosen: Chosen) -> Any:
        onboarding, actor = services().onboarding, self._actor()
        if chosen.method.provider and await onboarding.progress.pending(actor):
            await onboarding.settlement_drafts.save(actor, sites.get(self._session().site), chosen)
            return CloudSubscribeState.open_cloud_for_sign_up(chosen.method.value)
        order = WorkspaceOrder(
            actor=actor,
            caller=self._caller(),
            name=chosen.name,
            language=chosen.language,
            method=chosen.method,
        )
        await onboarding.openings.choose_settlement(order)
        return rx.redirect(routes.REGISTER_DONE, replace=True)


class SignUpDoneState(SignUpMixin, rx.State):
    """开通成功: what was opened."""

    workspace: rx.Field[str] = rx.field(default="")
    site: rx.Field[Text] = rx.field(default_factory=Text)
    login_host: rx.Field[str] = rx.field(default="")
    fee_username: rx.Field[str] = rx.field(default="")
    method: rx.Field[Text] = rx.field(default_factory=Text)
    email: rx.Field[str] = rx.field(default="")

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_done(self) -> rx.event.EventSpec | None:
        """Show the receipt; anyone who has not chosen yet goes back to it."""
        if elsewhere := await self._elsewhere(SignUpStep.DONE):
            return rx.redirect(elsewhere, replace=True)
        receipt = await services().onboarding.progress.done(self._actor())
        if receipt is None or receipt.method is None:
            return rx.redirect(routes.home(Realm.CONSOLE), replace=True)
        self.workspace, self.site, self.login_host = (
            receipt.workspace_name,
            receipt.site.name,
            receipt.site.login_host,
        )
        self.fee_username, self.email = receipt.fee_username, receipt.email
        self.method = text(f"settlement_method.{receipt.method}")
        return None


def _row(option: SettlementOption) -> OptionRow:
    return OptionRow(
        value=option.method.value,
        title=option.title,
        description=option.description,
        needs=option.needs,
        mark=option.method.mark,
        is_choosable=option.is_choosable,
        reason=option.reason,
    )
