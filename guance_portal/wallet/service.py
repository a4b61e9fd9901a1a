"""What a payer does with its wallet by itself: a code is activated, a card is bought. Authorised and audited here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.limit_keys import of_account
from guance_portal.core.money import Currency, Money
from guance_portal.core.rate_limits import RateLimits
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books, open_books
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet import card_rules, queries
from guance_portal.wallet.acts import purses
from guance_portal.wallet.acts.purses import CardOrder
from guance_portal.wallet.code_rules import hashed
from guance_portal.wallet.errors import (
    CodeUnknownError,
    CodeUsedError,
    CodeVoidedError,
    OtherCurrencyError,
    VoucherCodeExpiredError,
)
from guance_portal.wallet.tables import VoucherCode, WalletPurse


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """What a code is worth, in cents; `items` are those that it is for, none for all."""

    minor: int
    currency: Currency
    zone: ZoneInfo
    valid_until: datetime
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """What buying a card would do: the cash before, what is on cards before, the bonus, and until when it is valid."""

    minor: int
    currency: Currency
    zone: ZoneInfo
    cash: int
    cards: int
    bonus: int
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWanted:
    """A card as its form says; `key` was minted with the form, `is_kept` from clouds (不用于云账号结算)."""

    key: str
    minor: int
    is_kept: bool = False


class WalletActs:
    """The acts of a person who signed in to the fee centre with the account's password; others get PasswordNeededError."""

    def __init__(self, database: Database, *, limits: RateLimits, clock: Clock) -> None:
        self._database, self._limits, self._clock = database, limits, clock

    async def look_at_code(self, actor: Actor, typed: str) -> CodeView:
        """What a code would give; changes nothing.

        Raises CodeUnknownError, CodeUsedError, CodeVoidedError, CodeExpiredError, OtherCurrencyError, each of which counts, and
        TooManyAttemptsError once there were too many of them.
        """
        code, zone = await self._usable(actor, typed)
        return CodeView(
            minor=code.minor,
            currency=code.currency,
            zone=zone,
            valid_until=code.valid_until,
            items=tuple(sorted(code.items)),
        )

    async def activate(self, actor: Actor, typed: str, caller: Caller) -> int:
        """A code gives its voucher, once; returns what it is worth. Raises what `look_at_code` does.

        Of several at once that passed the look one gives the voucher, and the others are answered with it.
        """
        code, _ = await self._usable(actor, typed)
        now = self._clock.now()
        async with self._database.writing() as work:
            payer, before = await _held(work, actor)
            voucher = await purses.activate(work, payer, code.code_hash, now)
            if voucher.number > before:
                about = {"amount": str(Money(voucher.face, voucher.currency)), "batch": code.batch}
                self._note(work, "voucher.activated", voucher, actor, caller, **about)
            await work.commit()
        return code.minor

    async def preview_card(self, actor: Actor, minor: int) -> CardView:
        """What a card of this price would do. Raises CardAmountError, CardInDebtError, CashShortError."""
        _require(actor)
        now = self._clock.now()
        async with self._database.reading() as work:
            account = await _account(work, actor)
            payer = await ledger.payer_of(work, actor.subject_id)
            rows = await ledger.balances_of_payer(work, payer) if payer else ()
        held = {row.kind: abs(row.balance) for row in rows if not row.key}
        cash = held.get(Kind.CASH, 0)
        card_rules.check_card(minor, cash=cash, debt=held.get(Kind.RECEIVABLE, 0))
        return CardView(
            minor=minor,
            currency=account.currency,
            zone=account.zone,
            cash=cash,
            cards=sum(-row.balance for row in rows if row.kind == Kind.CARD),
            bonus=card_rules.bonus(minor, account.currency),
            valid_from=now,
            valid_until=card_rules.card_ends(now, account.zone),
        )

    async def buy_card(self, actor: Actor, wanted: CardWanted, caller: Caller) -> None:
        """A card is bought from cash, with its bonus; the same form again buys nothing more.

        Raises CardAmountError, CardInDebtError, CashShortError, OtherContentError, BooksStoppedError.
        """
        _require(actor)
        now = self._clock.now()
        async with self._database.writing() as work:
            account = await _account(work, actor)
            payer, before = await _held(work, actor)
            order = CardOrder(order=wanted.key, minor=wanted.minor, at=now, zone=account.zone, is_kept=wanted.is_kept)
            card = await purses.buy_card(work, payer, order)
            if card.number > before:
                self._note(work, "card.bought", card, actor, caller, amount=str(Money(card.face, card.currency)))
            await work.commit()

    async def _usable(self, actor: Actor, typed: str) -> tuple[VoucherCode, ZoneInfo]:
        """The code that was typed, and the zone of the account; one that cannot be used counts as a try, one that can is no guess."""
        _require(actor)
        key = of_account(actor.realm, actor.subject_id)
        await self._limits.hit("voucher_codes", key)
        found = await self._found(actor, typed)
        await self._limits.forgive("voucher_codes", key)
        return found

    async def _found(self, actor: Actor, typed: str) -> tuple[VoucherCode, ZoneInfo]:
        now = self._clock.now()
        async with self._database.reading() as work:
            account = await _account(work, actor)
            code = await work.session.get(VoucherCode, hashed(typed))
        if code is None:
            raise CodeUnknownError(field="code")
        if code.used_by is not None:
            raise CodeUsedError(field="code")
        if code.voided_at is not None:
            raise CodeVoidedError(field="code")
        if code.valid_until <= now:
            raise VoucherCodeExpiredError(field="code")
        if code.currency is not account.currency:
            raise OtherCurrencyError(field="code")
        return code, account.zone

    def _note(self, work: UnitOfWork, act: str, purse: WalletPurse, actor: Actor, caller: Caller, **about: str) -> None:
        on = ("purse", f"{actor.subject_id}/{purse.number}")
        audit.record(work, act, on, at=self._clock.now(), actor=actor, caller=caller, **about)


def _require(actor: Actor) -> None:
    actor.require(Realm.FEE_CENTER)
    require_password_session(actor)


async def _account(work: UnitOfWork, actor: Actor) -> FeeAccount:
    account = await payers.account(work, actor.subject_id)
    if account is None:
        raise NotSignedInError
    return account


async def _held(work: UnitOfWork, actor: Actor) -> tuple[int, int]:
    """The payer, whose books are held from now on, and its last purse: what has a higher number is new."""
    payer = await open_books(work, actor.subject_id)
    await Books.hold(work, {payer})
    return payer, await queries.last_purse(work, payer)
