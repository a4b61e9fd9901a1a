"""Changing to a cloud account that was subscribed just now: verified, registered and ordered, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.payers import queries as payers
from guance_portal.payers.cloud_registrar import Claimed, Registrar
from guance_portal.payers.ports import CloudClaim, CloudSubscription
from guance_portal.settlement import standing
from guance_portal.settlement.choices import Asker, Choice, OptionKind
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.switching import ChangeOrder, ChangeReceipt, Switching
from guance_portal.sites import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribeOrder:
    """Settle a workspace's bills by the subscription that is claimed."""

    actor: Actor
    workspace_id: str
    provider: Provider
    claim: CloudClaim
    caller: Caller | None = None


class Subscribing:
    """Registers a cloud account and orders the change to it in one transaction."""

    def __init__(self, database: Database, switching: Switching, registrar: Registrar) -> None:
        self._database, self._switching, self._registrar = database, switching, registrar

    async def subscribe(self, order: SubscribeOrder) -> ChangeReceipt:
        """Schedule the change to the claimed account; the same order again gives the same receipt.

        Nothing changes unless all is well: the subscription, and that a new account of this provider may be chosen
        here. Raises what `Switching.change` raises, and a CloudError of the right kind.
        """
        async with self._database.reading() as work:
            asked = await self._asked(work, order)
        await self._registrar.verify(asked)
        async with self._database.writing() as work:
            subscription = await self._registrar.confirm(work, asked)
            here, asker = await self._switching.enter(work, order.actor, order.workspace_id)
            choice = await self._register(work, here, asker, order, subscription)
            here = await standing.read(work, order.workspace_id, here.now)
            receipt = await self._switching.order(work, here, asker, choice, _change(order, choice))
            await work.commit()
        return receipt

    async def _asked(self, work: UnitOfWork, order: SubscribeOrder) -> Claimed:
        """What is asked of the marketplace, once the asker is known to be allowed."""
        here, asker = await self._switching.look(work, order.actor, order.workspace_id)
        if await self._registered(work, here, order) is None:
            self._switching.require_new(here, asker, order.provider)
        return Claimed(
            fee_account_id=here.account.id,
            currency=here.account.currency,
            provider=order.provider,
            claim=order.claim,
        )

    async def _register(
        self,
        work: UnitOfWork,
        here: SettlementStanding,
        asker: Asker,
        order: SubscribeOrder,
        subscription: CloudSubscription,
    ) -> Choice:
        if await self._registered(work, here, order) is None:
            self._switching.require_new(here, asker, order.provider)
        cloud = await self._registrar.save(
            work, here.account, order.provider, subscription, actor=order.actor, caller=order.caller
        )
        await work.session.flush()
        return Choice(OptionKind.ACCOUNT, cloud.id)

    async def _registered(self, work: UnitOfWork, here: SettlementStanding, order: SubscribeOrder) -> str | None:
        """The account when it is this payer's already: then it is judged as what it is."""
        row = await payers.cloud_account_of(work, order.provider, order.claim.account, order.claim.instance)
        return row.id if row and row.fee_account_id == here.account.id else None


def _change(order: SubscribeOrder, choice: Choice) -> ChangeOrder:
    return ChangeOrder(actor=order.actor, workspace_id=order.workspace_id, choice=str(choice), caller=order.caller)
