"""All SQL of the wallet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import String, cast, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerHead
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.rules import Purse
from guance_portal.wallet.tables import Receipt, ReceiptState, Refund, RefundState, VoucherCode, WalletPlan, WalletPurse


async def currency_of(work: UnitOfWork, payer: int) -> Currency:
    """The currency of a payer's account."""
    found = (
        select(FeeAccount.currency)
        .join(LedgerHead, col(LedgerHead.fee_account_id) == col(FeeAccount.id))
        .where(col(LedgerHead.payer) == payer)
    )
    return Currency((await work.session.exec(found)).one())


async def purses(
    work: UnitOfWork, payers: Collection[int], *, ended_by: datetime | None = None, since: datetime | None = None
) -> list[tuple[int, Purse]]:
    """The purses of payers with what is left on them.

    `ended_by`: those alone that hold something and ended by then. `since`: without those that hold nothing and ended before.
    """
    found = _held_purses(payers)
    if ended_by:
        found = found.where(col(WalletPurse.valid_until) <= ended_by, _HELD > 0)
    if since:
        found = found.where((col(WalletPurse.valid_until) >= since) | (_HELD > 0))
    rows = (await work.session.exec(found)).all()
    return [(row.payer, _purse(row, int(rest))) for row, rest in rows]


_HELD = func.coalesce(-col(LedgerAccount.balance), 0)


def _held_purses(payers: Collection[int]) -> Select[WalletPurse, int]:
    """The purses of payers, each with what is left on it."""
    return (
        select(WalletPurse, _HELD)
        .outerjoin(
            LedgerAccount,
            (col(LedgerAccount.payer) == col(WalletPurse.payer))
            & (col(LedgerAccount.kind) == col(WalletPurse.kind))
            & (col(LedgerAccount.key) == cast(col(WalletPurse.number), String))
            & (col(LedgerAccount.currency) == col(WalletPurse.currency)),
        )
        .where(col(WalletPurse.payer).in_(payers))
        .order_by(col(WalletPurse.payer), col(WalletPurse.number))
    )


async def purses_with_face(work: UnitOfWork, payer: int) -> list[tuple[Purse, int, str]]:
    """Every purse of a payer with what it began with and the transaction that it came by."""
    rows = (await work.session.exec(_held_purses({payer}))).all()
    return [(_purse(row, int(rest)), row.face, row.reference) for row, rest in rows]


async def purse(work: UnitOfWork, payer: int, number: int) -> Purse | None:
    """One purse with what is left on it."""
    return next((one for _, one in await purses(work, {payer}) if one.number == number), None)


async def purses_by_reference(work: UnitOfWork, payer: int, reference: str) -> Sequence[WalletPurse]:
    """The purses that came by a transaction, a card before its bonus."""
    found = select(WalletPurse).where(col(WalletPurse.payer) == payer, col(WalletPurse.reference) == reference)
    return (await work.session.exec(found.order_by(col(WalletPurse.number)))).all()


async def last_purse(work: UnitOfWork, payer: int) -> int:
    """The highest number of a purse of a payer."""
    found = select(func.coalesce(func.max(col(WalletPurse.number)), 0)).where(col(WalletPurse.payer) == payer)
    return (await work.session.exec(found)).one()


async def code(work: UnitOfWork, code_hash: str) -> VoucherCode | None:
    """A code, kept from others until the unit of work ends."""
    found = select(VoucherCode).where(col(VoucherCode.code_hash) == code_hash).with_for_update()
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


async def receipt(work: UnitOfWork, way: Kind, trade: str) -> Receipt | None:
    """Money that came in, kept from others until the unit of work ends."""
    found = select(Receipt).where(col(Receipt.way) == way, col(Receipt.trade) == trade).with_for_update()
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


async def recharges(work: UnitOfWork, payer: int) -> Sequence[Receipt]:
    """All that was credited to a payer, oldest first; what was reversed is left out."""
    found = select(Receipt).where(col(Receipt.payer) == payer, col(Receipt.state) == ReceiptState.CREDITED)
    ordered = found.order_by(col(Receipt.credited_at), col(Receipt.way), col(Receipt.trade))
    return (await work.session.exec(ordered.execution_options(populate_existing=True))).all()


async def has_open_refund(work: UnitOfWork, way: Kind, trade: str) -> bool:
    """Whether a refund of a recharge waits for its second operator."""
    found = select(Refund.number).where(
        col(Refund.way) == way, col(Refund.trade) == trade, col(Refund.state) == RefundState.ASKED
    )
    return (await work.session.exec(found.limit(1))).first() is not None


async def refund(work: UnitOfWork, way: Kind, trade: str, number: int) -> Refund | None:
    """A refund."""
    return await work.session.get(Refund, (way, trade, number), populate_existing=True)


async def count_refunds(work: UnitOfWork, way: Kind, trade: str) -> int:
    """How many refunds of a recharge were asked for."""
    found = select(func.count()).select_from(Refund).where(col(Refund.way) == way, col(Refund.trade) == trade)
    return (await work.session.exec(found)).one()


async def plan(work: UnitOfWork, payer: int, reference: str) -> WalletPlan | None:
    """The plan of a bill."""
    return await work.session.get(WalletPlan, (payer, reference), populate_existing=True)


async def plans(work: UnitOfWork, payers: Collection[int], references: Collection[str]) -> Sequence[WalletPlan]:
    """The plans of these bills that were made before."""
    found = select(WalletPlan).where(col(WalletPlan.payer).in_(payers), col(WalletPlan.reference).in_(references))
    return (await work.session.exec(found)).all()


def _purse(row: WalletPurse, rest: int) -> Purse:
    return Purse(
        number=row.number,
        kind=row.kind,
        currency=row.currency,
        rest=rest,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        granted_at=row.granted_at,
        workspaces=frozenset(row.workspaces),
        items=frozenset(row.items),
        kept_since=row.kept_since,
        kept_until=row.kept_until,
    )
