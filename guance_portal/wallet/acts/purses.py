"""Vouchers that are granted, activated, revoked; purses that expire; cards that are bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import Account, Posted, TransactionDraft
from guance_portal.wallet import card_rules, entry_rules, queries
from guance_portal.wallet.acts.common import book, content, held, link, require_currency
from guance_portal.wallet.errors import (
    CodeUnknownError,
    CodeUsedError,
    CodeVoidedError,
    PurseUnknownError,
    VoucherCodeExpiredError,
)
from guance_portal.wallet.return_rules import revocable
from guance_portal.wallet.tables import WalletPurse

_BEFORE_ANY_DAY = timedelta(days=2)
"""Before an instant by so much, the day of it has not begun in any zone: what a card is bought with holds for that day too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a voucher is worth, from when to just before when, and what for; without workspaces or items for all."""

    minor: int
    currency: Currency
    valid_from: datetime
    valid_until: datetime
    kind: Kind = Kind.VOUCHER
    workspaces: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrder:
    """A card to buy: `order` is minted with the form; `is_kept` from clouds (不用于云账号结算)."""

    order: str
    minor: int
    at: datetime
    zone: ZoneInfo
    is_kept: bool = False


async def grant(work: UnitOfWork, payer: int, terms: Terms, *, reference: str, at: datetime) -> WalletPurse:
    """A voucher is given; raises OtherContentError where the reference gave another, OtherCurrencyError."""
    await require_currency(work, payer, terms.currency)
    books = await Books.hold(work, {payer})
    asked = _content(terms)
    if await books.find(payer, reference, asked):
        return (await queries.purses_by_reference(work, payer, reference))[0]
    return await _grant(work, books, payer, terms, reference=reference, at=at)


async def activate(work: UnitOfWork, payer: int, code_hash: str, at: datetime) -> WalletPurse:
    """A code gives its voucher, once; it pays no debt that is there.

    Raises CodeUnknownError, CodeUsedError, CodeVoidedError, CodeExpiredError, OtherCurrencyError.
    """
    books = await Books.hold(work, {payer})
    code = await queries.code(work, code_hash)
    if code is None:
        raise CodeUnknownError(field="code")
    reference = f"code:{code_hash}"
    if code.used_by == payer:
        return (await queries.purses_by_reference(work, payer, reference))[0]
    if code.used_by is not None:
        raise CodeUsedError(field="code")
    if code.voided_at is not None:
        raise CodeVoidedError(field="code")
    if code.valid_until <= at:
        raise VoucherCodeExpiredError(field="code")
    await require_currency(work, payer, code.currency)
    terms = Terms(
        minor=code.minor,
        currency=code.currency,
        valid_from=at,
        valid_until=code.valid_until,
        workspaces=frozenset(code.workspaces),
        items=frozenset(code.items),
    )
    voucher = await _grant(work, books, payer, terms, reference=reference, at=at)
    code.used_by, code.used_at = payer, at
    work.session.add(code)
    return voucher


async def revoke(work: UnitOfWork, payer: int, number: int, *, minor: int, reference: str, at: datetime) -> Posted:
    """A part of a voucher, or all of it, is taken away; raises PurseUnknownError, ReturnTooHighError."""
    books = await Books.hold(work, {payer})
    asked = content(purse=number, minor=minor)
    if earlier := await books.find(payer, reference, asked):
        return earlier
    purse = await queries.purse(work, payer, number)
    if purse is None or purse.kind is Kind.CARD:
        raise PurseUnknownError
    legs = entry_rules.leaves(purse.account, revocable(purse.rest, minor))
    return await book(books, link(payer, reference, "revoke", at, legs), asked)


async def expire(work: UnitOfWork, payer: int, by: datetime) -> list[Posted]:
    """What is left on the purses of a payer that ended by an instant leaves them, each at the instant of its end.

    It is for the caller to know that no bill is still to come which they could pay.
    """
    books = await Books.hold(work, {payer})
    ended = await queries.purses(work, {payer}, ended_by=by)
    return await books.post(
        [
            TransactionDraft.of(
                link(
                    payer,
                    f"expire:{purse.number}",
                    "expire",
                    purse.valid_until,
                    entry_rules.leaves(purse.account, purse.rest),
                )
            )
            for _, purse in ended
        ]
    )


async def buy_card(work: UnitOfWork, payer: int, order: CardOrder) -> WalletPurse:
    """A card is bought from cash, with the bonus that it brings, both or neither; they end together.

    Raises CardAmountError, CardInDebtError, CashShortError, and OtherContentError for an order that was another.
    """
    books = await Books.hold(work, {payer})
    reference, asked = f"card:{order.order}", content(minor=order.minor, is_kept=order.is_kept)
    if await books.find(payer, reference, asked):
        return (await queries.purses_by_reference(work, payer, reference))[0]
    currency = await queries.currency_of(work, payer)
    cash, debt = await held(books, payer, currency, Kind.CASH, Kind.RECEIVABLE)
    card_rules.check_card(order.minor, cash=cash, debt=debt)
    terms = Terms(
        kind=Kind.CARD,
        minor=order.minor,
        currency=currency,
        valid_from=order.at,
        valid_until=card_rules.card_ends(order.at, order.zone),
    )
    number = await queries.last_purse(work, payer) + 1
    brings = card_rules.bonus(order.minor, currency)
    card, bonus = (Account(kind, currency, str(number + n)) for n, kind in enumerate((Kind.CARD, Kind.BONUS_VOUCHER)))
    legs = entry_rules.card(card, order.minor, bonus, brings)
    await book(books, link(payer, reference, "card", order.at, legs), asked)
    row = _row(payer, number, terms, reference, order.at)
    row.kept_since = order.at - _BEFORE_ANY_DAY if order.is_kept else None
    work.session.add(row)
    if brings:
        given = Terms(
            kind=Kind.BONUS_VOUCHER,
            minor=brings,
            currency=currency,
            valid_from=order.at,
            valid_until=terms.valid_until,
        )
        work.session.add(_row(payer, number + 1, given, reference, order.at))
    await work.session.flush()
    return row


async def _grant(
    work: UnitOfWork, books: Books, payer: int, terms: Terms, *, reference: str, at: datetime
) -> WalletPurse:
    row = _row(payer, await queries.last_purse(work, payer) + 1, terms, reference, at)
    legs = entry_rules.granted(Account(terms.kind, terms.currency, str(row.number)), terms.minor)
    await book(books, link(payer, reference, "grant", at, legs), _content(terms))
    work.session.add(row)
    await work.session.flush()
    return row


def _row(payer: int, number: int, terms: Terms, reference: str, at: datetime) -> WalletPurse:
    return WalletPurse(
        payer=payer,
        number=number,
        kind=terms.kind,
        currency=terms.currency,
        face=terms.minor,
        reference=reference,
        granted_at=at,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        workspaces=sorted(terms.workspaces),
        items=sorted(terms.items),
    )


def _content(terms: Terms) -> str:
    return content(
        kind=terms.kind,
        minor=terms.minor,
        currency=terms.currency,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        workspaces=terms.workspaces,
        items=terms.items,
    )
