"""空间设置: the settings of the session's workspace, and changing its name and language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal.accounts.members.access import MANAGERS
from guance_portal.accounts.rules import Edition, Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.forms import FIELD_NAME, Line
from guance_portal.core.messages import Language, Text
from guance_portal.onboarding.forms import WorkspaceForm
from guance_portal.onboarding.workspace_settings import SettingsOrder, SettingsView
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.display import moment
from guance_portal.state.typed import TypedMixin
from guance_portal.state.upgrade.effects import EffectRow
from guance_portal.state.workspace import WorkspaceState, turned_away
from guance_portal.state.workspace_settings.effects import effects

_Field = Annotated[str, FIELD_NAME, AfterValidator(WorkspaceForm.text_name)]


class WorkspaceSettingsState(TypedMixin, rx.State):
    """The settings; `openings` grows with each loading, so that the form shows what is kept.

    `rows` say what dissolving means, to the owner alone. Anyone who is no member is sent to their account.
    """

    is_loaded: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    workspace_id: rx.Field[str] = rx.field(default="")
    name: rx.Field[str] = rx.field(default="")
    language: rx.Field[str] = rx.field(default="")
    site: rx.Field[Text] = rx.field(default_factory=Text)
    opened_at: rx.Field[Text] = rx.field(default_factory=Text)
    owner: rx.Field[str] = rx.field(default="")
    is_commercial: rx.Field[bool] = rx.field(default=False)
    is_manager: rx.Field[bool] = rx.field(default=False)
    is_owner: rx.Field[bool] = rx.field(default=False)
    rows: rx.Field[list[EffectRow]] = rx.field(default_factory=list)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_settings(self) -> rx.event.EventSpec | None:
        """Read them again."""
        self.is_loaded = False
        self._start()
        return await self._load()

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left."""
        self._leave_unkept(WorkspaceForm, field, value)

    @audience(Realm.CONSOLE)
    @rx.event
    async def save_settings(self, form: WorkspaceForm) -> AsyncIterator[Any]:
        """保存: of the workspace that the page shows."""
        self._begin()
        yield None
        order = SettingsOrder(
            actor=self._actor(),
            caller=self._caller(),
            workspace_id=self.workspace_id,
            name=form.name,
            language=Language.of(form.workspace_language),
        )
        try:
            await services().onboarding.settings.change(order)
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy = False
        await self._say("settings.saved")
        yield await self._load()
        yield WorkspaceState.load_workspaces

    async def _load(self) -> rx.event.EventSpec | None:
        actor = self._actor()
        try:
            view = await services().onboarding.settings.view(actor)
        except NotAllowedError:
            return await turned_away(actor)
        self._show(view)
        return None

    def _show(self, view: SettingsView) -> None:
        self.workspace_id, self.name, self.language = view.workspace_id, view.name, view.language.value
        self.site, self.opened_at = view.site.name, moment(view.opened_at, view.site.code)
        self.owner, self.is_commercial = view.owner, view.edition is Edition.COMMERCIAL
        self.is_manager, self.is_owner = view.role in MANAGERS, view.role is Role.OWNER
        self.rows = effects(view.ending) if view.ending else []
        self.openings += 1
        self.is_loaded = True
