"""What was bought on the marketplaces: recorded once, renewed, ended; the registered cloud account follows."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.listings import Listing
from guance_portal.marketplaces.purchases import Purchase, SubscriptionView, view
from guance_portal.marketplaces.rules import Applied, NoticeOutcome, Overtaking, SubscriptionAct, after
from guance_portal.marketplaces.tables import Subscription
from guance_portal.payers import queries as payers
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.settlement.closing import Closing
from guance_portal.sites import Provider

UNKNOWN = "notice_detail.unknown_instance"
RELEASED = "notice_detail.released"
LATE = "notice_detail.late_repeat"
CONTRADICTION = "notice_detail.contradiction"


class SubscriptionService:
    """Every act is idempotent and one transaction, the closing of a registered cloud account included."""

    def __init__(self, database: Database, clock: Clock, closing: Closing) -> None:
        self._database, self._clock, self._closing = database, clock, closing

    async def record_purchase(self, purchase: Purchase) -> Applied:
        """Keep what was bought; the same reference, or the same pair, is the same subscription."""
        async with self._database.writing() as work:
            row = await _known(work, purchase)
            if row is None:
                fresh = self._new(purchase)
                if await queries.add(work, fresh):
                    self._note(work, fresh, "subscription.recorded")
                    await work.commit()
                    return Applied(outcome=NoticeOutcome.APPLIED, subscription_id=fresh.id)
                row = await _known(work, purchase)
            if row is None or row.account != purchase.account:
                return Applied(outcome=NoticeOutcome.REFUSED, detail=CONTRADICTION)
            applied = await self._again(work, row, purchase)
            await work.commit()
        return applied

    async def renew(
        self, listing: Listing, instance: str, expires_at: datetime | None, *, late_after: Overtaking | None = None
    ) -> Applied:
        """Move the expiry, never back; an expired subscription is live again, a released one stays released.

        `late_after`: it is applied later than it was said, and does nothing if the subscription ended since.
        """
        async with self._database.writing() as work:
            row = await queries.by_instance(work, listing.id, instance, lock=True)
            if row is None:
                return Applied(outcome=NoticeOutcome.REFUSED, detail=UNKNOWN)
            if late_after and await queries.was_overtaken(work, row.id, late_after):
                return _late(row)
            applied = await self._act(work, row, SubscriptionAct.RENEW, expires_at)
            await work.commit()
        return applied

    async def change_plan(
        self, listing: Listing, instance: str, sku: str, *, late_after: Overtaking | None = None
    ) -> Applied:
        """Note the plan; the expiry stays. `late_after`: it was said before, and another plan since counts more."""
        async with self._database.writing() as work:
            row = await queries.by_instance(work, listing.id, instance, lock=True)
            if row is None:
                return Applied(outcome=NoticeOutcome.REFUSED, detail=UNKNOWN)
            if row.state is SubscriptionState.RELEASED:
                return Applied(outcome=NoticeOutcome.REFUSED, detail=RELEASED, subscription_id=row.id)
            if late_after and await queries.was_overtaken(work, row.id, late_after):
                return _late(row)
            is_new = row.sku != sku
            if is_new:
                row.sku, row.updated_at = sku, self._clock.now()
                self._note(work, row, "subscription.changed")
            await work.commit()
        return _applied(row, is_new=is_new)

    async def expire(self, listing: Listing, instance: str, *, late_after: Overtaking | None = None) -> Applied:
        """End it; a renewal brings it back.

        `late_after`: the same words were said before. They are late, and do nothing, while it runs on since a renewal.
        """
        return await self._end(listing, instance, SubscriptionAct.EXPIRE, late_after)

    async def release(self, listing: Listing, instance: str) -> Applied:
        """End it for good."""
        return await self._end(listing, instance, SubscriptionAct.RELEASE)

    async def find(self, provider: Provider, claim: CloudClaim) -> SubscriptionView | None:
        """The subscription of a pair."""
        async with self._database.reading() as work:
            row = await queries.by_pair(work, provider, claim.account, claim.instance)
        return view(row) if row else None

    async def get(self, subscription_id: str) -> SubscriptionView | None:
        """The subscription of an id."""
        async with self._database.reading() as work:
            row = await queries.subscription(work, subscription_id)
        return view(row) if row else None

    async def of_instance(self, listing: Listing, instance: str) -> SubscriptionView | None:
        """The subscription of an instance."""
        async with self._database.reading() as work:
            row = await queries.by_instance(work, listing.id, instance)
        return view(row) if row else None

    async def of_account(self, listing: Listing, account: str) -> Sequence[SubscriptionView]:
        """Everything an account bought of a listing, oldest first."""
        async with self._database.reading() as work:
            return [view(row) for row in await queries.by_account(work, listing.id, account)]

    async def _end(
        self, listing: Listing, instance: str, act: SubscriptionAct, late_after: Overtaking | None = None
    ) -> Applied:
        async with self._database.writing() as work:
            row = await queries.by_instance(work, listing.id, instance, lock=True)
            if row is None:
                return Applied(outcome=NoticeOutcome.REFUSED, detail=UNKNOWN)
            runs_on = row.expires_at is not None and row.expires_at > self._clock.now()
            if late_after and runs_on and await queries.was_overtaken(work, row.id, late_after):
                return _late(row)
            applied = await self._act(work, row, act)
            await work.commit()
        return applied

    async def _act(
        self, work: UnitOfWork, row: Subscription, act: SubscriptionAct, expires_at: datetime | None = None
    ) -> Applied:
        state = after(row.state, act)
        if state is None:
            is_too_late = act is not SubscriptionAct.RELEASE and row.state is SubscriptionState.RELEASED
            outcome = (
                NoticeOutcome.REFUSED if is_too_late and act is SubscriptionAct.RENEW else NoticeOutcome.NOTHING_TO_DO
            )
            return Applied(outcome=outcome, detail=RELEASED if is_too_late else "", subscription_id=row.id)
        lasts = max((moment for moment in (row.expires_at, expires_at) if moment), default=None)
        is_new = (row.state, row.expires_at) != (state, lasts)
        row.state, row.expires_at = state, lasts
        is_new = await self._follow(work, row) or is_new
        if is_new:
            row.updated_at = self._clock.now()
            self._note(work, row, _DONE[act])
        return _applied(row, is_new=is_new)

    async def _again(self, work: UnitOfWork, row: Subscription, purchase: Purchase) -> Applied:
        """The same purchase once more: it may say what was not known, and confirm or revive.

        What it says of plan and expiry was so when it was bought: a change or a renewal since counts more.
        """
        before = row.model_dump()
        row.reference = purchase.reference or row.reference
        row.sku = row.sku or purchase.sku
        row.known_as = row.known_as or purchase.known_as
        row.expires_at = max((one for one in (row.expires_at, purchase.expires_at) if one), default=None)
        row.extra = _json({**purchase.extra, **json.loads(row.extra)})
        if purchase.state is SubscriptionState.LIVE:
            row.state = (
                SubscriptionState.LIVE if purchase.revives else after(row.state, SubscriptionAct.CONFIRM) or row.state
            )
        is_new = row.model_dump() != before
        if is_new:
            row.updated_at = self._clock.now()
            is_back = before["state"] in _ENDED and row.state is SubscriptionState.LIVE
            self._note(work, row, _DONE[SubscriptionAct.RENEW if is_back else SubscriptionAct.CONFIRM])
        return _applied(row, is_new=await self._follow(work, row) or is_new)

    async def _follow(self, work: UnitOfWork, row: Subscription) -> bool:
        """Let the registered cloud account, if there is one, be as its subscription is."""
        claim = CloudClaim(account=row.account, instance=row.instance)
        if row.known_as:
            await payers.note_known_as(work, row.provider, row.account, row.known_as)
        if row.state is SubscriptionState.LIVE:
            return await self._closing.reopen_in(work, row.provider, claim)
        return await self._closing.close_in(work, row.provider, claim)

    def _new(self, purchase: Purchase) -> Subscription:
        now = self._clock.now()
        return Subscription(
            id=new_id("subs"),
            listing_id=purchase.listing.id,
            provider=purchase.listing.provider,
            currency=purchase.listing.currency,
            account=purchase.account,
            instance=purchase.instance or secrets.token_hex(16),
            known_as=purchase.known_as,
            reference=purchase.reference,
            sku=purchase.sku,
            state=purchase.state,
            is_trial=purchase.is_trial,
            expires_at=purchase.expires_at,
            extra=_json(purchase.extra),
            created_at=now,
            updated_at=now,
        )

    def _note(self, work: UnitOfWork, row: Subscription, done: str) -> None:
        audit.record(work, done, ("subscription", row.id), at=self._clock.now(), listing=row.listing_id)


_ENDED = {SubscriptionState.EXPIRED, SubscriptionState.RELEASED}
_DONE = {
    SubscriptionAct.CONFIRM: "subscription.recorded",
    SubscriptionAct.RENEW: "subscription.renewed",
    SubscriptionAct.EXPIRE: "subscription.expired",
    SubscriptionAct.RELEASE: "subscription.released",
}


async def _known(work: UnitOfWork, purchase: Purchase) -> Subscription | None:
    listing = purchase.listing
    row = None
    if purchase.reference:
        row = await queries.by_reference(work, listing.id, purchase.reference, lock=True)
    if row is None and purchase.instance:
        row = await queries.by_pair(work, listing.provider, purchase.account, purchase.instance, lock=True)
    return row


def _applied(row: Subscription, *, is_new: bool) -> Applied:
    return Applied(outcome=NoticeOutcome.APPLIED if is_new else NoticeOutcome.NOTHING_TO_DO, subscription_id=row.id)


def _late(row: Subscription) -> Applied:
    return Applied(outcome=NoticeOutcome.NOTHING_TO_DO, detail=LATE, subscription_id=row.id)


def _json(extra: Mapping[str, str]) -> str:
    return json.dumps(dict(extra), ensure_ascii=False, sort_keys=True)
