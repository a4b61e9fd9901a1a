"""The services of settlement, joined."""

from __future__ import annotations

from collections.abc import Collection

from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.payers import queries as payers
from guance_portal.payers.cloud_registrar import Registrar
from guance_portal.payers.registry import Providers
from guance_portal.settlement.arbitrary_choice import set_arbitrary_choice
from guance_portal.settlement.closing import Closing
from guance_portal.settlement.dissolving import Dissolving
from guance_portal.settlement.effects import Effects
from guance_portal.settlement.history import Histories
from guance_portal.settlement.letting_go import LettingGo
from guance_portal.settlement.overview import Overviews
from guance_portal.settlement.subscribing import Subscribing
from guance_portal.settlement.switching import Switching


class SettlementService:
    """What pages, operators, marketplaces and workers ask of settlement.

    `clock` tells business time, `wall` the machine's. `overviews` answers the dialog and the pages, `switching`
    orders and withdraws changes, `subscribing` orders one to a cloud account not registered before, `effects` lets them take effect, `closing` does what marketplaces say, `histories` tells who paid,
    `letting_go` takes a cloud account from its fee-centre account. `dissolving` ends what waits for a workspace that is dissolved.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        providers: Providers,
        registrar: Registrar,
        *,
        wall: Clock,
        public_url: str,
    ) -> None:
        self._database, self._wall, self.providers = database, wall, providers
        self.effects = Effects(database, clock, providers, public_url=public_url)
        self.overviews = Overviews(database, clock, providers, self.effects)
        self.switching = Switching(database, clock, providers, self.effects, public_url=public_url)
        self.subscribing = Subscribing(database, self.switching, registrar)
        self.histories = Histories(database, clock)
        self.dissolving = Dissolving(database, clock, self.effects)
        self.closing = Closing(database, clock, public_url=public_url)
        self.letting_go = LettingGo(database, clock, public_url=public_url)

    async def set_arbitrary_choice(
        self, actor: Actor, fee_account_id: str, *, allowed: bool, reason: str, caller: Caller | None = None
    ) -> None:
        """See `arbitrary_choice.set_arbitrary_choice`."""
        await set_arbitrary_choice(
            self._database, self._wall, actor, fee_account_id, allowed=allowed, reason=reason, caller=caller
        )

    async def versions(self, fee_account_ids: Collection[str]) -> dict[str, int]:
        """A number for each account that grows whenever what can be chosen for its workspaces may have changed."""
        return await payers.versions(self._database, fee_account_ids)
