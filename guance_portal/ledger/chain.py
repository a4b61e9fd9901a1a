"""The check of the chain: every hash of every payer is worked out again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Select, String, select, type_coerce
from sqlmodel import col

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import NOTHING_BEFORE, Account, Header, NamedEntry, hashed
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerTransaction

_AT_A_TIME = 10_000


async def breaks(work: UnitOfWork, payer: int | None = None) -> AsyncIterator[tuple[int, int]]:
    """The first transaction of each payer, or of one, whose hash is not that of what stands there: payer and number.

    Rows come in portions: memory does not grow with the ledger.
    """
    of, before, is_broken = -1, NOTHING_BEFORE, False
    async for head, entries in _transactions(work, payer):
        if head.payer != of:
            of, before, is_broken = head.payer, NOTHING_BEFORE, False
        if not is_broken:
            header = Header(of, head.reference, head.kind, _in_utc(head.at))
            if is_broken := hashed(before, header, entries) != head.hash:
                yield of, head.number
        before = head.hash


class _Head(NamedTuple):
    payer: int
    number: int
    reference: str
    kind: str
    at: datetime
    hash: bytes


async def _transactions(work: UnitOfWork, payer: int | None) -> AsyncIterator[tuple[_Head, list[NamedEntry]]]:
    """Every transaction with its entries, in order; one that lost all its entries has none."""
    connection = await work.session.connection()
    entries: list[NamedEntry] = []
    head: _Head | None = None
    names: dict[tuple[str, str], str] = {}
    async with connection.stream(_rows(payer), execution_options={"yield_per": _AT_A_TIME}) as rows:
        # In portions: to ask for each row by itself takes longer than all the rest.
        async for portion in rows.partitions(_AT_A_TIME):
            for of, number, reference, act, at, stored, kind, key, currency, minor in portion:
                if head is None or head.number != number or head.payer != of:
                    if head is not None:
                        yield head, entries
                    head, entries = _Head(of, number, reference, act, at, stored), []
                if minor is not None:
                    if (name := names.get((kind, key))) is None:
                        name = names[kind, key] = Account(Kind(kind), Currency(currency), key).name
                    entries.append((name, currency, minor))
    if head is not None:
        yield head, entries


def _in_utc(at: datetime) -> datetime:
    """SQLite has no zones; what it stores is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _rows(payer: int | None) -> Select[*tuple[Any, ...]]:
    # Plain values: each row of millions would be converted by itself, and most columns repeat with every entry.
    at, kind, currency = (
        type_coerce(col(LedgerTransaction.at), DateTime()),
        type_coerce(col(LedgerAccount.kind), String()),
        type_coerce(col(LedgerEntry.currency), String()),
    )
    found = (
        select(
            col(LedgerTransaction.payer),
            col(LedgerTransaction.number),
            col(LedgerTransaction.reference),
            col(LedgerTransaction.kind),
            at.label("at"),
            col(LedgerTransaction.hash),
            kind.label("account"),
            col(LedgerAccount.key),
            currency.label("currency"),
            col(LedgerEntry.minor),
        )
        .outerjoin(
            LedgerEntry,
            (col(LedgerEntry.payer) == col(LedgerTransaction.payer))
            & (col(LedgerEntry.number) == col(LedgerTransaction.number)),
        )
        .outerjoin(
            LedgerAccount,
            (col(LedgerAccount.payer) == col(LedgerEntry.payer))
            & (col(LedgerAccount.number) == col(LedgerEntry.account)),
        )
        .order_by(col(LedgerTransaction.payer), col(LedgerTransaction.number))
    )
    return found if payer is None else found.where(col(LedgerTransaction.payer) == payer)
