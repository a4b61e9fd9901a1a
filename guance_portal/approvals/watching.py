"""Runs an act and says what it has moved; a dry run is the act itself, undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from guance_portal.approvals import queries
from guance_portal.approvals.effects import Effect, effect
from guance_portal.core.db import UnitOfWork
from guance_portal.wallet import queries as wallet

Act = Callable[[], Awaitable[None]]


async def watched(work: UnitOfWork, payer: int, act: Act) -> Effect:
    """Do it, and say what it moved in the books of a payer, which the unit of work holds."""
    before, number = await queries.balances(work, payer), await queries.last_number(work, payer)
    last_purse = await wallet.last_purse(work, payer)
    await act()
    await work.session.flush()
    entries = await queries.entries_after(work, payer, number)
    return effect(before, await queries.balances(work, payer), entries, last_purse)


async def rehearsed(work: UnitOfWork, payer: int, act: Act) -> Effect:
    """What it would move: done and undone within the unit of work, which can go on."""
    point = await work.session.begin_nested()
    try:
        return await watched(work, payer, act)
    finally:
        await point.rollback()
        work.session.expunge_all()
