"""Taking up a subscription that a browser brought from a marketplace: once, soon, in that very browser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col, delete, select, update

from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.sealing import Sealer
from guance_portal.core.tokens import digest, new_token
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.aws.errors import AwsTokenUsedError
from guance_portal.marketplaces.claim_errors import REFUSALS, ClaimExpiredError, ClaimUnknownError, ClaimUsedError
from guance_portal.marketplaces.claim_tables import MarketplaceClaim
from guance_portal.marketplaces.purchases import SubscriptionView
from guance_portal.marketplaces.subscriptions import SubscriptionService
from guance_portal.payers.cloud_accounts import CloudAccountService
from guance_portal.settlement.choices import Choice, OptionKind
from guance_portal.settlement.switching import ChangeOrder, ChangeReceipt, Switching

LIFE = timedelta(minutes=30)
SEALED_FOR = "registration tokens"
_KEPT = timedelta(days=30)
_NAMED = 16
"""Digits of a registration token's digest that name it in an address."""


class ClaimState(StrEnum):
    """How a claim stands: the marketplace has not answered yet, it can be used, or it has been."""

    WAITING = "waiting"
    OPEN = "open"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLink:
    """What the browser gets: the token stands in the address, the cookie beside it."""

    token: str
    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim that this browser may use; `subscription` is None while it waits for the marketplace."""

    state: ClaimState
    subscription: SubscriptionView | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """What came of a claim: the registered account, and the change for the chosen workspace or why there is none."""

    cloud_account_id: str
    change: ChangeReceipt | None = None
    refusal: PortalError | None = None


class ClaimService:
    """Makes and honours claims. `token` may be empty: then the latest claim of the browser's cookie is meant."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        sealer: Sealer,
        subscriptions: SubscriptionService,
        cloud_accounts: CloudAccountService,
        switching: Switching,
    ) -> None:
        self._database, self._clock, self._sealer = database, clock, sealer
        self._subscriptions, self._cloud_accounts, self._switching = subscriptions, cloud_accounts, switching

    async def require_new(self, registration_token: str) -> None:
        """Raise AwsTokenUsedError when there is a claim of this registration token."""
        registration = digest(registration_token)
        of_it = select(MarketplaceClaim.token_hash).where(col(MarketplaceClaim.registration_hash) == registration)
        async with self._database.reading() as work:
            if (await work.session.exec(of_it)).first() is not None:
                raise AwsTokenUsedError(registration=registration[:_NAMED])

    async def open(self, registration_token: str, subscription_id: str) -> ClaimLink:
        """A claim to the subscription that a registration token stands for; raises AwsTokenUsedError."""
        return await self._make(registration_token, subscription_id, "")

    async def open_waiting(self, registration_token: str) -> ClaimLink:
        """A claim to what a registration token will turn out to be, once the marketplace answers; raises as `open`."""
        return await self._make(registration_token, None, self._sealer.seal(registration_token))

    async def look(self, token: str, cookie_hash: str, registration: str = "") -> ClaimView:
        """The claim, of this registration token if one is named; raises ClaimUnknownError, ClaimExpiredError.

        One that the marketplace refused raises what it was refused by.
        """
        async with self._database.reading() as work:
            row = await self._row(work, token, cookie_hash, registration=registration)
        found = await self._subscriptions.get(row.subscription_id) if row.subscription_id else None
        return ClaimView(state=_state(row), subscription=found, expires_at=row.expires_at)

    async def waiting_token(self, token: str, cookie_hash: str) -> str:
        """The registration token of a claim that waits; empty when it waits no more. Raises as `look` does."""
        async with self._database.reading() as work:
            row = await self._row(work, token, cookie_hash)
        return self._sealer.open(row.sealed) if row.sealed else ""

    async def answered(
        self, token: str, cookie_hash: str, subscription_id: str | None, refusal: PortalError | None = None
    ) -> None:
        """The marketplace has answered: with a subscription, or (None) with a refusal, which ends the claim."""
        async with self._database.writing() as work:
            row = await self._row(work, token, cookie_hash, lock=True)
            if row.sealed:
                row.sealed, row.subscription_id = "", subscription_id
                if subscription_id is None:
                    row.expires_at, row.refusal = self._clock.now(), refusal.code if refusal else ""
                await work.commit()

    async def receive(
        self, actor: Actor, token: str, cookie_hash: str, workspace_id: str | None, *, caller: Caller | None = None
    ) -> str:
        """Register the claimed subscription for the payer of a workspace (None: for the actor's own account).

        Once: afterwards the same account gets the same id, and everybody else ClaimUsedError. Raises as `look` and
        as `CloudAccountService.register` do; then the claim is still good.
        """
        async with self._database.reading() as work:
            row = await self._row(work, token, cookie_hash)
        found = await self._subscriptions.get(row.subscription_id) if row.subscription_id else None
        if found is None:
            raise ClaimUnknownError
        try:
            cloud_account_id = await self._cloud_accounts.register(
                actor, found.provider, found.claim, workspace_id=workspace_id or "", is_proven=True, caller=caller
            )
        except PortalError:
            if row.used_at is not None:
                raise ClaimUsedError from None
            raise
        await self._use(row.token_hash, cloud_account_id)
        return cloud_account_id

    async def take(
        self, actor: Actor, token: str, cookie_hash: str, workspace_id: str | None, *, caller: Caller | None = None
    ) -> ClaimResult:
        """Receive the claim, and let the account settle the workspace from the next billing day on.

        A change that cannot be made now does not undo the registration: `refusal` says why.
        """
        cloud_account_id = await self.receive(actor, token, cookie_hash, workspace_id, caller=caller)
        if not workspace_id:
            return ClaimResult(cloud_account_id=cloud_account_id)
        choice = str(Choice(OptionKind.ACCOUNT, cloud_account_id))
        looking = replace(actor, workspace_id=workspace_id) if actor.realm is Realm.CONSOLE else actor
        order = ChangeOrder(actor=looking, workspace_id=workspace_id, choice=choice, caller=caller)
        try:
            change = await self._switching.change(order)
        except NotAllowedError:
            raise
        except PortalError as refusal:
            return ClaimResult(cloud_account_id=cloud_account_id, refusal=refusal)
        return ClaimResult(cloud_account_id=cloud_account_id, change=change)

    async def delete_old(self) -> int:
        """Delete what has been useless for a month, and every sealed token that is over; returns how many rows."""
        now = self._clock.now()
        async with self._database.writing() as work:
            spent = update(MarketplaceClaim).where(col(MarketplaceClaim.expires_at) < now).values(sealed="")
            await work.session.exec(spent)
            old = delete(MarketplaceClaim).where(col(MarketplaceClaim.expires_at) < now - _KEPT)
            gone = (await work.session.exec(old)).rowcount
            await work.commit()
        return gone

    async def _make(self, registration_token: str, subscription_id: str | None, sealed: str) -> ClaimLink:
        link, now = ClaimLink(token=new_token(), cookie=new_token()), self._clock.now()
        registration = digest(registration_token)
        row = MarketplaceClaim(
            token_hash=digest(link.token),
            cookie_hash=digest(link.cookie),
            subscription_id=subscription_id,
            registration_hash=registration,
            sealed=sealed,
            created_at=now,
            expires_at=now + LIFE,
        )
        async with self._database.writing() as work:
            if not await queries.add(work, row):
                raise AwsTokenUsedError(registration=registration[:_NAMED])
            await work.commit()
        return link

    async def _use(self, token_hash: str, cloud_account_id: str) -> None:
        unused = (col(MarketplaceClaim.token_hash) == token_hash, col(MarketplaceClaim.used_at).is_(None))
        used = update(MarketplaceClaim).where(*unused)
        async with self._database.writing() as work:
            await work.session.exec(used.values(used_at=self._clock.now(), cloud_account_id=cloud_account_id))
            await work.commit()

    async def _row(
        self, work: UnitOfWork, token: str, cookie_hash: str, *, registration: str = "", lock: bool = False
    ) -> MarketplaceClaim:
        """The claim, if this browser may use it now."""
        here = [col(MarketplaceClaim.cookie_hash) == cookie_hash, col(MarketplaceClaim.cookie_hash) != ""]
        if token:
            here.append(col(MarketplaceClaim.token_hash) == digest(token))
        if registration:
            here.append(col(MarketplaceClaim.registration_hash).startswith(registration, autoescape=True))
        found = select(MarketplaceClaim).where(*here).order_by(col(MarketplaceClaim.created_at).desc()).limit(1)
        row = (await work.session.exec(found.with_for_update() if lock else found)).first()
        if row is None:
            raise ClaimUnknownError
        if row.refusal in REFUSALS:
            raise REFUSALS[row.refusal]
        if row.used_at is None and row.expires_at <= self._clock.now():
            raise ClaimExpiredError
        return row


def _state(row: MarketplaceClaim) -> ClaimState:
    if row.used_at is not None:
        return ClaimState.USED
    return ClaimState.OPEN if row.subscription_id else ClaimState.WAITING
