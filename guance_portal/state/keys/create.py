"""创建密钥: the dialog, and the new key, which is shown this once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from guance_portal.accounts.keys.forms import KeyForm
from guance_portal.accounts.keys.rules import Scope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Line, blank
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.keys.table import KeysState
from guance_portal.state.typed import TypedMixin


class CreateKeyState(TypedMixin, rx.State):
    """The dialog; `key` is the new key until the dialog is closed. `openings` grows with each opening."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(KeyForm))
    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    key: rx.Field[str] = rx.field(default="")

    @audience(Realm.CONSOLE)
    @rx.event
    def open_create(self) -> None:
        """Ask what the key is for."""
        self._start()
        self._take(KeyForm())
        self.key = ""
        self.openings += 1
        self.is_open = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_create(self) -> None:
        """Make none, or put the new one out of sight."""
        self.is_open, self.key = False, ""

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, value: Line) -> None:
        """Say what is wrong with the name when its field is left."""
        self._leave(KeyForm, "name", value)

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def type_name(self, value: Line) -> None:
        """Judge a name again that was wrong."""
        self._type(KeyForm, "name", value)

    @audience(Realm.CONSOLE)
    @rx.event
    async def create_key(self, form: KeyForm) -> AsyncIterator[Any]:
        """Make the key and show it."""
        if self.is_busy or self.key:  # a second press of the same dialog makes no second key
            return
        self._begin()
        yield None
        chosen = {
            Scope.WRITE_USAGE: form.writes_usage,
            Scope.READ_USAGE: form.reads_usage,
            Scope.READ_BILLS: form.reads_bills,
        }
        actor = self._actor()
        order = KeyOrder(
            actor=actor,
            caller=self._caller(),
            workspace_id=actor.workspace_id,
            name=form.name,
            scopes={scope for scope, is_chosen in chosen.items() if is_chosen},
        )
        try:
            self.key = await services().api_keys.create(order)
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy = False
        yield KeysState.load_keys
