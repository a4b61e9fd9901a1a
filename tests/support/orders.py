"""Recharge orders of people in a running portal, made and paid beside it by its own services."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from guance_portal.bootstrap import Services
from guance_portal.ledger.chart import Kind
from guance_portal.payments.orders import Wanted
from guance_portal.sandbox.cashier.service import Deed
from tests.support.companies import actor
from tests.support.people import People, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Somebody's order."""

    payer: Session
    way: Kind
    number: str


def ordered(people: People, way: Kind, amount: str = "2000") -> Ordered:
    """A new payer with an order that waits to be paid."""
    payer = people.sign_in(people.payer())

    async def open_order(services: Services) -> str:
        wanted = Wanted(key=secrets.token_hex(8), way=way, amount=amount)
        return (await services.recharge_orders.open(await actor(services, payer), wanted)).number

    return Ordered(payer=payer, way=way, number=people.do(open_order))


def pay_twice(people: People, order: Ordered) -> None:
    """It is paid twice at the cashier, whose notices go to the portal."""

    async def pay(services: Services) -> None:
        await services.cashier.do(order.way, order.number, Deed.PAY_TWICE)

    people.do(pay)
