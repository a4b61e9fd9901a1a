"""The check of the chain: every hash of every payer is worked out again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

from sqlalchemy import DateTime, Row, Select, String, select, type_coerce
from sqlmodel import col

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.rules import NOTHING_BEFORE, Account, Leg, Link, chained
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerTransaction

_AT_A_TIME = 10_000


async def breaks(work: UnitOfWork, payer: int | None = None) -> AsyncIterator[tuple[int, int]]:
    """The first transaction of each payer, or of one, whose hash is not that of what stands there: payer and number.

    Rows come in portions: memory does not grow with the ledger.
    """
    of, before, is_broken = -1, NOTHING_BEFORE, False
    async for number, link, stored in _links(work, payer):
        if link.payer != of:
            of, before, is_broken = link.payer, NOTHING_BEFORE, False
        if not is_broken and (is_broken := chained(before, link) != stored):
            yield of, number
        before = stored


async def _links(work: UnitOfWork, payer: int | None) -> AsyncIterator[tuple[int, Link, bytes]]:
    """Every transaction with its number and its stored hash, in order; one that lost all its entries has no legs."""
    connection = await work.session.connection()
    at: tuple[int, int] | None = None
    legs: list[Leg] = []
    head: Row[Any] | None = None
    accounts: dict[tuple[str, str, str], Account] = {}
    async with connection.stream(_rows(payer), execution_options={"yield_per": _AT_A_TIME}) as rows:
        # In portions: to ask for each row by itself takes longer than all the rest.
        async for portion in rows.partitions(_AT_A_TIME):
            for row in portion:
                of, number, _, _, _, _, kind, key, currency, minor = row
                if (of, number) != at:
                    if head is not None:
                        yield head.number, _link(head, legs), head.hash
                    at, head, legs = (of, number), row, []
                if minor is not None:
                    name = kind, currency, key
                    if (account := accounts.get(name)) is None:
                        account = accounts[name] = Account(kind, currency, key)
                    legs.append(Leg(account, minor))
    if head is not None:
        yield head.number, _link(head, legs), head.hash


def _link(head: Row[Any], legs: list[Leg]) -> Link:
    payer, _, reference, kind, at, *_ = head
    # SQLite has no zones; what is stored is UTC.
    return Link(payer, reference, kind, at if at.tzinfo else at.replace(tzinfo=UTC), tuple(legs))


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
