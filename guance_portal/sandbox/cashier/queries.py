"""The SQL of the cashier."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.sandbox.cashier.tables import SandboxOrder, SandboxPayment


async def order(work: UnitOfWork, way: Kind, number: str) -> SandboxOrder | None:
    """What was announced under a number."""
    return await work.session.get(SandboxOrder, (way, number))


async def payments(work: UnitOfWork, way: Kind, number: str) -> Sequence[SandboxPayment]:
    """What was paid for a number, oldest first."""
    found = select(SandboxPayment).where(col(SandboxPayment.way) == way, col(SandboxPayment.number) == number)
    return (await work.session.exec(found.order_by(col(SandboxPayment.paid_at), col(SandboxPayment.trade)))).all()
