"""The browsers a person is signed in on: shown, and ended one by one or together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.accounts.sessions.views import SessionView
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import DISPLAY_ONLY, SAME_PERSON, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One line of the list."""

    id: str
    device: Text
    place: Text
    opened_at: Text
    last_seen_at: Text
    is_current: bool


class DevicesState(PageMixin, rx.State):
    """The list and what is being done to it; `has_left` makes the page sign itself out over HTTP."""

    rows: rx.Field[list[DeviceRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_busy: rx.Field[bool] = rx.field(default=False)
    is_ending_all: rx.Field[bool] = rx.field(default=False)
    has_left: rx.Field[bool] = rx.field(default=False)

    @audience(*Realm)
    @rx.event
    async def load_devices(self) -> None:
        """Read the list."""
        self.is_busy = self.is_ending_all = self.has_left = False
        await self._load()

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    async def end_one(self, session_id: Annotated[str, Field(max_length=60)]) -> None:
        """Sign one device out."""
        try:
            await services().sessions.end(self._actor(), session_id, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("security.ended_one")
        await self._load()

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    async def end_others(self) -> AsyncIterator[None]:
        """Sign every other device out."""
        self.is_busy = True
        yield
        try:
            await services().sessions.end_others(self._actor(), self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("security.ended_others")
        await self._load()
        self.is_busy = False

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    def open_end_all(self) -> None:
        """Ask before signing this device out too."""
        self.is_ending_all = True

    @audience(*Realm, page=DISPLAY_ONLY)
    @rx.event
    def close_end_all(self) -> None:
        """Change nothing."""
        self.is_ending_all = False

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    async def end_all(self) -> AsyncIterator[None]:
        """Sign every device out, this one too, and leave."""
        self.is_busy = True
        yield
        try:
            await services().sessions.end_all(self._actor(), self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            self.has_left = True
        self.is_ending_all = self.is_busy = False

    async def _load(self) -> None:
        site = self._session().site
        try:
            views = await services().sessions.mine(self._actor())
        except PasswordNeededError:
            views = []
        self.rows = [_row(view, site) for view in views]
        self.is_loaded = True


def _row(view: SessionView, site: str) -> DeviceRow:
    unknown = text("security.unknown")
    device = Text(view.device, view.device) if view.device else unknown
    return DeviceRow(
        id=view.id,
        device=text("security.by_sso_handoff", device=device) if view.is_sso_handoff else device,
        place=view.place or unknown,
        opened_at=moment(view.created_at, site),
        last_seen_at=moment(view.last_seen_at, site),
        is_current=view.is_current,
    )
