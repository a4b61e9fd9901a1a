"""开通云账号结算: subscribe at the marketplace, name the subscription or wait for it, and settle by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator, Field

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.forms import FIELD_NAME
from guance_portal.core.messages import text
from guance_portal.payers.cloud_errors import CloudError
from guance_portal.payers.cloud_ids import CloudForm
from guance_portal.payers.ports import CloudClaim
from guance_portal.sites import Provider
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.settlement.cloud_places import ClaimSource, take
from guance_portal.state.settlement.cloud_rows import CloudPurpose, Failure, failure, refused
from guance_portal.state.settlement.cloud_shown import CloudShownMixin
from guance_portal.state.settlement.dialog import OPEN, SettlementState

_Id = Annotated[str, Field(max_length=2000)]
_Field = Annotated[str, FIELD_NAME, AfterValidator(CloudForm.text_name)]
_Code = Annotated[str, Field(max_length=80)]


class CloudSubscribeState(CloudShownMixin, rx.State):
    """What the person does in the dialog."""

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def load_cloud(self) -> None:
        """Show the dialog when the address says that it was open; without a word where it cannot be any more."""
        self._forget()
        code, _, workspace_id = self._asked("cloud").partition(".")
        if code not in set(Provider):
            return
        path = routes.normal(self.router.url.path)
        place = {routes.REGISTER_SETTLEMENT: CloudPurpose.SIGN_UP, routes.FEE_ACCOUNT: CloudPurpose.ACCOUNT}.get(
            path, CloudPurpose.WORKSPACE
        )
        if place is CloudPurpose.WORKSPACE and routes.realm_of(path) is Realm.CONSOLE:
            workspace_id = self._actor().workspace_id
        try:
            await self._begin_at(place, Provider(code), workspace_id, is_new=False)
        except PortalError:
            self._forget()

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def open_cloud(self, choice: _Code) -> None:
        """下一步 of the settlement dialog: subscribe a new account of a provider (`provider:aws`)."""
        settlement = await self.get_state(SettlementState)
        if await self._open(CloudPurpose.WORKSPACE, choice.removeprefix("provider:"), settlement._workspace_id):
            settlement.close_settlement()

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_cloud_for_sign_up(self, provider: _Code) -> None:
        """确定 of step 3: the workspace waits for the subscription."""
        await self._open(CloudPurpose.SIGN_UP, provider, "")

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def add_cloud(self, provider: _Code) -> None:
        """添加 in 账户管理."""
        await self._open(CloudPurpose.ACCOUNT, provider, "")

    @audience(Realm.CONSOLE, Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_cloud(self) -> None:
        """Closing changes nothing; what was typed is kept."""
        self._forget()

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def choose_again(self) -> None:
        """重新选择: back to the methods."""
        is_open, place, workspace_id = self.is_open, self.place, self._workspace_id
        self._forget()
        if is_open and place == CloudPurpose.WORKSPACE:
            await self._show_methods(workspace_id)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def go_to_market(self) -> None:
        """The marketplace was opened in a new tab: from now on its answer is waited for."""
        if not self.is_open:
            return
        self.has_gone, self.failure = True, Failure()
        if not self.is_typed and not self.received:
            draft = await services().cloud_drafts.open(
                self._actor(), self._workspace_id, Provider(self.provider), is_new=True
            )
            self._began, self.waited = draft.began_at.timestamp(), 0
            self.waits += 1

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def save_account(self, value: _Id) -> None:
        """Keep the account ID once its field is left."""
        await self._save(plain.code(value), self.instance)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def save_instance(self, value: _Id) -> None:
        """Keep the instance ID once its field is left."""
        await self._save(self.account, plain.code(value))

    @audience(Realm.CONSOLE, Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, field: _Field, value: _Id) -> None:
        """Say what is wrong with an ID that is left."""
        if self.is_open and field not in self.problems:
            self._judge(field, CloudForm(**{field: value}).problem_at(Provider(self.provider), field))

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def verify(self, form: CloudForm) -> AsyncIterator[Any]:
        """验证并开通."""
        self._begin()
        self.failure = Failure()
        yield
        try:
            claim = form.claim(self._opened_for())
            await self._save(claim.account, claim.instance)
            yield await self._take(claim=claim)
        except FormProblemsError as problems:
            self._refuse({one.field: refused(one, self.provider) for one in problems})
        except PortalError as error:
            self._show_failure(error)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def confirm_received(self) -> AsyncIterator[Any]:
        """确认提交: settle by the account that came in."""
        self._begin()
        self.failure = Failure()
        yield
        try:
            yield await self._take()
        except PortalError as error:
            self._show_failure(error)

    async def _take(self, claim: CloudClaim | None = None) -> Any:
        actor, provider = self._actor(), self._opened_for()
        place, workspace_id = CloudPurpose(self.place), self._workspace_id
        taken = ClaimSource(
            actor=actor,
            caller=self._caller(),
            provider=provider,
            workspace_id=workspace_id,
            claim=claim,
            cloud_account_id=self._received_id,
        )
        await take(place, taken)
        await services().cloud_drafts.delete(actor, workspace_id)
        self._forget()
        if place is CloudPurpose.SIGN_UP:
            return rx.redirect(routes.REGISTER_DONE, replace=True)
        if place is CloudPurpose.WORKSPACE:
            await self._show_methods(workspace_id)
        await self._say(f"cloud.done.{place}")
        return None

    def _opened_for(self) -> Provider:
        """The provider of the open dialog; raises NotAllowedError while it is closed."""
        if not self.is_open:
            raise NotAllowedError
        return Provider(self.provider)

    async def _show_methods(self, workspace_id: str) -> None:
        await (await self.get_state(SettlementState))._open(workspace_id, OPEN if self._in_console() else workspace_id)

    async def _save(self, account: str, instance: str) -> None:
        self._type(account, instance)
        self.problems = {}
        await services().cloud_drafts.save(self._actor(), self._workspace_id, account=account, instance=instance)

    def _show_failure(self, error: PortalError) -> None:
        self.failure = failure(error, CloudPurpose(self.place), self.provider, services().clock.now(), self._site)
        is_field = isinstance(error, CloudError) and error.field in {"account", "instance"}
        self._refuse({error.field: text(f"cloud.check_{error.field}")} if is_field else {})
