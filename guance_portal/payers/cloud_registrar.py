"""Verifies a subscription at its marketplace and registers it: the one way by which a cloud account comes to be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.ids import new_id
from guance_portal.core.limit_keys import of_account
from guance_portal.core.rate_limits import RateLimits
from guance_portal.payers import cloud_emails, queries
from guance_portal.payers import cloud_errors as errors
from guance_portal.payers.ports import CloudClaim, CloudSubscription, Marketplace
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import CloudState, SubscriptionState, mask
from guance_portal.payers.tables import CloudAccount, FeeAccount
from guance_portal.sites import Currency, Provider

log = structlog.get_logger(__name__)

PATIENCE = 8.0
"""Seconds a marketplace may take: the person is told within ten."""

_NOT_LIVE = {
    SubscriptionState.PENDING: errors.SubscriptionPendingError,
    SubscriptionState.EXPIRED: errors.SubscriptionExpiredError,
    SubscriptionState.RELEASED: errors.SubscriptionReleasedError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Whose account a subscription is to be registered under, and what was said of it.

    `is_proven`: the marketplace itself sent the browser that claims it. A pair that was typed proves something only
    where the instance cannot be guessed, which is so for the providers whose steps are `TYPED`.
    """

    fee_account_id: str
    currency: Currency
    provider: Provider
    claim: CloudClaim
    is_proven: bool = False

    def require_proof(self) -> None:
        """Raise ClaimNotProvenError for ids that say nothing of whose they are: those of an AWS licence are no secret."""
        if not (self.is_proven or self.provider.is_typed):
            raise errors.ClaimNotProvenError


class Registrar:
    """Verifies outside any transaction, where it counts attempts and waits no longer than is bearable.

    Inside one `confirm` comes before any lock of an account, and `save` after it.
    """

    def __init__(self, clock: Clock, providers: Providers, limits: RateLimits, *, public_url: str) -> None:
        self._clock, self._providers, self._limits, self._public_url = clock, providers, limits, public_url
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def verify(self, claimed: Claimed) -> None:
        """Make sure of a live subscription of exactly these ids; failed attempts are limited for each fee-centre account.

        Raises a CloudError of the right kind. A marketplace that is silent or missing is nobody's failed attempt.
        """
        claimed.require_proof()
        marketplace = self._providers.marketplace(claimed.provider)
        if marketplace is None or not any(marketplace.address(one) for one in claimed.provider.listings):
            raise errors.MarketplaceMissingError
        turn = self._turns.setdefault(claimed.fee_account_id, asyncio.Lock())
        # One after the other: a success gives its attempt back, however often it is clicked.
        async with turn:
            await self._count(claimed.fee_account_id)
            try:
                await _ask(marketplace, claimed)
            except errors.MarketplaceSilentError as problem:
                await self._limits.forgive("cloud_claims", of_account(Realm.FEE_CENTER, claimed.fee_account_id))
                _note(claimed, problem)
                raise
            except errors.CloudError as problem:
                _note(claimed, problem)
                raise
            await self._limits.forgive("cloud_claims", of_account(Realm.FEE_CENTER, claimed.fee_account_id))

    async def confirm(self, work: UnitOfWork, claimed: Claimed) -> CloudSubscription:
        """The verified subscription, kept as it is until the unit of work ends; raises a CloudError, as `verify`."""
        claimed.require_proof()
        marketplace = self._providers.marketplace(claimed.provider)
        if marketplace is None:
            raise errors.MarketplaceMissingError
        return _require(claimed, await marketplace.find(claimed.claim, work), is_known=False)

    async def save(
        self,
        work: UnitOfWork,
        account: FeeAccount,
        provider: Provider,
        subscription: CloudSubscription,
        *,
        actor: Actor,
        caller: Caller | None = None,
    ) -> CloudAccount:
        """Register it under the (locked) account, audited and told to it by mail; what is registered there stays so.

        Anyone who waits for it is told each time. Raises CloudAccountTakenError.
        """
        now = self._clock.now()
        pair = (provider, subscription.account, subscription.instance)
        row = await queries.cloud_account_of(work, *pair)
        account.version += 1
        if row is not None:
            if row.fee_account_id != account.id:
                raise errors.CloudAccountTakenError(field="instance")
            row.claimed_at, row.known_as = now, row.known_as or subscription.known_as
            if row.state is CloudState.CLOSED:
                row.state, row.closed_at = CloudState.LIVE, None
                audit.record(work, "cloud_account.live", ("cloud_account", row.id), at=now, actor=actor, caller=caller)
            return row
        row = CloudAccount(
            id=new_id("clda"),
            fee_account_id=account.id,
            provider=provider,
            currency=subscription.currency,
            account=subscription.account,
            instance=subscription.instance,
            known_as=subscription.known_as,
            registered_at=now,
            claimed_at=now,
        )
        if not await queries.add_cloud_account(work, row):
            raise errors.CloudAccountTakenError(field="instance")
        on = ("cloud_account", row.id)
        audit.record(work, "cloud_account.registered", on, at=now, actor=actor, caller=caller, provider=provider.value)
        await cloud_emails.say_registered(work, account, row, actor, public_url=self._public_url)
        return row

    async def _count(self, fee_account_id: str) -> None:
        try:
            await self._limits.hit("cloud_claims", of_account(Realm.FEE_CENTER, fee_account_id))
        except TooManyAttemptsError as refusal:
            raise errors.ClaimsTooOftenError(minutes=refusal.params["minutes"]) from None


async def _ask(marketplace: Marketplace, claimed: Claimed) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            found = await marketplace.find(claimed.claim)
            is_known = found is not None or await marketplace.knows(claimed.claim.instance)
    except (TimeoutError, ConnectionError):
        raise errors.MarketplaceSilentError from None
    _require(claimed, found, is_known=is_known)


def _require(claimed: Claimed, found: CloudSubscription | None, *, is_known: bool) -> CloudSubscription:
    claim = claimed.claim
    shown = {"account": mask((found.known_as if found else "") or claim.account), "instance": claim.instance}
    if found is None:
        problem = errors.SubscriptionElsewhereError if is_known else errors.SubscriptionUnknownError
        raise problem(field="account" if is_known else "instance", **shown)
    if not found.is_live:
        raise _NOT_LIVE[found.state](field="instance", **shown)
    if found.currency is not claimed.currency:
        raise errors.SubscriptionCurrencyError(
            field="instance", theirs=found.currency.value, ours=claimed.currency.value
        )
    return found


def _note(claimed: Claimed, problem: errors.CloudError) -> None:
    log.info(
        "cloud_claim_refused",
        number=problem.number,
        provider=claimed.provider.value,
        fee_account=claimed.fee_account_id,
    )
