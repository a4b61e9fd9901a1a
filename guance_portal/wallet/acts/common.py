"""What acts share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import Account, Leg, Link, Posted, TransactionDraft
from guance_portal.wallet import queries
from guance_portal.wallet.errors import OtherCurrencyError


def content(**said: object) -> str:
    """What was asked for, so that the same reference with anything else is refused."""
    return json.dumps(said, default=_plain, ensure_ascii=False, sort_keys=True)


async def require_currency(work: UnitOfWork, payer: int, currency: Currency) -> None:
    """Go on only in the currency of the payer's account; raises OtherCurrencyError."""
    if await queries.currency_of(work, payer) is not currency:
        raise OtherCurrencyError


async def held(books: Books, payer: int, currency: Currency, *kinds: Kind) -> list[int]:
    """How much stands on these accounts of a payer, on the side where they belong: never less than zero."""
    accounts = [Account(kind, currency) for kind in kinds]
    balances = await books.balances(payer, accounts)
    return [abs(balances[account]) for account in accounts]


async def book(books: Books, link: Link, asked: str) -> Posted:
    """Post one transaction."""
    return (await books.post([TransactionDraft.of(link, asked)]))[0]


def link(payer: int, reference: str, kind: str, at: datetime, legs: Iterable[Leg]) -> Link:
    """A transaction to be posted."""
    return Link(payer, reference, kind, at, tuple(legs))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))  # pyright: ignore[reportUnknownArgumentType] - of text
    raise TypeError(type(value))
