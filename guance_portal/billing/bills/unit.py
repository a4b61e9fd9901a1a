"""One unit of the daily close, in the transaction of its caller: all days of a shard of payers that end at one instant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from guance_portal.billing.bills import archive, making
from guance_portal.billing.bills import members as closing
from guance_portal.billing.bills.making import MadeBill, Refused
from guance_portal.billing.bills.members import BilledWorkspace, Former, Late, payers_of
from guance_portal.billing.bills.settling import settle
from guance_portal.billing.bills.tables import CloseHold
from guance_portal.core.bulk import Kinds, Part, run_together, select_for_rows
from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.queries import lock_heads
from guance_portal.ledger.tables import LedgerHead
from guance_portal.metering.tables import Meter
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.acts import purses


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Which days are closed: those that end at `ends`, of a shard's payers or, to catch up, of one `payer` that was held."""

    shard: int
    ends: datetime
    payer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What a unit has done: bills made, bills that wait, payers that are held back."""

    bills: int
    waiting: int
    refused: tuple[Refused, ...]


async def close(work: UnitOfWork, unit: Unit, now: datetime) -> Closed | None:
    """Rate, bill, pay and mark; None where another shard must first have closed a day that this one has late use of.

    It takes the books of the payers, their accounts, and then the meters of the workspaces, so that nothing more is counted
    for the day. Every posting takes books before accounts, and every dissolution takes the account before the meter:
    in this order nobody waits in a circle.
    """
    await _take_payers(work, unit)
    held = await _held(work, unit)
    of = [one for one in await closing.members(work, unit.shard, unit.ends, unit.payer) if one.payer not in held]
    former = [
        one
        for one in await closing.former_members(work, unit.shard, unit.ends, unit.payer)
        if one.member.payer not in held
    ]
    if not await _are_ready(work, former):
        return None
    await _take_meters(work, {one.workspace_id for one in of} | {one.member.workspace_id for one in former})
    late = await _late(work, of, former)
    made, refused = await making.make(work, [*of, *(one.member for one in former)], late)
    await archive.save(work, {id(day.prices): day.prices for bill in made for day in bill.days}.values(), now)
    settled = await settle(work, unit.shard, made, now, unit.payer)
    await _hold(work, refused, unit.ends, now)
    out = {one.payer for one in refused}
    await _mark(work, [one for one in of if one.payer not in out], made)
    await _expire(work, {one.payer for one in of} - out, unit.ends)
    return Closed(bills=settled.bills, waiting=settled.waiting, refused=tuple(refused))


async def _held(work: UnitOfWork, unit: Unit) -> set[int]:
    """The payers that are left out: those that are held back, unless it is one of them that catches up."""
    if unit.payer is not None:
        return set()
    found = select(CloseHold.payer).where(col(CloseHold.payer).between(*payers_of(unit.shard)))
    return set((await work.session.exec(found)).all())


async def _are_ready(work: UnitOfWork, former: Sequence[Former]) -> bool:
    """Whether every day before is closed by the payers of today, unless they are held back."""
    behind = {
        one.next_payer
        for one in former
        if one.closed_through is None or one.closed_through < one.member.day - timedelta(days=1)
    }
    if not behind:
        return True
    found = select(CloseHold.payer).where(col(CloseHold.payer).in_(behind))
    return behind <= set((await work.session.exec(found)).all())


async def _take_payers(work: UnitOfWork, unit: Unit) -> None:
    """Keep everybody else from the books of a shard and from the accounts they belong to, until the unit is done."""
    low, high = payers_of(unit.shard)
    heads = select(LedgerHead.payer).where(col(LedgerHead.payer).between(low, high))
    await lock_heads(work, (await work.session.exec(heads)).all())
    of_shard = select(LedgerHead.fee_account_id).where(col(LedgerHead.payer).between(low, high))
    accounts = select(FeeAccount.id).where(col(FeeAccount.id).in_(of_shard)).order_by(col(FeeAccount.id))
    await work.session.exec(accounts.with_for_update())


async def _take_meters(work: UnitOfWork, workspaces: Collection[str]) -> None:
    """Keep intake away from these workspaces until the unit is done; one that never sent gets its meter now."""
    ordered = sorted(workspaces)
    if not ordered:
        return
    connection = await work.session.connection()
    is_postgresql = connection.dialect.name == "postgresql"
    fresh = postgresql.insert(Meter) if is_postgresql else sqlite.insert(Meter)
    rows = [{"workspace_id": one, "version": 0, "host": ""} for one in ordered]
    await connection.execute(fresh.on_conflict_do_nothing(), rows)
    if is_postgresql:
        await select_for_rows(connection, [{"workspace": one} for one in ordered], _WORKSPACE, _TAKE)


_WORKSPACE: Kinds = (("workspace", "text"),)
_TAKE = (
    "SELECT m.workspace_id FROM {rows} JOIN workspace_meters m ON m.workspace_id = r.workspace"
    " ORDER BY m.workspace_id FOR UPDATE OF m"
)


async def _late(
    work: UnitOfWork, of: Sequence[BilledWorkspace], former: Sequence[Former]
) -> dict[tuple[str, int], list[Late]]:
    """By workspace and payer the late use of days of which some is billed now, with what of these days was billed before."""
    until = {(one.workspace_id, one.payer): one.day for one in of}
    for one in former:
        if one.closed_through is not None:
            member = one.member
            until[member.workspace_id, member.payer] = min(one.closed_through, member.day - timedelta(days=1))
    every = await closing.late_of(work, {workspace for workspace, _ in until})
    if not every:
        return {}
    periods = await closing.payers_by_day(work, {workspace for workspace, _ in every})
    found: dict[tuple[str, int], list[Late]] = {}
    for member in (*of, *(one.member for one in former)):
        key = (member.workspace_id, member.payer)
        for (workspace, day), rows in every.items():
            if workspace != member.workspace_id or key not in until:
                continue
            if _account_on(periods.get(workspace, []), day) != member.fee_account_id:
                continue
            now = [row for row in rows if row.bill or row.on_day <= until[key]]
            if any(not row.bill for row in now):
                found.setdefault(key, []).extend(now)
    return found


def _account_on(periods: Sequence[tuple[date, str]], day: date) -> str:
    return next((account for from_day, account in periods if from_day <= day), "")


async def _hold(work: UnitOfWork, refused: Sequence[Refused], ends: datetime, now: datetime) -> None:
    for one in refused:
        row = await work.session.get(CloseHold, one.payer)
        if row is None:
            row = CloseHold(payer=one.payer, ends_at=ends, reason=one.reason, held_at=now)
        row.ends_at, row.reason, row.detail = ends, one.reason, one.detail
        work.session.add(row)
    await work.session.flush()


async def _mark(work: UnitOfWork, of: Sequence[BilledWorkspace], made: Sequence[MadeBill]) -> None:
    """Days are closed from now on, and late use has its bill."""
    closed = [{"workspace": one.workspace_id, "day": one.day.isoformat()} for one in of]
    billed = [
        {
            "workspace": late.workspace_id,
            "day": late.day.isoformat(),
            "item": late.item.value,
            "on_day": late.on_day.isoformat(),
            "bill": bill.reference,
        }
        for bill in made
        for late in bill.late
    ]
    parts: list[tuple[Part, list[dict[str, str]]]] = [(_CLOSED, closed), (_BILLED, billed)]
    if parts := [(part, rows) for part, rows in parts if rows]:
        await run_together(await work.session.connection(), parts)


_DAY: Kinds = (("workspace", "text"), ("day", "date"))
_CLOSED = Part(
    "closed",
    _DAY,
    "UPDATE workspace_meters m SET closed_through = r.day FROM {rows} WHERE m.workspace_id = r.workspace",
    "UPDATE workspace_meters SET closed_through = :day WHERE workspace_id = :workspace",
)
_BILLED = Part(
    "billed",
    (*_DAY, ("item", "text"), ("on_day", "date"), ("bill", "text")),
    "UPDATE late_usage l SET bill = r.bill FROM {rows} WHERE l.workspace_id = r.workspace AND l.day = r.day"
    " AND l.item = r.item AND l.on_day = r.on_day",
    "UPDATE late_usage SET bill = :bill WHERE workspace_id = :workspace AND day = :day AND item = :item"
    " AND on_day = :on_day",
)


async def _expire(work: UnitOfWork, payers: Collection[int], ends: datetime) -> None:
    """Book what has expired: every bill that it could have paid is made. Stopped books wait."""
    ended = {payer for payer, _ in await wallet.purses(work, payers, ended_by=ends)} if payers else set[int]()
    if not ended:
        return
    is_open = (col(LedgerHead.payer).in_(ended), col(LedgerHead.stopped_by) == "")
    for payer in sorted((await work.session.exec(select(LedgerHead.payer).where(*is_open))).all()):
        await purses.expire(work, payer, ends)
