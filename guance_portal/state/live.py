"""Pages that show by themselves what has come in: one watcher a worker process, never a loop a page.

Every worker looks at the database itself, so that it matters neither which of them took the data
nor how many there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
import structlog

from guance_portal.accounts.sessions.views import LiveSession
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.state import connection, tabs
from guance_portal.state.base import PageMixin

log = structlog.get_logger(__name__)

PERIOD = 0.5
"""Seconds between two looks: data is shown within two seconds of its acceptance."""
_AT_ONCE = 50
_PAUSE_AFTER_FAILURE = 5.0


class Followed(StrEnum):
    """What a page may follow.

    A workspace's use; of a fee-centre account what it may settle by, its wallet, or one of its recharges; a simulator.
    """

    USAGE = "usage"
    SETTLEMENT = "settlement"
    WALLET = "wallet"
    RECHARGE = "recharge"
    SANDBOX = "sandbox"


class LiveMixin(PageMixin, mixin=True):
    """A page that follows something; of several states of a page each may follow its own."""

    async def _arrive(self) -> bool:
        """Show what is there now; False when the page need not be told any more.

        Nobody has passed the gate for this: it looks session and membership up again.
        """
        raise NotImplementedError

    def _follow(
        self, id_: str, version: int, what: Followed = Followed.USAGE, *, days: Mapping[ZoneInfo, date] | None = None
    ) -> None:
        """Have `_arrive` called whenever the version of what has this id is no longer this one.

        `days` are the billing days that the page shows, by the zones of their sites: it is called too when one of
        them is over, for a midnight changes no version. Both are read before what they stand for, so that nothing
        that happens in between is missed.
        """
        _pages[self._key()] = _Page(type(self), what, id_, _Seen(version, dict(days or {})))

    def _unfollow(self) -> None:
        _pages.pop(self._key(), None)

    def _key(self) -> tuple[str, type[LiveMixin]]:
        return self.router.session.client_token, type(self)

    async def _live_session(self, realm: Realm = Realm.CONSOLE) -> LiveSession | None:
        """The session of this browser in a realm, as it is now; looking at it does not keep it alive."""
        token_hash = connection.session_hash(self.router, realm)
        return await services().sessions.find(realm, token_hash, is_active=False) if token_hash else None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a page shows: the version of what it follows, and the billing days of its sites."""

    version: int
    days: dict[ZoneInfo, date]


@dataclass(slots=True)
class _Page:
    state: type[LiveMixin]
    what: Followed
    id: str
    seen: _Seen


def billing_days(*zones: ZoneInfo) -> dict[ZoneInfo, date]:
    """The billing day that is open in each zone, as `LiveMixin._follow` takes them."""
    now = services().business_clock.now()
    return {zone: now.astimezone(zone).date() for zone in zones}


_pages: dict[tuple[str, type[LiveMixin]], _Page] = {}


async def watch(app: rx.App) -> None:
    """Tell the pages of this worker, for as long as it lives."""
    while True:
        await asyncio.sleep(PERIOD)
        if not await look(app):
            await asyncio.sleep(_PAUSE_AFTER_FAILURE)


async def look(app: rx.App) -> bool:
    """Compare versions and billing days once, and tell the pages for which one is another; False when some were not told."""
    for key in [key for key in _pages if not tabs.is_connected(app, key[0])]:
        del _pages[key]
    versions = {what: await _versions(what) for what in {page.what for page in _pages.values()}}
    today = billing_days(*{zone for page in _pages.values() for zone in page.seen.days})
    due = [
        _tell(app, key, page, now)
        for key, page in list(_pages.items())
        if (now := _now(page, versions, today)) != page.seen
    ]
    problems: list[BaseException] = []
    for start in range(0, len(due), _AT_ONCE):
        problems += await _all(due[start : start + _AT_ONCE])
    if problems:
        # What stands behind is the same for all of them: one line tells it.
        log.error("pages_not_told", pages=len(problems), exc_info=problems[0])
    return not problems


def _now(page: _Page, versions: Mapping[Followed, Mapping[str, int]], today: Mapping[ZoneInfo, date]) -> _Seen:
    """What the page would show if it were told now; what came to be followed meanwhile is looked at next time."""
    version = versions.get(page.what, {}).get(page.id, page.seen.version)
    return _Seen(version, {zone: today.get(zone, day) for zone, day in page.seen.days.items()})


async def _versions(what: Followed) -> dict[str, int]:
    ids = {page.id for page in _pages.values() if page.what is what}
    asked = {
        Followed.USAGE: services().usage.versions,
        Followed.SETTLEMENT: services().settlement.versions,
        Followed.WALLET: services().wallet_views.versions,
        Followed.RECHARGE: services().recharge_service.versions,
        Followed.SANDBOX: services().sandbox.versions,
    }
    return await asked[what](ids)


async def _all(told: Sequence[Coroutine[Any, Any, None]]) -> list[BaseException]:
    outcomes = await asyncio.gather(*told, return_exceptions=True)
    return [problem for problem in outcomes if isinstance(problem, BaseException)]


async def _tell(app: rx.App, key: tuple[str, type[LiveMixin]], page: _Page, now: _Seen) -> None:
    async with app.modify_state(rx.BaseStateToken(ident=key[0], cls=page.state)) as root:  # pyright: ignore[reportArgumentType] - a mixin's state is one
        state = await root.get_state(page.state)  # pyright: ignore[reportArgumentType] - see above
        stays = await state._arrive()
    # Only now, so that a page that could not be told is told at the next look.
    page.seen = now
    if not stays and _pages.get(key) is page:
        del _pages[key]
