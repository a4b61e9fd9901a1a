"""最近收支 on 账户概览: the last transactions; a new one shows by itself."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.members.access import is_limited
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.state.audience import audience
from guance_portal.state.fee_center.statement import LineRow, line_row
from guance_portal.state.live import Followed, LiveMixin

_MOST = 5


class RecentState(LiveMixin, rx.State):
    """The list."""

    lines: rx.Field[list[LineRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_recent(self) -> None:
        """Read them, for a session of the whole account alone."""
        self._unfollow()
        self.lines, self.is_loaded = [], False
        if not is_limited(self._actor()):
            await self._read(self._actor())

    async def _read(self, actor: Actor) -> None:
        seen = await services().wallet_statements.recent(actor, _MOST)
        self.lines = [line_row(line, seen.currency, seen.zone) for line in seen.lines]
        self.is_loaded = True
        self._follow(actor.subject_id, seen.version, Followed.WALLET)

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None or is_limited(session.actor):
            self.lines, self.is_loaded = [], False
            return False
        await self._read(session.actor)
        return True
