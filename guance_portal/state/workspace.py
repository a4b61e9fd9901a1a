"""The workspace switcher of the console's header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field
from reflex.state import OnLoadInternalState

from guance_portal import routes
from guance_portal.accounts.members.access import MANAGERS
from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.state.audience import DISPLAY_ONLY, Exempt, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.shown import ShownState
from guance_portal.state.workspace_debt import WorkspaceDebtState


@dataclass(frozen=True, slots=True)
class SwitcherWorkspace:
    """One workspace as the switcher shows it."""

    id: str
    name: str
    is_commercial: bool = False
    is_current: bool = False


class WorkspaceState(PageMixin, rx.State):
    """My workspaces and the one this session looks at; the address never names it."""

    rows: rx.Field[list[SwitcherWorkspace]] = rx.field(default_factory=list)
    current: rx.Field[str] = rx.field(default="")
    is_commercial: rx.Field[bool] = rx.field(default=False)
    is_manager: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_workspaces(self) -> None:
        """Read which there are."""
        await self._load()

    @audience(Realm.CONSOLE, page=Exempt("It names the workspace that shall be looked at from now on."))
    @rx.event
    async def choose_workspace(self, workspace_id: Annotated[str, Field(max_length=60)]) -> rx.event.EventSpec | None:
        """Look at another workspace: its plan and bills, or my account where I may not see them."""
        try:
            role = await services().workspaces.choose(self._actor(), workspace_id)
        except PortalError as error:
            await self._say_error(error)
            await self._load()
            return None
        landing = routes.home(Realm.CONSOLE) if role in MANAGERS else routes.ACCOUNT
        if routes.normal(self.router.url.path) == landing:  # no way to go: the page loads where it is
            return OnLoadInternalState.on_load_internal()  # pyright: ignore[reportReturnType, reportCallIssue] - a handler is called to name its event
        return rx.redirect(landing, replace=True)

    @audience(Realm.CONSOLE, page=Exempt("It names the workspace that shall be looked at from now on."))
    @rx.event
    async def return_to(self, workspace_id: Annotated[str, Field(max_length=60)]) -> None:
        """Look again at the workspace that this page shows; the page stays as it is, with all that was typed."""
        try:
            await services().workspaces.choose(self._actor(), workspace_id)
        except PortalError as error:
            await self._say_error(error)
        (await self.get_state(ShownState))._clear()

    @audience(Realm.CONSOLE, Realm.FEE_CENTER, Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    async def close_out_of_date(self) -> None:
        """Stay on the page as it is; what acts on a workspace stays refused."""
        (await self.get_state(ShownState))._clear()

    async def _load(self) -> None:
        await self._load_for(self._actor())

    async def _load_for(self, actor: Actor) -> None:
        views = await services().workspaces.mine(actor)
        self.rows = [
            SwitcherWorkspace(
                id=view.id,
                name=view.name,
                is_commercial=view.edition is Edition.COMMERCIAL,
                is_current=view.is_current,
            )
            for view in views
        ]
        here = next((view for view in views if view.is_current), None)
        self.current = here.name if here else ""
        self.is_commercial = here is not None and here.edition is Edition.COMMERCIAL
        self.is_manager = here is not None and here.role in MANAGERS
        await (await self.get_state(WorkspaceDebtState))._load_for(actor)


async def turned_away(actor: Actor) -> rx.event.EventSpec:
    """Send those who may not see a page of the workspace to their unfinished sign-up, else to their account."""
    is_halfway = await services().onboarding.progress.pending(actor) is not None
    return rx.redirect(routes.REGISTER_SETTLEMENT if is_halfway else routes.ACCOUNT, replace=True)
