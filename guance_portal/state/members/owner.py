"""Handing a workspace over, and leaving it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.errors import WrongPasswordError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError, TooManyAttemptsError
from guance_portal.core.forms import Asked, FieldKind, Form, Id
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.members.table import MembersState
from guance_portal.state.workspace import WorkspaceState


class TransferForm(Form):
    """The password of the owner who hands the workspace over."""

    password: Annotated[
        str,
        Asked(
            label="members.password",
            kind=FieldKind.PASSWORD,
            autocomplete="current-password",
            missing="sign_in.missing_password",
        ),
    ] = ""


class OwnershipState(FormMixin, rx.State):
    """The dialogs 转移所有权 and 退出工作空间; `openings` empties the form of the first."""

    key: rx.Field[str] = rx.field(default="")
    name: rx.Field[str] = rx.field(default="")
    openings: rx.Field[int] = rx.field(default=0)
    is_transferring: rx.Field[bool] = rx.field(default=False)
    is_leaving: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_transfer(self, key: Id) -> None:
        """Ask for the password."""
        self._start()
        self.openings += 1
        row = (await self.get_state(MembersState))._named(key)
        self.key, self.name = (row.key, row.name) if row else ("", "")
        self.is_transferring = row is not None

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_transfer(self) -> None:
        """Stay the owner."""
        self.is_transferring = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def transfer(self, form: TransferForm) -> AsyncIterator[Any]:
        """Hand the workspace over."""
        if self._lacks(form):
            return
        self._begin()
        yield None
        try:
            await services().members.transfer(self._actor(), self.key, form.password, self._caller())
        except (WrongPasswordError, TooManyAttemptsError) as error:
            self._fail(error)
            return
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("members.transferred", name=self.name)
        self.is_busy = self.is_transferring = False
        yield WorkspaceState.load_workspaces
        yield MembersState.load_members

    @audience(Realm.CONSOLE)
    @rx.event
    def open_leaving(self) -> None:
        """Ask before leaving."""
        self._start()
        self.is_leaving = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_leaving(self) -> None:
        """Stay."""
        self.is_leaving = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def leave(self) -> AsyncIterator[Any]:
        """Leave the workspace, and this page."""
        self._begin()
        yield None
        try:
            await services().members.leave(self._actor(), self._caller())
        except PortalError as error:
            await self._say_error(error)
            yield MembersState.load_members
        else:
            await self._say("members.left")
            yield rx.redirect(routes.ACCOUNT, replace=True)
        self.is_busy = self.is_leaving = False
