"""A buyer arrives from AWS Marketplace with a registration token: it is redeemed at once, and a claim is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from guance_portal.core.actor import Caller
from guance_portal.core.errors import PortalError, TooManyAttemptsError
from guance_portal.core.limit_keys import of_network
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.tokens import digest
from guance_portal.marketplaces.aws import errors
from guance_portal.marketplaces.aws.book import AwsBook
from guance_portal.marketplaces.aws.client import LONGEST_TOKEN, AwsClient, Customer
from guance_portal.marketplaces.claims import ClaimLink, ClaimService
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.marketplaces.notices import IncomingNotice, NoticeService
from guance_portal.marketplaces.rules import NoticeSource
from guance_portal.marketplaces.subscriptions import SubscriptionService

# What says most, when every listing was asked: who knows the token, then who may know it, then who does not.
_TELLING = (
    errors.AwsProductForeignError,
    errors.AwsTokenExpiredError,
    errors.AwsSilentError,
    errors.AwsBusyError,
    errors.AwsRefusedError,
    errors.AwsTokenInvalidError,
)


class AwsLanding:
    """What stands behind the address that AWS Marketplace sends buyers to; one for all listings."""

    def __init__(
        self,
        listings: Mapping[str, AwsListing],
        clients: Mapping[str, AwsClient],
        *,
        notices: NoticeService,
        book: AwsBook,
        subscriptions: SubscriptionService,
        claims: ClaimService,
        limits: RateLimits,
    ) -> None:
        self._listings, self._clients, self._notices, self._book = listings, clients, notices, book
        self._subscriptions, self._claims, self._limits = subscriptions, claims, limits

    async def arrive(self, registration_token: str, caller: Caller) -> ClaimLink:
        """Redeem a token and make a claim of it; of one that AWS does not answer for, a claim that waits.

        Raises AwsTokenInvalidError, AwsTokenExpiredError, AwsProductForeignError, AwsTokenUsedError, AwsRefusedError,
        LandingsTooOftenError.
        """
        if not self._clients or not _is_token(registration_token):
            raise errors.AwsTokenInvalidError
        await self._count(caller)
        await self._claims.require_new(registration_token)
        try:
            subscription_id = await self._redeem(registration_token)
        except errors.TRANSIENT:
            return await self._claims.open_waiting(registration_token)
        return await self._claims.open(registration_token, subscription_id)

    async def retry(self, token: str, cookie_hash: str, caller: Caller) -> None:
        """Ask AWS again for a claim that waits; raises as `arrive` and `ClaimService.look` do, and what is transient."""
        await self._count(caller)
        registration_token = await self._claims.waiting_token(token, cookie_hash)
        if not registration_token:
            return
        try:
            subscription_id = await self._redeem(registration_token)
        except (*errors.TRANSIENT, errors.AwsRefusedError):
            raise  # which says nothing of the token: the claim goes on waiting
        except PortalError as refusal:
            await self._claims.answered(token, cookie_hash, None, refusal)
            raise
        await self._claims.answered(token, cookie_hash, subscription_id)

    async def _count(self, caller: Caller) -> None:
        try:
            await self._limits.hit("aws_landing_per_address", of_network(caller.address))
        except TooManyAttemptsError:
            raise errors.LandingsTooOftenError from None

    async def _redeem(self, registration_token: str) -> str:
        """The id of the subscription that a token stands for."""
        listing, customer = await self._resolve(registration_token)
        await self._notices.receive(
            IncomingNotice(
                source=NoticeSource.AWS_LANDING,
                key=digest(registration_token),
                kind="ResolveCustomer",
                listing_id=listing.id,
                payload={
                    "product": customer.product_code,
                    "account": customer.account,
                    "identifier": "" if listing.uses_licences else customer.identifier,
                    "licence": customer.licence if listing.uses_licences else "",
                    "agreement": customer.agreement,
                },
            ),
            self._book.apply,
        )
        instance = customer.licence if listing.uses_licences else customer.identifier
        found = await self._subscriptions.of_instance(listing, instance)
        if found is None:
            raise errors.AwsTokenInvalidError
        return found.id

    async def _resolve(self, registration_token: str) -> tuple[AwsListing, Customer]:
        """The listing that knows the token. All are asked together: the token does not say whose it is."""

        async def ask(listing_id: str) -> tuple[AwsListing, Customer] | PortalError:
            try:
                return self._listings[listing_id], await self._clients[listing_id].resolve(registration_token)
            except PortalError as refusal:
                return refusal

        asked = [asyncio.create_task(ask(listing_id)) for listing_id in self._clients]
        refusals: list[PortalError] = []
        try:
            for answer in asyncio.as_completed(asked):
                found = await answer
                if isinstance(found, tuple):
                    return found
                refusals.append(found)
        finally:
            for task in asked:
                task.cancel()
        raise next(
            (one for kind in _TELLING for one in refusals if isinstance(one, kind)), errors.AwsTokenInvalidError()
        )


def _is_token(text: str) -> bool:
    """Whether it can be a registration token at all: AWS is not asked about anything else."""
    return 0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable() and " " not in text
