"""Posting: the one way into the ledger, for one transaction or a thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from sqlalchemy import Row

from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import text
from guance_portal.core.money import Currency
from guance_portal.ledger import queries
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import BooksStoppedError, OtherContentError
from guance_portal.ledger.page import Head, LedgerBatch, OpenAccount
from guance_portal.ledger.rules import HOUSE, Account, Leg, Posted, TransactionDraft
from guance_portal.ledger.tables import LedgerHead


async def open_books(work: UnitOfWork, fee_account_id: str) -> int:
    """The payer that a fee-centre account is; its books are opened when they are first asked for."""
    await work.session.flush()
    while (payer := await queries.payer_of(work, fee_account_id)) is None:
        await queries.add_head(work, await queries.last_payer(work) + 1, fee_account_id)
    return payer


async def post(work: UnitOfWork, batch: Sequence[TransactionDraft]) -> list[Posted]:
    """Post transactions, all or none; see `Books.post`."""
    return await (await Books.hold(work, {draft.payer for draft in batch})).post(batch)


class Books:
    """The books of some payers, held: nobody else posts to them before the unit of work ends."""

    def __init__(self, work: UnitOfWork, heads: Iterable[LedgerHead]) -> None:
        self._work = work
        self._heads = {head.payer: Head.of(head) for head in heads}

    @classmethod
    async def hold(cls, work: UnitOfWork, payers: Collection[int]) -> Self:
        """Lock the heads of these payers in their order, so that no two who hold several wait for each other."""
        if HOUSE in payers:
            await queries.add_head(work, HOUSE, None)
        return cls(work, await queries.lock_heads(work, payers))

    def holds(self, payer: int) -> bool:
        """Whether there are such books."""
        return payer in self._heads

    def stopped(self, payer: int) -> str:
        """The rule that stops a payer's books; empty while they are open."""
        return self._heads[payer].stopped_by

    async def balances(self, payer: int, accounts: Collection[Account]) -> dict[Account, int]:
        """The balances of a payer's accounts; nothing for one that is not open."""
        found = await self.balances_of([(payer, account) for account in accounts])
        return {account: balance for (_, account), balance in found.items()}

    async def balances_of(self, asked: Collection[tuple[int, Account]]) -> dict[tuple[int, Account], int]:
        """The balances of accounts of several payers, in one statement."""
        found = await queries.accounts_of(self._work, [_asked(payer, account) for payer, account in asked])
        return dict.fromkeys(asked, 0) | {(row.payer, _account(row)): row.balance for row in found}

    async def find(self, payer: int, reference: str, content: str) -> Posted | None:
        """The transaction that a reference was posted as, if it was; raises OtherContentError."""
        return (await self.find_all({(payer, reference): content})).get((payer, reference))

    async def find_all(self, asked: Mapping[tuple[int, str], str]) -> dict[tuple[int, str], Posted]:
        """The same for contents by payer and reference, in two statements."""
        return await self._earlier({key: TransactionDraft.digested(content) for key, content in asked.items()})

    async def post(self, batch: Sequence[TransactionDraft]) -> list[Posted]:
        """Post transactions in their order, all or none, in a handful of statements.

        One whose reference was posted before is answered with what it was posted as. Raises OtherContentError where
        that had other content, BooksStoppedError, and OverdrawnError where a balance would cross zero that may not.
        """
        asked = _distinct(batch)
        answers = await self._earlier({key: draft.digest for key, draft in asked.items()})
        fresh = [draft for key, draft in asked.items() if key not in answers]
        for draft in fresh:
            if rule := self.stopped(draft.payer):
                raise BooksStoppedError(rule=text(f"ledger.rule.{rule}"))
        answers |= await self._write(fresh)
        return [answers[draft.payer, draft.reference] for draft in batch]

    async def _earlier(self, digests: Mapping[_Key, bytes]) -> dict[_Key, Posted]:
        asked = [{"payer": payer, "reference": reference} for payer, reference in digests]
        found = await queries.by_reference(self._work, asked)
        for row in found:
            if row.content != digests[row.payer, row.reference]:
                raise OtherContentError
        legs: dict[tuple[int, int], list[Leg]] = {}
        for row in await queries.legs_of(self._work, [{"payer": row.payer, "number": row.number} for row in found]):
            legs.setdefault((row.payer, row.number), []).append(Leg(_account(row), row.minor))
        return {(row.payer, row.reference): _posted(row, legs[row.payer, row.number]) for row in found}

    async def _write(self, fresh: Sequence[TransactionDraft]) -> dict[_Key, Posted]:
        """Write transactions; all is worked out first, so that what is refused has written nothing."""
        if not fresh:
            return {}
        wanted = dict.fromkeys((draft.payer, leg.account) for draft in fresh for leg in draft.legs)
        found = await queries.accounts_of(self._work, [_asked(payer, account) for payer, account in wanted])
        accounts = {(row.payer, _account(row)): OpenAccount(row.number, row.balance) for row in found}
        heads = {payer: replace(head) for payer, head in self._heads.items()}
        page = LedgerBatch()
        for payer, account in wanted:
            if (payer, account) not in accounts:
                number = heads[payer].next_account()
                accounts[payer, account] = OpenAccount(number, 0)
                page.accounts.append({"number": number, "balance": 0} | _asked(payer, account))
        posted = [heads[draft.payer].next(draft) for draft in fresh]
        for draft, one in zip(fresh, posted, strict=True):
            page.add(draft, one, accounts)
        await queries.add_accounts(self._work, page.accounts)
        await queries.write(self._work, page.written(heads))
        self._heads = heads
        return {(one.payer, one.reference): one for one in posted}


_Key = tuple[int, str]


def _distinct(batch: Iterable[TransactionDraft]) -> dict[_Key, TransactionDraft]:
    asked: dict[_Key, TransactionDraft] = {}
    for draft in batch:
        if asked.setdefault((draft.payer, draft.reference), draft).content != draft.content:
            raise OtherContentError
    return asked


def _asked(payer: int, account: Account) -> dict[str, Any]:
    return {"payer": payer, "kind": account.kind, "key": account.key, "currency": account.currency}


def _account(row: Row[Any]) -> Account:
    return Account(Kind(row.kind), Currency(row.currency), row.key)


def _posted(row: Row[Any], legs: Sequence[Leg]) -> Posted:
    return Posted(
        payer=row.payer,
        number=row.number,
        reference=row.reference,
        kind=row.kind,
        at=row.at,
        legs=tuple(sorted(legs, key=lambda leg: (leg.account.name, leg.account.currency))),
        hash=row.hash,
        is_repeat=True,
    )
