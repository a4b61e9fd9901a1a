"""解散工作空间: the dialog, and what the page says once it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx

from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, Form, Id
from guance_portal.core.messages import Text
from guance_portal.onboarding.dissolution import DissolveOrder, DissolveReceipt
from guance_portal.state.audience import DISPLAY_ONLY, Exempt, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.display import moment
from guance_portal.state.workspace import WorkspaceState
from guance_portal.state.workspace_settings.page import WorkspaceSettingsState

_NAMED = Exempt(
    "The order names the workspace of the dialog, of which the service wants the session; once it is dissolved the session"
    " looks elsewhere, and a second press gets the first receipt."
)


class DissolveForm(Form):
    """The workspace of the dialog, and the name typed to confirm."""

    workspace: Id = ""
    confirmed_name: Annotated[str, Asked(label="settings.dissolve_name")] = ""


class DissolveState(FormMixin, rx.State):
    """Whether the dialog is open, and what was dissolved: `gone` is its name, empty before."""

    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    gone: rx.Field[str] = rx.field(default="")
    gone_at: rx.Field[Text] = rx.field(default_factory=Text)
    email: rx.Field[str] = rx.field(default="")
    was_commercial: rx.Field[bool] = rx.field(default=False)
    has_others: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    def load_dissolve(self) -> None:
        """Nothing is asked, and nothing done, when the page is opened."""
        self.reset()

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_dissolve(self) -> None:
        """Ask for the name, with what it means read again."""
        self._start()
        await (await self.get_state(WorkspaceSettingsState))._load()
        self.openings += 1
        self.is_open = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_dissolve(self) -> None:
        """Keep the workspace."""
        self.is_open = False

    @audience(Realm.CONSOLE, page=_NAMED)
    @rx.event
    async def dissolve(self, form: DissolveForm) -> AsyncIterator[Any]:
        """Dissolve the workspace that the dialog shows, and say what was done until the page is left."""
        self._begin()
        yield None
        order = DissolveOrder(
            actor=self._actor(), caller=self._caller(), workspace_id=form.workspace, name=form.confirmed_name
        )
        try:
            receipt = await services().onboarding.dissolution.dissolve(order)
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy = self.is_open = False
        self._show(receipt)
        yield WorkspaceState.load_workspaces

    def _show(self, receipt: DissolveReceipt) -> None:
        self.gone, self.email = receipt.workspace_name, receipt.email
        self.gone_at = moment(receipt.dissolved_at, receipt.site.code)
        self.was_commercial = receipt.edition is Edition.COMMERCIAL
        self.has_others = receipt.next_workspace_id != ""
