"""What the account that pays has, for the owner of a workspace, where the account shows it."""

from __future__ import annotations

import reflex as rx

from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.state.audience import audience
from guance_portal.state.fee_center.wallet import Balances, balances_of
from guance_portal.state.live import Followed, LiveMixin


class ConsoleWalletState(LiveMixin, rx.State):
    """The balances; `is_hidden` where the account pays and does not show them."""

    balances: rx.Field[Balances] = rx.field(default_factory=Balances)
    is_shown: rx.Field[bool] = rx.field(default=False)
    is_hidden: rx.Field[bool] = rx.field(default=False)

    _workspace_id: str = ""

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_console_wallet(self) -> None:
        """Read the balances of the account that pays for the session's workspace."""
        self._unfollow()
        self._forget()
        self._workspace_id = self._actor().workspace_id
        await self._read(self._actor())

    async def _read(self, actor: Actor) -> bool:
        try:
            seen = await services().wallet_views.of_workspace(actor)
        except NotAllowedError:
            self._forget()
            return False
        self.is_shown, self.is_hidden = seen.wallet is not None, seen.is_paying and seen.wallet is None
        if seen.wallet is None:
            self.balances = Balances()
            return False
        self.balances = balances_of(seen.wallet)
        self._follow(seen.wallet.fee_account_id, seen.wallet.version, Followed.WALLET)
        return True

    def _forget(self) -> None:
        self.balances, self.is_shown, self.is_hidden = Balances(), False, False

    async def _arrive(self) -> bool:
        session = await self._live_session()
        if session is None or session.actor.workspace_id != self._workspace_id:
            self._forget()
            return False
        return await self._read(session.actor)
