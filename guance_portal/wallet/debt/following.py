"""A countdown begins in the transaction of the posting that leaves a debt, and ends in that of the one that pays it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Money
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Posted
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.debt import locks, queries
from guance_portal.wallet.debt.rules import LOCK_DAY, Countdown, DebtStep, turn
from guance_portal.wallet.debt.tables import WalletDebt


@dataclass(frozen=True, slots=True)
class _Moves:
    """What postings moved on the receivable of a payer, in their order, and the reference of the last one."""

    minor: tuple[int, ...]
    reference: str


async def follow(work: UnitOfWork, posted: Iterable[Posted], now: datetime) -> None:
    """Begin and end the countdowns that postings mean, at a business instant; the books of their payers are held.

    Nothing is asked of the database when no posting touches a debt.
    """
    moved = _moves(posted)
    if not moved:
        return
    # The accounts before their debts, as everybody else holds them.
    await queries.count_changes(work, await queries.account_ids(work, moved))
    accounts = await queries.accounts(work, moved)
    owed = await queries.owed(work, moved)
    counting = await queries.under_way(work, moved)
    turns = {payer: turn(owed[payer], moves.minor, is_counting=payer in counting) for payer, moves in moved.items()}
    ending = [counting[payer] for payer, one in turns.items() if one.ends]
    beginning = [payer for payer, one in turns.items() if one.begins]
    for debt in ending:
        _end(work, debt, moved[debt.payer].reference, now)
    await work.session.flush()
    await locks.unlock(work, [accounts[debt.payer] for debt in ending if debt.locked_at], now)
    await _begin(work, {payer: accounts[payer] for payer in beginning}, moved, owed, now)


def _moves(posted: Iterable[Posted]) -> dict[int, _Moves]:
    moved: dict[int, _Moves] = {}
    for one in posted:
        minor = sum(leg.minor for leg in one.legs if leg.account.kind is Kind.RECEIVABLE)
        if minor and not one.is_repeat:
            earlier = moved[one.payer].minor if one.payer in moved else ()
            moved[one.payer] = _Moves((*earlier, minor), one.reference)
    return moved


def _end(work: UnitOfWork, debt: WalletDebt, reference: str, now: datetime) -> None:
    debt.ended_at, debt.ended_by = now, reference
    debt.next_step, debt.next_at = (DebtStep.UNLOCKED, now) if debt.locked_at else (None, None)
    work.session.add(debt)
    audit.record(work, "debt.paid", ("fee_account", debt.fee_account_id), at=now, by=reference)


async def _begin(
    work: UnitOfWork,
    accounts: Mapping[int, FeeAccount],
    moved: Mapping[int, _Moves],
    owed: Mapping[int, int],
    now: datetime,
) -> None:
    numbers = await queries.last_numbers(work, accounts)
    for payer, account in sorted(accounts.items()):
        countdown = Countdown(began_at=now, zone=account.zone)
        work.session.add(
            WalletDebt(
                payer=payer,
                number=numbers.get(payer, 0) + 1,
                fee_account_id=account.id,
                zone=countdown.zone.key,
                began_at=now,
                began_by=moved[payer].reference,
                next_step=DebtStep.BEGUN,
                next_at=countdown.at(DebtStep.BEGUN),
            )
        )
        audit.record(
            work,
            "debt.begun",
            ("fee_account", account.id),
            at=now,
            amount=str(Money(owed[payer], account.currency)),
            by=moved[payer].reference,
            locks=countdown.date(LOCK_DAY).isoformat(),
        )
    await work.session.flush()
