"""Applies what AWS tells: keeps it as a fact, reads all facts of the buyer, and lets the subscriptions be as they say."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.marketplaces.aws import messages, queries
from guance_portal.marketplaces.aws.client import AwsClient
from guance_portal.marketplaces.aws.errors import TRANSIENT, AwsRefusedError
from guance_portal.marketplaces.aws.facts import Fact, FactKind
from guance_portal.marketplaces.aws.renewals import Renewals
from guance_portal.marketplaces.aws.rules import GRACE, legacy_state, picture
from guance_portal.marketplaces.listings import AwsListing, Listings
from guance_portal.marketplaces.notices import IncomingNotice
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.marketplaces.rules import SILENT, UNCLEAR, UNREAD, Applied, NoticeOutcome, NoticeSource
from guance_portal.marketplaces.subscriptions import SubscriptionService
from guance_portal.payers.rules import SubscriptionState

log = structlog.get_logger(__name__)

FOREIGN = "notice_detail.foreign_product"
MEANINGLESS = "notice_detail.meaningless"
REFUSED_US = "notice_detail.aws_refused"
_LOOK_EVERY = 60.0
_MOST_ASKED = 20
"""Agreements that AWS is asked about at once: more has no buyer who can be told apart."""
_ASKS = {FactKind.ENTITLED, FactKind.AMENDED, FactKind.LICENSED}


class AwsBook:
    """What a notice of AWS does; handed to `NoticeService` as the applier of its three sources."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        listings: Listings,
        subscriptions: SubscriptionService,
        renewals: Renewals,
        clients: Mapping[str, AwsClient],
    ) -> None:
        self._database, self._clock, self._listings = database, clock, listings
        self._subscriptions, self._renewals, self._clients = subscriptions, renewals, clients
        self._turns = asyncio.Lock()

    async def apply(self, incoming: IncomingNotice) -> Applied:
        """Keep what it says and draw the conclusions. An outage of AWS makes it FAILED: the next repeat tries again."""
        listing = self._listings.by_id(incoming.listing_id)
        if not isinstance(listing, AwsListing):
            raise TypeError("a notice of AWS names a listing of another cloud")
        try:
            fact = self._read(incoming)
        except messages.MessageMalformedError:
            return Applied(outcome=NoticeOutcome.FAILED, detail=UNREAD)
        if fact is None:
            return Applied(outcome=NoticeOutcome.NOTHING_TO_DO, detail=MEANINGLESS)
        is_foreign = fact.product not in {"", listing.product_code}
        if is_foreign and not messages.is_about_agreements(fact):
            return Applied(outcome=NoticeOutcome.REFUSED, detail=FOREIGN)
        await self._save(listing, fact)
        applied = await self.settle(listing, fact)
        if is_foreign:
            # It says of which product an agreement is: that may have made clear what was not.
            nothing = Applied(outcome=NoticeOutcome.NOTHING_TO_DO, detail=FOREIGN)
            return applied if applied.outcome is NoticeOutcome.APPLIED else nothing
        return await self._ask(listing, fact, applied) if fact.kind in _ASKS else applied

    async def settle(self, listing: AwsListing, fact: Fact) -> Applied:
        """Let the subscriptions of a fact's buyer be as all facts together say; AWS is asked where they are unclear."""
        applied, unclear = await self._settle(listing, fact)
        if unclear and (said := await self._inquire(listing, unclear)):
            return said if isinstance(said, Applied) else (await self._settle(listing, fact))[0]
        return applied

    async def _settle(self, listing: AwsListing, fact: Fact) -> tuple[Applied, frozenset[str]]:
        """What came of it, and the agreements of which AWS could say more.

        Another process may learn something of the same buyer meanwhile: then it is looked at once more.
        """
        async with self._turns:
            facts = await self._facts(listing, fact)
            while True:
                settle = self._settle_licences if listing.uses_licences else self._settle_legacy
                found = await settle(listing, fact, facts)
                if facts == (latest := await self._facts(listing, fact)):
                    return found
                facts = latest

    async def _inquire(self, listing: AwsListing, agreements: frozenset[str]) -> Applied | bool:
        """Ask AWS about agreements and keep what it answers; False when it cannot be asked, or tells nothing."""
        client = self._clients.get(listing.id)
        if client is None or not listing.asks_agreements or len(agreements) > _MOST_ASKED:
            return False
        for agreement in sorted(agreements):
            try:
                said = await client.agreement(agreement)
            except TRANSIENT:
                return Applied(outcome=NoticeOutcome.FAILED, detail=SILENT)
            except PortalError:
                return False
            now = self._clock.now()
            key = f"{FactKind.DESCRIBED}:{agreement}"
            learnt = Fact(key=key, kind=FactKind.DESCRIBED, at=now, received_at=now, agreement=agreement)
            await self._save(listing, replace(learnt, product_id=said.product_id, root=said.root))
        return True

    async def _save(self, listing: AwsListing, fact: Fact) -> None:
        async with self._database.writing() as work:
            await queries.save(work, listing.id, fact)
            await work.commit()

    async def settle_overdue(self) -> None:
        """End what was taken away, and of whose renewal nothing was heard for `GRACE`."""
        now = self._clock.now()
        async with self._database.reading() as work:
            overdue = await queries.overdue(work, now - GRACE)
        for listing_id, account in overdue:
            listing = self._listings.by_id(listing_id)
            if isinstance(listing, AwsListing):
                about = Fact(key="", kind=FactKind.UNLICENSED, at=now, received_at=now, account=account)
                await self.settle(listing, about)

    async def follow(self) -> None:
        """Look for what is overdue again and again, as every process does beside its requests."""
        while True:
            try:
                await self.settle_overdue()
            except SQLAlchemyError as problem:
                log.warning("aws_overdue_postponed", problem=type(problem).__name__)
            await asyncio.sleep(_LOOK_EVERY * random.uniform(0.9, 1.1))

    def _read(self, incoming: IncomingNotice) -> Fact | None:
        now, said = self._clock.now(), incoming.payload
        if incoming.source is NoticeSource.AWS_LANDING:
            who = {
                name: str(said.get(name, "")) for name in ("product", "account", "identifier", "licence", "agreement")
            }
            key = f"landed:{who['licence'] or who['identifier']}"
            return Fact(key=key, kind=FactKind.LANDED, at=now, received_at=now, **who)
        if "text" in said:
            # It could not be read when it came: what is understood by now may be more.
            said = {**said, **{name: one for name, one in messages.unwrap(str(said["text"])).items() if one}}
        body = said.get("body")
        if not isinstance(body, dict):
            raise messages.MessageMalformedError
        body = cast("dict[str, Any]", body)
        if messages.is_event(body):
            return messages.read_event(body, now=now)
        return messages.read_action(body, key=str(said.get("id", "")), sent_at=str(said.get("sent_at", "")), now=now)

    async def _facts(self, listing: AwsListing, fact: Fact) -> list[Fact]:
        """Everything known of the buyer a fact is about."""
        async with self._database.reading() as work:
            account = await queries.account_of(work, listing.id, fact)
            found = await queries.of_account(work, listing.id, account) if account else []
            if listing.uses_licences:
                return found
            identifier = _identifier(fact, found)
            named = await queries.of_identifier(work, listing.id, identifier) if identifier else []
        return sorted({known.key: known for known in (*found, *named)}.values(), key=lambda known: known.key)

    async def _settle_legacy(
        self, listing: AwsListing, fact: Fact, facts: list[Fact]
    ) -> tuple[Applied, frozenset[str]]:
        state, identifier = legacy_state(facts, self._clock.now(), listing.product_code), _identifier(fact, facts)
        if state is None or not identifier:
            return Applied(outcome=NoticeOutcome.NOTHING_TO_DO), frozenset()
        account = next((known.account for known in facts if known.account), "")
        applied = await self._be(
            Purchase(
                listing=listing,
                account=identifier,
                instance=identifier,
                state=state,
                known_as=account,
                revives=True,
            )
        )
        return applied, frozenset()

    async def _settle_licences(
        self, listing: AwsListing, fact: Fact, facts: list[Fact]
    ) -> tuple[Applied, frozenset[str]]:
        account = next((known.account for known in facts if known.account), "")
        drawn = picture(facts, self._clock.now(), listing.product_code)
        done: dict[str, Applied] = {}
        for licence, standing in sorted(drawn.licences.items(), key=lambda one: one[1].state is SubscriptionState.LIVE):
            if licence not in drawn.moves:
                done[licence] = await self._be(
                    Purchase(
                        listing=listing,
                        account=account,
                        instance=licence,
                        reference=standing.agreement,
                        state=standing.state,
                    )
                )
        for licence in drawn.moves:
            done[licence] = await self._renewals.carry_on(listing, account, licence, drawn.heir(licence))
        if drawn.unclear:
            log.error("aws_renewal_unclear", listing=listing.id)
            return Applied(outcome=NoticeOutcome.FAILED, detail=UNCLEAR), frozenset(drawn.open)
        return _together(done, fact), frozenset()

    async def _be(self, purchase: Purchase) -> Applied:
        """Record what was bought, in the state it has now."""
        recorded = await self._subscriptions.record_purchase(purchase)
        if purchase.state is SubscriptionState.LIVE or recorded.outcome is NoticeOutcome.REFUSED:
            return recorded
        is_over = purchase.state is SubscriptionState.RELEASED
        end = self._subscriptions.release if is_over else self._subscriptions.expire
        ended = await end(purchase.listing, purchase.instance)
        return ended if ended.outcome is NoticeOutcome.APPLIED else recorded

    async def _ask(self, listing: AwsListing, fact: Fact, applied: Applied) -> Applied:
        """Ask what the buyer is entitled to now, and until when; a subscription by usage has no entitlements."""
        instance = fact.licence or fact.identifier
        standing = await self._subscriptions.of_instance(listing, instance) if instance else None
        client = self._clients.get(listing.id)
        if client is None or standing is None or standing.state is not SubscriptionState.LIVE:
            return applied
        try:
            found = await client.entitlements(licence=fact.licence, identifier=fact.identifier)
        except TRANSIENT:
            return Applied(outcome=NoticeOutcome.FAILED, detail=SILENT, subscription_id=standing.id)
        except AwsRefusedError:
            return Applied(outcome=NoticeOutcome.FAILED, detail=REFUSED_US, subscription_id=standing.id)
        until = max((one.expires_at for one in found if one.expires_at), default=None)
        changes = [applied]
        if until is not None:
            changes.append(await self._subscriptions.renew(listing, instance, until))
        if found:
            plan = ",".join(sorted(one.dimension for one in found))[:500]
            changes.append(await self._subscriptions.change_plan(listing, instance, plan))
        return next((one for one in changes if one.outcome is NoticeOutcome.APPLIED), applied)


def _identifier(fact: Fact, facts: list[Fact]) -> str:
    """The customer identifier of a buyer; events name the account alone, which the landing knows beside it."""
    return fact.identifier or next((known.identifier for known in facts if known.identifier), "")


def _together(done: Mapping[str, Applied], fact: Fact) -> Applied:
    """What became of a notice by what became of each licence: of the one it names first."""
    outcomes = [done[fact.licence]] if fact.licence in done else []
    outcomes += done.values()
    telling = (NoticeOutcome.REFUSED, NoticeOutcome.FAILED, NoticeOutcome.APPLIED)
    first = next((one for outcome in telling for one in outcomes if one.outcome is outcome), None)
    return first or (outcomes[0] if outcomes else Applied(outcome=NoticeOutcome.NOTHING_TO_DO))
