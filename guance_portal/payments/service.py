"""Recharges: an order before anything is paid, notices and questions after, one effect of all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.ledger.chart import Kind
from guance_portal.payments import queries
from guance_portal.payments.crediting import Crediting
from guance_portal.payments.errors import UnansweredError, UnprovenError, WayNotOfferedError
from guance_portal.payments.notice_saving import save
from guance_portal.payments.notices import ReceivedNotice, signing_headers
from guance_portal.payments.ports import Ways
from guance_portal.payments.rules import Outcome, is_given_up, pause
from guance_portal.payments.tables import OrderState

log = structlog.get_logger(__name__)
POLL = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An order that was leased for a question."""

    number: str
    way: Kind


class Recharges:
    """What providers send and answer. Signatures age by the machine's clock, orders by business time."""

    def __init__(self, database: Database, ways: Ways, *, wall: Clock, clock: Clock) -> None:
        self._database, self._ways, self._wall, self._clock = database, ways, wall, clock
        self._crediting = Crediting(database, clock)

    async def take(self, way: Kind, headers: Mapping[str, str], body: bytes, address: str = "") -> Outcome:
        """Take a notice: what it proves is booked once, what proves nothing is kept. Raises WayNotOfferedError."""
        provider = await self._ways.of(way)
        if provider is None:
            raise WayNotOfferedError
        now = self._wall.now()
        kept = signing_headers(headers)
        notice = ReceivedNotice(way=way, headers=kept, body=body, received_at=now, address=address)
        try:
            told = provider.read(kept, body, now)
        except UnprovenError as problem:
            log.warning("payment_notice_unproven", way=way, outcome=problem.outcome)
            async with self._database.writing() as work:
                await save(work, notice, problem.outcome)
                await work.commit()
            return problem.outcome
        return await self._crediting.credit(told, notice)

    async def ask(self, number: str) -> Outcome:
        """Ask the provider what became of an order, as the return of a browser does; NOT_PAID also while it is silent."""
        async with self._database.reading() as work:
            order = await queries.find_order(work, number)
        if order is None or order.state in (OrderState.PAID, OrderState.HELD):
            return Outcome.UNKNOWN_ORDER if order is None else Outcome.REPEATED
        return await self._question(_Asked(number=order.number, way=order.way))

    async def ask_due(self) -> int:
        """Ask for all orders whose notice may be lost, one after the other; returns for how many."""
        count = 0
        while (asked := await self._lease()) is not None:
            await self._question(asked)
            count += 1
        return count

    async def follow(self) -> None:
        """Ask for what becomes due, for as long as the process lives."""
        while True:
            try:
                if await self._is_any_due():
                    await self.ask_due()
            except (SQLAlchemyError, PortalError) as problem:
                log.warning("payments_not_asked", problem=type(problem).__name__)
            await asyncio.sleep(POLL)

    async def _is_any_due(self) -> bool:
        async with self._database.reading() as work:
            return await queries.is_any_due(work, self._clock.now())

    async def _lease(self) -> _Asked | None:
        """Take the order that is due, and say when it is asked for again: also should this process die now."""
        now = self._clock.now()
        async with self._database.writing() as work:
            order = await queries.due(work, now)
            if order is None:
                return None
            order.asked += 1
            order.ask_at = now + max(pause(order.asked), timedelta(seconds=1))
            work.session.add(order)
            await work.commit()
        return _Asked(number=order.number, way=order.way)

    async def _question(self, asked: _Asked) -> Outcome:
        provider = await self._ways.of(asked.way)
        if provider is None:
            return Outcome.NOT_PAID
        asked_at = self._clock.now()
        try:
            told = await provider.ask(asked.number)
        except UnansweredError as problem:
            log.warning("payment_unknown", way=asked.way, order=asked.number, problem=str(problem))
            return Outcome.NOT_PAID
        if told is not None and told.order != asked.number:
            log.warning("payment_of_another_order", way=asked.way, order=asked.number)
            return Outcome.NOT_PAID
        outcome = await self._crediting.credit(told) if told is not None and told.is_paid else Outcome.NOT_PAID
        await self._give_up(asked, asked_at)
        return outcome

    async def _give_up(self, asked: _Asked, asked_at: datetime) -> None:
        """Ask no more for an order that was not paid in time; a notice of it is taken all the same."""
        async with self._database.writing() as work:
            order = await queries.order(work, asked.number)
            if order and order.state is OrderState.OPEN and is_given_up(order.expires_at, asked_at):
                order.state, order.ask_at = OrderState.EXPIRED, None
                work.session.add(order)
                await work.commit()
