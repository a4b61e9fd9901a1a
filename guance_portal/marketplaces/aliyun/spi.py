"""Answers the market: signature first, then the notice is kept, applied, and answered as the protocol wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from guance_portal import routes
from guance_portal.core.clock import Clock
from guance_portal.core.tokens import digest
from guance_portal.marketplaces.aliyun import requests
from guance_portal.marketplaces.aliyun.requests import (
    Action,
    CreateInstance,
    ExpiredInstance,
    ReleaseInstance,
    RenewInstance,
    SpiRequest,
    UpgradeInstance,
    Verify,
)
from guance_portal.marketplaces.aliyun.token import TOKEN, is_signed
from guance_portal.marketplaces.listings import AliyunListing, Listing, Listings
from guance_portal.marketplaces.notices import IncomingNotice, NoticeNotReplayableError, NoticeResult, NoticeService
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.marketplaces.rules import UNREAD, Applied, NoticeOutcome, NoticeSource
from guance_portal.marketplaces.sso import (
    MarketplaceSsoEndedError,
    MarketplaceSsoService,
    MarketplaceSsoStaleError,
    MarketplaceSsoUnknownError,
    MarketplaceSsoUsedError,
)
from guance_portal.marketplaces.subscriptions import SubscriptionService
from guance_portal.payers.rules import SubscriptionState

log = structlog.get_logger(__name__)

FRESH = timedelta(seconds=120)
"""How far the time of a marketplace SSO may be from ours."""
NOT_MADE = "0"
"""The instanceId that says: not made, ask again; the market does up to 120 times."""
FOREIGN_PRODUCT = "notice_detail.foreign_product"
_LONGEST_KIND = 100


class BadTokenError(Exception):
    """No listing's key signs these parameters so."""


class SpiActions:
    """What each action does; replays come here too."""

    def __init__(self, listings: Listings, subscriptions: SubscriptionService) -> None:
        self._listings, self._subscriptions = listings, subscriptions

    async def apply(self, incoming: IncomingNotice) -> Applied:
        """Do what a checked notice says."""
        listing = self._listings.by_id(incoming.listing_id)
        try:
            asked = requests.parse({name: str(value) for name, value in incoming.payload.items()})
        except requests.MalformedError as problem:
            return _unread(problem)
        match asked:
            case CreateInstance():
                return await self._create(listing, asked)
            case RenewInstance():
                late_after = incoming.overtaken_by(Action.EXPIRED)
                return await self._subscriptions.renew(listing, asked.instance, asked.expires_at, late_after=late_after)
            case UpgradeInstance():
                late_after = incoming.overtaken_by(Action.UPGRADE)
                return await self._subscriptions.change_plan(listing, asked.instance, asked.sku, late_after=late_after)
            case ExpiredInstance():
                late_after = incoming.overtaken_by(Action.RENEW)
                return await self._subscriptions.expire(listing, asked.instance, late_after=late_after)
            case ReleaseInstance():
                return await self._subscriptions.release(listing, asked.instance)
            case Verify():
                raise NoticeNotReplayableError

    async def _create(self, listing: Listing, asked: CreateInstance) -> Applied:
        if asked.product_code != listing.product_code:
            return Applied(outcome=NoticeOutcome.REFUSED, detail=FOREIGN_PRODUCT)
        return await self._subscriptions.record_purchase(
            Purchase(
                listing=listing,
                account=asked.account,
                reference=asked.business_id,
                sku=asked.sku,
                is_trial=asked.is_trial,
                expires_at=asked.expires_at,
                extra={**({"orderId": asked.order_id} if asked.order_id else {}), **asked.extra},
            )
        )


