"""收支明细: every transaction of a payer as its own accounts saw it, with what stood on each afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers import queries as payers
from guance_portal.wallet import statement_queries as queries
from guance_portal.wallet.statement_queries import Accounts, Sums
from guance_portal.wallet.statement_rules import StatementChoice
from guance_portal.wallet.views import versions

ACTS = (
    "recharge",
    "claim",
    "reversal",
    "bill",
    "correction",
    "refused",
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
    """A page of lines, the newest first, and the sums of all that match. `version` is what pages follow."""

    currency: Currency
    zone: ZoneInfo
    lines: tuple[StatementEntry, ...]
    sums: Sums
    version: int = 0


class WalletStatements:
    """Answers the page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, actor: Actor, most: int) -> StatementPart:
        """The last transactions alone, without sums; raises what `read` does."""
        return await self._read(actor, StatementChoice(), Paging(1, most), has_sums=False)

    async def read(self, actor: Actor, choice: StatementChoice, paging: Paging) -> StatementPart:
        """A page; raises PasswordNeededError for a session that is limited to a workspace."""
        return await self._read(actor, choice, paging)

    async def _read(
        self, actor: Actor, choice: StatementChoice, paging: Paging, *, has_sums: bool = True
    ) -> StatementPart:
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        async with self._database.reporting() as work:
            await queries.hold_still(work)
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            version = (await versions(work, [account.id]))[account.id]
            payer = await ledger.payer_of(work, account.id)
            if payer is None:
                return StatementPart(
                    currency=account.currency, zone=account.zone, lines=(), sums=Sums(0, 0, 0), version=version
                )
            narrowed = choice.narrowed(account.zone)
            among = await queries.accounts(work, payer, narrowed)
            rows = await queries.page(work, payer, narrowed, among, paging)
            total = await queries.sums(work, payer, narrowed, among) if has_sums else Sums(0, 0, 0)
        lines = tuple(_line(list(of), among) for _, of in groupby(rows, key=lambda one: one[0].number))
        return StatementPart(currency=account.currency, zone=account.zone, lines=lines, sums=total, version=version)


def _line(entries: list[tuple[Row[Any], int]], among: Accounts) -> StatementEntry:
    first = entries[0][0]
    return StatementEntry(
        number=first.number,
        act=first.act,
        reference=first.reference,
        at=first.at,
        moves=tuple(
            AccountMove(
                kind=Kind(among.asked[row.account].kind),
                key=among.asked[row.account].key,
                minor=int(row.minor),
                rest=int(rest),
            )
            for row, rest in entries
        ),
    )
