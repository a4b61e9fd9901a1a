"""Books for a test: payers, and transactions that say no more than they must."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from guance_portal import sites
from guance_portal.core.db import Database
from guance_portal.core.messages import Language
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books, post
from guance_portal.ledger.rules import Account, Leg, Link, Posted, TransactionDraft
from guance_portal.payers.tables import FeeAccount

CNY = Currency.CNY
NOON = datetime(2026, 11, 4, 4, tzinfo=UTC)
"""Noon in Shanghai."""


def account(kind: Kind, key: str = "", currency: Currency = CNY) -> Account:
    """An account, in CNY unless said otherwise."""
    return Account(kind, currency, key)


def draft(
    payer: int,
    reference: str,
    moves: Mapping[Kind, int] | Mapping[Account, int] | Mapping[Kind | Account, int],
    *,
    at: datetime = NOON,
    kind: str = "recharge",
    content: str = "",
) -> TransactionDraft:
    """A transaction of these legs; a kind stands for its account in CNY."""
    legs = [Leg(of if isinstance(of, Account) else account(of), minor) for of, minor in moves.items()]
    return TransactionDraft.of(Link(payer, reference, kind, at, tuple(legs)), content)


async def payer(database: Database, name: str = "yunfan", currency: Currency = CNY) -> int:
    """The books of a new fee-centre account."""
    async with database.writing() as work:
        work.session.add(
            FeeAccount(
                id=f"fee_{name}",
                username=name,
                username_key=name,
                email=f"{name}@example.com",
                email_key=f"{name}@example.com",
                language=Language.ZH,
                site=sites.first_of(currency).code,
                currency=currency,
                created_at=NOON,
            )
        )
        opened = await open_books(work, f"fee_{name}")
        await work.commit()
    return opened


async def posted(database: Database, *batch: TransactionDraft) -> list[Posted]:
    """Post and commit."""
    async with database.writing() as work:
        answers = await post(work, batch)
        await work.commit()
    return answers