class AliyunSpi:
    """The one address that the market calls."""

    def __init__(
        self,
        listings: Listings,
        subscriptions: SubscriptionService,
        notices: NoticeService,
        sso: MarketplaceSsoService,
        *,
        clock: Clock,
        actions: SpiActions,
        public_url: str,
    ) -> None:
        self._listings, self._subscriptions, self._notices = listings, subscriptions, notices
        self._sso, self._clock, self._actions, self._public_url = sso, clock, actions, public_url

    async def answer(self, parameters: Mapping[str, str]) -> dict[str, object]:
        """The answer to any action but verify; raises BadTokenError, and MalformedError for what is kept unread.

        The market is asked to repeat a purchase that cannot be read: it may be understood by then.
        """
        listing = self._signer(parameters)
        try:
            asked = await self._read(listing, parameters)
        except requests.MalformedError:
            if parameters.get("action") == Action.CREATE:
                return {"instanceId": NOT_MADE}
            raise
        receipt = await self._notices.receive(_incoming(listing, asked, parameters), self._actions.apply)
        is_done = receipt.outcome.is_settled
        if isinstance(asked, CreateInstance):
            return await self._created(receipt) if is_done else {"instanceId": NOT_MADE}
        return {"success": "true"} if is_done else {"success": "false", "message": receipt.detail}

    async def verify(self, parameters: Mapping[str, str], visitor: str) -> None:
        """Marketplace SSO (免登): let the browser hold what the market vouches for.

        Raises BadTokenError, MalformedError, MarketplaceSsoStaleError, MarketplaceSsoUsedError,
        MarketplaceSsoUnknownError, MarketplaceSsoEndedError.
        """
        listing = self._signer(parameters)
        asked = await self._read(listing, parameters)
        if not isinstance(asked, Verify):
            raise requests.MalformedError("action", "action must be verify")
        token_hash = digest(f"{listing.id}:{parameters[TOKEN]}")
        incoming = _incoming(listing, asked, parameters, key=f"verify:{token_hash}")
        receipt = await self._notices.receive(incoming, partial(self._vouch, listing, asked, token_hash, visitor))
        if receipt.is_repeat:
            raise MarketplaceSsoUsedError

    async def _read(self, listing: AliyunListing, parameters: Mapping[str, str]) -> SpiRequest:
        """What is asked. What is signed and cannot be read is kept for operators; raises MalformedError then."""
        try:
            return requests.parse(parameters)
        except requests.MalformedError as problem:
            applied = _unread(problem)

            async def leave(_incoming: IncomingNotice) -> Applied:
                return applied

            said = digest("&".join(f"{name}={parameters[name]}" for name in sorted(parameters) if name != TOKEN))
            await self._notices.receive(
                IncomingNotice(
                    source=NoticeSource.ALIYUN_SPI,
                    key=f"{listing.id}:unread:{said}",
                    kind=parameters.get("action", "")[:_LONGEST_KIND],
                    listing_id=listing.id,
                    payload={name: value for name, value in parameters.items() if name != TOKEN},
                ),
                leave,
            )
            log.warning("aliyun_notice_unread", listing=listing.id, about=problem.about)
            raise

    async def _vouch(
        self, listing: Listing, asked: Verify, token_hash: str, visitor: str, _incoming: IncomingNotice
    ) -> Applied:
        if abs(self._clock.now() - asked.at) > FRESH:
            raise MarketplaceSsoStaleError
        subscription = await self._subscriptions.of_instance(listing, asked.instance)
        if subscription is None:
            raise MarketplaceSsoUnknownError
        if subscription.state is not SubscriptionState.LIVE:
            raise MarketplaceSsoEndedError
        await self._sso.arrive(token_hash, visitor, subscription.id)
        return Applied(outcome=NoticeOutcome.APPLIED, subscription_id=subscription.id)

    async def _created(self, receipt: NoticeResult) -> dict[str, object]:
        subscription = await self._subscriptions.get(receipt.subscription_id or "")
        if subscription is None:
            return {"instanceId": NOT_MADE}
        app = {
            "frontEndUrl": self._public_url + routes.LOGIN,
            "authUrl": self._public_url + routes.ALIYUN_SPI,
        }
        return {"instanceId": subscription.instance, "appInfo": app}

    def _signer(self, parameters: Mapping[str, str]) -> AliyunListing:
        """The listing whose key signed; every one is tried, so that the time tells nothing."""
        signers = [listing for listing in self._listings.aliyun() if is_signed(parameters, listing.spi_key)]
        if len(signers) != 1:
            raise BadTokenError
        return signers[0]


def _incoming(
    listing: AliyunListing, asked: SpiRequest, parameters: Mapping[str, str], *, key: str = ""
) -> IncomingNotice:
    return IncomingNotice(
        source=NoticeSource.ALIYUN_SPI,
        key=key or f"{listing.id}:{_name(asked)}",
        kind=parameters["action"],
        listing_id=listing.id,
        payload={name: value for name, value in parameters.items() if name != TOKEN},
        # One may expire, be renewed and expire again in the very same words.
        is_once=not isinstance(asked, ExpiredInstance | UpgradeInstance),
    )


def _unread(problem: requests.MalformedError) -> Applied:
    return Applied(outcome=NoticeOutcome.FAILED, detail=UNREAD, about=problem.about)


def _name(asked: SpiRequest) -> str:
    match asked:
        case CreateInstance():
            return f"{Action.CREATE}:{asked.business_id}"
        case RenewInstance():
            return f"{Action.RENEW}:{asked.instance}:{asked.order_id}"
        case UpgradeInstance():
            return f"{Action.UPGRADE}:{asked.instance}:{asked.sku}"
        case ExpiredInstance():
            return f"{Action.EXPIRED}:{asked.instance}"
        case ReleaseInstance():
            return f"{Action.RELEASE}:{asked.instance}"
        case Verify():
            return f"{Action.VERIFY}:{asked.instance}"
