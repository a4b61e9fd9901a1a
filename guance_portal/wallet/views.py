"""What a payer sees of its wallet: balances and purses as the ledger has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from guance_portal.accounts.access import require_password_session
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.money import Currency
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers import queries as payers
from guance_portal.wallet import queries
from guance_portal.wallet.rules import PURSES, Purse, in_order

SOON = timedelta(days=30)
"""What ends within so long is shown as about to expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """The balances of an account, in cents. `purses` are those that can still pay, in the order in which they do.

    `expiring` are those of them that end soon, the first one first.
    """

    fee_account_id: str
    currency: Currency
    cash: int = 0
    credit: int = 0
    hold: int = 0
    debt: int = 0
    purses: tuple[Purse, ...] = ()
    expiring: tuple[Purse, ...] = ()
    version: int = 0

    def rest(self, *kinds: Kind) -> int:
        """What is left on all purses of these kinds."""
        return sum(purse.rest for purse in self.purses if purse.kind in kinds)

    def first_end(self, *kinds: Kind) -> datetime | None:
        """When the first purse of these kinds ends; None where there is none."""
        return min((purse.valid_until for purse in self.purses if purse.kind in kinds), default=None)


class WalletViews:
    """Answers the pages that show balances."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def wallet(self, actor: Actor) -> WalletView:
        """The wallet of an account; raises PasswordNeededError for a session that is limited to a workspace."""
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        async with self._database.reading() as work:
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            version = (await ledger.versions(work, [account.id])).get(account.id, 0)
            payer = await ledger.payer_of(work, account.id)
            if payer is None:
                return WalletView(fee_account_id=account.id, currency=account.currency)
            return await self._read(work, payer, account.id, account.currency, version)

    async def versions(self, fee_account_ids: Collection[str]) -> dict[str, int]:
        """The versions of wallets that open pages follow: any act makes another."""
        return await ledger.versions(self._database, fee_account_ids)

    async def _read(
        self, work: UnitOfWork, payer: int, fee_account_id: str, currency: Currency, version: int
    ) -> WalletView:
        now = self._clock.now()
        rows = await ledger.balances_of_payer(work, payer)
        held = {row.kind: abs(row.balance) for row in rows if row.currency == currency and not row.key}
        found = [purse for _, purse in await queries.purses(work, {payer}, since=now)]
        purses = in_order(purse for purse in found if purse.kind in PURSES and purse.rest and purse.valid_until > now)
        return WalletView(
            fee_account_id=fee_account_id,
            currency=currency,
            cash=held.get(Kind.CASH, 0),
            credit=held.get(Kind.CREDIT, 0),
            hold=held.get(Kind.HOLD, 0),
            debt=held.get(Kind.RECEIVABLE, 0),
            purses=tuple(purses),
            expiring=tuple(
                sorted(
                    (purse for purse in purses if purse.valid_until <= now + SOON), key=lambda purse: purse.valid_until
                )
            ),
            version=version,
        )
