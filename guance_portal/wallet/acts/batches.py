"""Batches of codes: made together, shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.wallet.code_rules import hashed
from guance_portal.wallet.tables import CodeBatch, VoucherCode


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """What each code of a batch is worth, until just before when, and what for; `id` is minted by who makes it."""

    id: str
    name: str
    minor: int
    currency: Currency
    valid_until: datetime
    items: frozenset[str]


async def create(work: UnitOfWork, batch: NewBatch, codes: Sequence[str], sealed: str, at: datetime) -> None:
    """Keep the codes hashed, and all of them sealed until they are shown."""
    work.session.add(
        CodeBatch(
            id=batch.id,
            name=batch.name,
            currency=batch.currency,
            minor=batch.minor,
            count=len(codes),
            valid_until=batch.valid_until,
            created_at=at,
            sealed=sealed,
        )
    )
    work.session.add_all(
        VoucherCode(
            code_hash=hashed(code),
            batch=batch.id,
            currency=batch.currency,
            minor=batch.minor,
            valid_until=batch.valid_until,
            items=sorted(batch.items),
        )
        for code in codes
    )
    await work.session.flush()


async def unseal(work: UnitOfWork, batch_id: str) -> str:
    """The sealed codes of a batch, which are then gone; empty when there is none, or they were shown before."""
    row = await work.session.get(CodeBatch, batch_id, with_for_update=True, populate_existing=True)
    if row is None or not row.sealed:
        return ""
    sealed, row.sealed = row.sealed, ""
    work.session.add(row)
    return sealed


async def void(work: UnitOfWork, batch_id: str, at: datetime) -> int:
    """Void the codes of a batch that nobody has used; returns how many. One that is being activated is waited for."""
    unused = (
        select(VoucherCode)
        .where(
            col(VoucherCode.batch) == batch_id,
            col(VoucherCode.used_by).is_(None),
            col(VoucherCode.voided_at).is_(None),
        )
        .order_by(col(VoucherCode.code_hash))
        .with_for_update()
    )
    rows = (await work.session.exec(unused.execution_options(populate_existing=True))).all()
    for row in rows:
        row.voided_at = at
        work.session.add(row)
    if batch := await work.session.get(CodeBatch, batch_id, with_for_update=True, populate_existing=True):
        batch.sealed = ""
        work.session.add(batch)
    return len(rows)
