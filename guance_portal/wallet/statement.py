"""收支明细: every transaction of a payer as its own accounts saw it, with what stood on each afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers import queries as payers
from guance_portal.wallet.statement_queries import Narrowed, Sums, entries, sums

ACTS = (
    "recharge",
    "claim",
    "reversal",
    "bill",
    "correction",
    "card",
    "grant",
    "revoke",
    "expire",
    "refund_asked",
    "refund_done",
    "refund_refused",
)
"""The kinds of transactions that move a payer's own accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMove:
    """What one account gained or lost, and what stood on it afterwards; a debt stands below nothing. In cents."""

    kind: Kind
    key: str
    minor: int
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One transaction."""

    number: int
    act: str
    reference: str
    at: datetime
    moves: tuple[AccountMove, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPart:
    """A page of lines, the newest first, and the sums of all that match."""

    currency: Currency
    lines: tuple[StatementEntry, ...]
    sums: Sums


class WalletStatements:
    """Answers the page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, actor: Actor, narrowed: Narrowed, paging: Paging) -> StatementPart:
        """A page; raises PasswordNeededError for a session that is limited to a workspace."""
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        async with self._database.reporting() as work:
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            payer = await ledger.payer_of(work, account.id)
            if payer is None:
                return StatementPart(currency=account.currency, lines=(), sums=Sums(0, 0, 0))
            rows = await entries(work, payer, narrowed, paging)
            total = await sums(work, payer, narrowed)
        lines = [
            StatementEntry(
                number=number,
                act=of[0].act,
                reference=of[0].reference,
                at=of[0].at,
                moves=tuple(
                    AccountMove(kind=Kind(row.kind), key=row.key, minor=int(row.minor), rest=int(row.rest))
                    for row in of
                ),
            )
            for number, of in ((number, list(of)) for number, of in groupby(rows, key=lambda row: row.number))
        ]
        return StatementPart(currency=account.currency, lines=tuple(lines), sums=total)
