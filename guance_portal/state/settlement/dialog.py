"""更改结算方式: the dialog of settlement methods, and what the pages behind it say of the method."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.settlement.overview import Overview
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.live import Followed, LiveMixin
from guance_portal.state.settlement.rows import (
    MethodRow,
    PreviewRow,
    Shown,
    confirm_text,
    effective_line,
    preview_rows,
    shown,
)

OPEN = "settlement"
"""In the console `?dialog=settlement` opens the dialog; in the fee centre `?settle=` and the workspace's id."""

_ChoiceText = Annotated[str, Field(max_length=80)]
_WorkspaceId = Annotated[str, Field(max_length=60)]


class SettlementState(LiveMixin, rx.State):
    """One workspace's method, and the dialog about it. `address` says in the address that it is open.

    `chosen` is the option that was picked; `mine` tells whether the viewer may change the method.
    """

    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_open: rx.Field[bool] = rx.field(default=False)
    is_busy: rx.Field[bool] = rx.field(default=False)
    address: rx.Field[str] = rx.field(default="")
    shown: rx.Field[Shown] = rx.field(default_factory=Shown)
    current: rx.Field[list[MethodRow]] = rx.field(default_factory=list)
    enterprise: rx.Field[list[MethodRow]] = rx.field(default_factory=list)
    accounts: rx.Field[list[MethodRow]] = rx.field(default_factory=list)
    providers: rx.Field[list[MethodRow]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field(default="")
    confirm: rx.Field[Text] = rx.field(default_factory=Text)
    preview: rx.Field[list[PreviewRow]] = rx.field(default_factory=list)
    effective_line: rx.Field[Text] = rx.field(default_factory=Text)
    problem: rx.Field[Text] = rx.field(default_factory=Text)

    _workspace_id: str = ""

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_settlement(self) -> None:
        """Show how the session's workspace is settled, and the dialog when the address says so."""
        self._forget()
        await self._load_here(self._actor())

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_paid_settlement(self) -> None:
        """Show the dialog of the workspace that the address names."""
        self._forget()
        workspace_id = self._asked("settle")
        if workspace_id:
            await self._load(self._actor(), workspace_id, parameter="settle", value=workspace_id)

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_settlement(self) -> None:
        """更改结算方式 of the workspace that the page shows."""
        await self._open(self._workspace_id, OPEN)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def open_paid_settlement(self, workspace_id: _WorkspaceId) -> None:
        """更改结算方式 of a workspace that the account pays for."""
        await self._open(workspace_id, workspace_id)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_settlement(self) -> None:
        """Closing keeps the method."""
        self.is_open, self.address, self.problem = False, "", Text()

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def choose_method(self, choice: _ChoiceText) -> None:
        """Show what choosing this would mean."""
        self.problem = Text()
        await self._refresh(choice)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def change_method(self) -> AsyncIterator[Any]:
        """Schedule the change to the chosen option."""
        self.is_busy, self.problem = True, Text()
        yield
        try:
            order = ChangeOrder(
                actor=self._actor(), workspace_id=self._workspace_id, choice=self.chosen, caller=self._caller()
            )
            await services().settlement.switching.change(order)
        except PortalError as error:
            self.problem = text(error.code, **error.params)
        await self._refresh(self.chosen)

    @audience(Realm.CONSOLE, Realm.FEE_CENTER)
    @rx.event
    async def withdraw_change(self) -> AsyncIterator[Any]:
        """撤回: as if the pending change had never been ordered."""
        self.is_busy, self.problem = True, Text()
        yield
        try:
            await services().settlement.switching.withdraw(
                self._actor(), self._workspace_id, self.shown.pending_id, caller=self._caller()
            )
        except PortalError as error:
            self.problem = text(error.code, **error.params)
        else:
            await self._say("settlement.withdrawn")
        await self._refresh("")

    async def _open(self, workspace_id: str, address: str) -> None:
        try:
            self._workspace_id = workspace_id
            await self._look(self._actor(), workspace_id)
        except PortalError as error:
            await self._say_error(error)
        else:
            self.is_open, self.address, self.problem = True, address, Text()

    async def _load_here(self, actor: Actor) -> None:
        """Show how the workspace that a session of the console looks at is settled."""
        if actor.workspace_id:
            await self._load(actor, actor.workspace_id, parameter="dialog", value=OPEN)

    async def _load(self, actor: Actor, workspace_id: str, *, parameter: str, value: str) -> None:
        try:
            await self._look(actor, workspace_id)
        except PortalError:
            return  # nothing is settled there, or this is not for the viewer: the page itself says which
        if self.shown.may_change and self._asked(parameter) == value:
            self.is_open, self.address = True, value

    async def _look(self, actor: Actor, workspace_id: str) -> None:
        self._workspace_id = workspace_id
        overview = await self._overview(actor)
        self._show(overview, str(overview.preselected or ""))
        days = {overview.site.zone: overview.today}
        self._follow(overview.fee_account_id, overview.version, Followed.SETTLEMENT, days=days)

    async def _overview(self, actor: Actor) -> Overview:
        return await services().settlement.overviews.overview(actor, self._workspace_id)

    async def _refresh(self, choice: str) -> None:
        self.is_busy = False
        try:
            self._show(await self._overview(self._actor()), choice)
        except PortalError as error:
            self.problem = text(error.code, **error.params)

    def _show(self, overview: Overview, choice: str) -> None:
        """Show everything, with this option picked as far as it can be."""
        view = shown(overview)
        self.shown, self.current, self.enterprise = view.shown, view.current, view.enterprise
        self.accounts, self.providers, self.is_loaded = view.accounts, view.providers, True
        can = {row.value for row in (*view.enterprise, *view.accounts, *view.providers) if row.is_choosable}
        self.chosen = choice if choice in can else ""
        self.confirm, self.preview = confirm_text(overview, self.chosen), preview_rows(overview, self.chosen)
        self.effective_line = effective_line(overview, self.chosen)

    def _forget(self) -> None:
        self._unfollow()
        self._workspace_id = ""
        self.is_loaded = self.is_open = self.is_busy = False
        self.address, self.chosen, self.problem, self.shown = "", "", Text(), Shown()

    async def _arrive(self) -> bool:
        session = await self._live_session(routes.realm_of(routes.normal(self.router.url.path)))
        if session and session.actor.realm is Realm.CONSOLE and session.actor.workspace_id != self._workspace_id:
            return False  # another tab has switched: what is shown stays what it was, and anyone who acts is told
        try:
            overview = await self._overview(session.actor) if session else None
        except PortalError:
            overview = None
        if overview is None:
            self._forget()
            return False
        self._show(overview, self.chosen)
        return True
