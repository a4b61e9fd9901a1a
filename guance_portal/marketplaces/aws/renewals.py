"""A renewed or replaced agreement brings a new licence: an account that paid by the old one pays by the new one."""

from __future__ import annotations

from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.marketplaces.rules import Applied, NoticeOutcome
from guance_portal.marketplaces.tables import Subscription
from guance_portal.payers import queries as payers
from guance_portal.payers.rules import CloudState, SubscriptionState

BOTH_REGISTERED = "notice_detail.both_registered"


class Renewals:
    """Carries a registered cloud account over to the licence that renews its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def carry_on(self, listing: AwsListing, account: str, old: str, new: str) -> Applied:
        """Let the registered account of the old licence be that of the new one; its workspaces notice nothing.

        Somebody who registered the new licence too pays by both until a person looks at it.
        """
        async with self._database.writing() as work:
            was = await queries.by_pair(work, listing.provider, account, old, lock=True)
            heir = await queries.by_pair(work, listing.provider, account, new, lock=True)
            if heir is None:
                return Applied(outcome=NoticeOutcome.NOTHING_TO_DO)
            now = self._clock.now()
            moved = await self._move(work, heir, old, now)
            if moved is None:
                return Applied(outcome=NoticeOutcome.FAILED, detail=BOTH_REGISTERED, subscription_id=heir.id)
            if was is not None and was.state is not SubscriptionState.RELEASED:
                was.state, was.updated_at, moved = SubscriptionState.RELEASED, now, True
                on = ("subscription", was.id)
                audit.record(work, "subscription.carried_on", on, at=now, by=heir.id)
            await work.commit()
        outcome = NoticeOutcome.APPLIED if moved else NoticeOutcome.NOTHING_TO_DO
        return Applied(outcome=outcome, subscription_id=heir.id)

    async def _move(self, work: UnitOfWork, heir: Subscription, old: str, now: datetime) -> bool | None:
        """Whether there was something to move; None when it cannot be, as both are registered."""
        cloud = await payers.cloud_account_of(work, heir.provider, heir.account, old)
        if cloud is None:
            return False
        if await payers.cloud_account_of(work, heir.provider, heir.account, heir.instance) is not None:
            return None
        account = await payers.account(work, cloud.fee_account_id, lock=True)
        if account is None:
            return False
        await work.session.refresh(cloud)
        cloud.instance = heir.instance
        if heir.state is SubscriptionState.LIVE:
            cloud.state, cloud.closed_at = CloudState.LIVE, None
        account.version += 1
        audit.record(work, "cloud_account.carried_on", ("cloud_account", cloud.id), at=now, by=heir.id)
        return True
