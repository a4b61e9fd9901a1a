"""What a payer sees of its wallet: balances and purses as the ledger has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from guance_portal.accounts.members.access import require_password_session, require_role
from guance_portal.accounts.rules import Role
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, Reader, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.money import Currency
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers import queries as payers
from guance_portal.payers.balance_sharing import shown_of
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
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
    zone: ZoneInfo
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleWallet:
    """What the owner of a workspace sees: whether the account itself pays, and its wallet where the account shows it."""

    is_paying: bool
    wallet: WalletView | None


class PurseState(StrEnum):
    """Where a purse stands."""

    USABLE = "usable"
    NOT_YET = "not_yet"
    SPENT = "spent"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurseView:
    """A voucher or card with its face in cents; `came_by` is code, card (bought, or its bonus) or grant."""

    purse: Purse
    face: int
    came_by: str
    state: PurseState

    @property
    def number(self) -> int:
        """Its number within the account."""
        return self.purse.number

    @property
    def is_usable(self) -> bool:
        """Whether it can pay now or later."""
        return self.state in (PurseState.USABLE, PurseState.NOT_YET)


@dataclass(frozen=True, slots=True)
class PurseList:
    """The purses of an account; `zone` is the one its days are counted by."""

    currency: Currency
    zone: ZoneInfo
    purses: tuple[PurseView, ...]


async def versions(reader: Reader, fee_account_ids: Collection[str]) -> dict[str, int]:
    """What pages of a wallet follow: any transaction, and any choice of who sees and who pays, makes another."""
    acts = await ledger.versions(reader, fee_account_ids)
    choices = await payers.versions(reader, fee_account_ids)
    return {account: number + acts.get(account, 0) for account, number in choices.items()}


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
            return await self._read(work, account)

    async def of_workspace(self, actor: Actor) -> ConsoleWallet:
        """The wallet that pays for the workspace of a console session; raises NotAllowedError for all but its owner."""
        async with self._database.reading() as work:
            await require_role(work, actor, (Role.OWNER,))
            binding = await payers.binding(work, actor.workspace_id)
            if binding is None or binding.method != SettlementMethod.ENTERPRISE:
                return ConsoleWallet(is_paying=False, wallet=None)
            account = await payers.account(work, binding.fee_account_id)
            shown = await shown_of(work, [binding])
            if account is None or not shown[actor.workspace_id]:
                return ConsoleWallet(is_paying=True, wallet=None)
            return ConsoleWallet(is_paying=True, wallet=await self._read(work, account))

    async def purses(self, actor: Actor, *kinds: Kind) -> PurseList:
        """Every purse of these kinds that an account ever had: what can still pay first, then the newest.

        Raises PasswordNeededError for a session that is limited to a workspace.
        """
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        now = self._clock.now()
        async with self._database.reading() as work:
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            payer = await ledger.payer_of(work, account.id)
            rows = await queries.purses_with_face(work, payer) if payer else []
        found = [_purse(purse, face, reference, now) for purse, face, reference in rows if purse.kind in kinds]
        usable = {one.number: place for place, one in enumerate(in_order(one.purse for one in found if one.is_usable))}
        ordered = sorted(found, key=lambda one: (usable.get(one.number, len(usable)), -one.number))
        return PurseList(account.currency, account.zone, tuple(ordered))

    async def versions(self, fee_account_ids: Collection[str]) -> dict[str, int]:
        """The versions of wallets that open pages follow: any act makes another."""
        return await versions(self._database, fee_account_ids)

    async def _read(self, work: UnitOfWork, account: FeeAccount) -> WalletView:
        currency = account.currency
        version = (await versions(work, [account.id]))[account.id]
        payer = await ledger.payer_of(work, account.id)
        if payer is None:
            return WalletView(fee_account_id=account.id, currency=currency, zone=account.zone, version=version)
        now = self._clock.now()
        rows = await ledger.balances_of_payer(work, payer)
        held = {row.kind: abs(row.balance) for row in rows if row.currency == currency and not row.key}
        found = [purse for _, purse in await queries.purses(work, {payer}, since=now)]
        purses = in_order(purse for purse in found if purse.kind in PURSES and purse.rest and purse.valid_until > now)
        return WalletView(
            fee_account_id=account.id,
            currency=currency,
            zone=account.zone,
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


def _purse(purse: Purse, face: int, reference: str, now: datetime) -> PurseView:
    state = PurseState.SPENT if not purse.rest else PurseState.USABLE
    if purse.valid_until <= now:
        state = PurseState.EXPIRED
    elif purse.rest and purse.valid_from > now:
        state = PurseState.NOT_YET
    came_by = reference.partition(":")[0]
    return PurseView(purse=purse, face=face, came_by=came_by if came_by in {"code", "card"} else "grant", state=state)
