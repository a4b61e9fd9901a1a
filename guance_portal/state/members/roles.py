"""Changing the role of a member, or removing them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import reflex as rx

from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Id
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.members.table import MembersState

RoleName = Annotated[Literal["admin", "standard", "readonly"], Asked(label="members.role", kind=FieldKind.CHOICE)]
"""What a member can be made; the owner hands the workspace over."""


class RoleForm(Form):
    """Another role."""

    new_role: RoleName = "readonly"


class MemberState(FormMixin, rx.State):
    """The dialogs 更改角色 and 移除成员, and the member they are about; `openings` makes each start over."""

    key: rx.Field[str] = rx.field(default="")
    name: rx.Field[str] = rx.field(default="")
    role: rx.Field[str] = rx.field(default="")
    openings: rx.Field[int] = rx.field(default=0)
    is_changing: rx.Field[bool] = rx.field(default=False)
    is_removing: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_role(self, key: Id) -> None:
        """Ask which role."""
        self.is_changing = await self._choose(key)

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_role(self) -> None:
        """Leave the role as it is."""
        self.is_changing = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def change_role(self, form: RoleForm) -> AsyncIterator[Any]:
        """Give the member the role."""
        self._begin()
        yield None
        try:
            await services().members.change_role(self._actor(), self.key, Role(form.new_role), self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("members.changed", name=self.name)
        self.is_busy = self.is_changing = False
        yield MembersState.load_members

    @audience(Realm.CONSOLE)
    @rx.event
    async def open_removal(self, key: Id) -> None:
        """Ask before removing."""
        self.is_removing = await self._choose(key)

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_removal(self) -> None:
        """Keep the member."""
        self.is_removing = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def remove(self) -> AsyncIterator[Any]:
        """End the membership."""
        self._begin()
        yield None
        try:
            await services().members.remove(self._actor(), self.key, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("members.removed", name=self.name)
        self.is_busy = self.is_removing = False
        yield MembersState.load_members

    async def _choose(self, key: str) -> bool:
        """Remember whom the dialog is about; False for nobody on the page."""
        self._start()
        self.openings += 1
        row = (await self.get_state(MembersState))._named(key)
        self.key, self.name, self.role = (row.key, row.name, row.role) if row else ("", "", "")
        return row is not None
