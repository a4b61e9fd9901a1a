"""The SQL of 充值记录: orders, and money that came without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, String, bindparam, cast, func, literal, null, select, union_all
from sqlmodel import SQLModel

from guance_portal.core.db import UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.payments.tables import OrderState, PaymentOrder
from guance_portal.wallet.tables import Receipt

_TABLES = SQLModel.metadata.tables
_ORDER: Any = _TABLES[str(PaymentOrder.__tablename__)].c
_MONEY: Any = _TABLES[str(Receipt.__tablename__)].c


async def records(work: UnitOfWork, payer: int, workspace_id: str, paging: Paging) -> tuple[Sequence[Row[Any]], int]:
    """A page of them for a payer, the newest first, and how many there are; of one workspace, if one is named.

    Columns: at, way, number and trade, minor, debt, cash, state, expires_at, cancelled_at, and money: where that stands, if it came.
    """
    found: Any = (_of(workspace_id) if workspace_id else union_all(_of(), _without_order())).subquery()
    total = await work.rows(select(func.count()).select_from(found), payer=payer)
    ordered = select(found).order_by(found.c.at.desc(), found.c.number.desc(), found.c.trade.desc())
    return await work.rows(ordered.limit(paging.size).offset(paging.offset), payer=payer), int(total[0][0])


def _of(workspace_id: str = "") -> Any:
    """Orders, with what their money did once it has come."""
    is_its = (_MONEY.way == _ORDER.way) & (_MONEY.trade == _ORDER.trade)
    found: Any = (
        select(
            _ORDER.created_at.label("at"),
            cast(_ORDER.way, String).label("way"),
            _ORDER.number,
            _ORDER.trade,
            _ORDER.minor,
            func.coalesce(_MONEY.debt, _ORDER.debt).label("debt"),
            func.coalesce(_MONEY.cash, _ORDER.cash).label("cash"),
            cast(_ORDER.state, String).label("state"),
            _ORDER.expires_at,
            _ORDER.cancelled_at,
            cast(_MONEY.state, String).label("money"),
        )
        .outerjoin_from(PaymentOrder, Receipt, is_its)
        .where(_ORDER.payer == bindparam("payer"))
    )
    return found.where(_ORDER.workspace_id == workspace_id) if workspace_id else found


def _without_order() -> Any:
    """Transfers, and what was set aside and claimed since."""
    is_ordered = (
        select(_ORDER.number)
        .where(_ORDER.payer == bindparam("payer"), _ORDER.way == _MONEY.way, _ORDER.trade == _MONEY.trade)
        .exists()
    )
    return select(
        _MONEY.credited_at,
        cast(_MONEY.way, String),
        literal(""),
        _MONEY.trade,
        _MONEY.minor,
        _MONEY.debt,
        _MONEY.cash,
        literal(OrderState.PAID.value),
        _MONEY.credited_at,
        null(),
        cast(_MONEY.state, String),
    ).where(_MONEY.payer == bindparam("payer"), ~is_ordered)
