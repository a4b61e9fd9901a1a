"""API 密钥: the keys of the session's workspace, and deleting one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from guance_portal.accounts.keys.rules import KeyView, Scope
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.forms import Id
from guance_portal.core.messages import Text, text
from guance_portal.core.settings import settings
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment
from guance_portal.state.workspace import turned_away


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key; `last_used_at` is empty while it was never used."""

    id: str
    name: str
    beginning: str
    scopes: list[Text]
    creator: str
    created_at: Text
    last_used_at: Text


class KeysState(PageMixin, rx.State):
    """The list, the portal's address, and the key that is about to be deleted. Members who may not see it read whom to ask."""

    rows: rx.Field[list[KeyRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_refused: rx.Field[bool] = rx.field(default=False)
    is_deleting: rx.Field[bool] = rx.field(default=False)
    is_busy: rx.Field[bool] = rx.field(default=False)
    address: rx.Field[str] = rx.field(default="")
    chosen: rx.Field[str] = rx.field(default="")
    chosen_name: rx.Field[str] = rx.field(default="")

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_keys(self) -> rx.event.EventSpec | None:
        """Read the list."""
        self.is_deleting = self.is_busy = False
        return await self._load()

    @audience(Realm.CONSOLE)
    @rx.event
    def open_deletion(self, key_id: Id) -> None:
        """Ask before a key ends."""
        row = next((row for row in self.rows if row.id == key_id), None)
        if row:
            self.chosen, self.chosen_name, self.is_deleting = row.id, row.name, True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_deletion(self) -> None:
        """Keep it."""
        self.is_deleting = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def delete_key(self) -> AsyncIterator[Any]:
        """End the key of the dialog."""
        self.is_busy = True
        yield None
        try:
            await services().api_keys.delete(self._actor(), self.chosen, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("keys.deleted")
        self.is_busy = self.is_deleting = False
        yield await self._load()

    async def _load(self) -> rx.event.EventSpec | None:
        actor = self._actor()
        try:
            keys = await services().api_keys.keys(actor)
        except NotAllowedError:
            self.rows, self.is_loaded, self.is_refused = [], True, True
            return None if actor.workspace_id else await turned_away(actor)
        site, self.address = self._session().site, settings().effective_public_url
        self.rows = [_row(key, site) for key in keys]
        self.is_loaded, self.is_refused = True, False
        return None


def scope_name(scope: Scope) -> Text:
    """What a scope is called."""
    return text(f"keys.scope.{scope.value.replace('.', '_')}")


def _row(key: KeyView, site: str) -> KeyRow:
    return KeyRow(
        id=key.id,
        name=key.name,
        beginning=key.beginning,
        scopes=[scope_name(scope) for scope in Scope if scope in key.scopes],
        creator=key.creator,
        created_at=moment(key.created_at, site),
        last_used_at=moment(key.last_used_at, site) if key.last_used_at else text("keys.never_used"),
    )
