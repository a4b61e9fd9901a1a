"""The bills of a workspace as its own programs read them: from the oldest on, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import and_, col, or_, select

from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.ledger.chart import Kind

MOST_BILLS = 200
"""In one page."""


class UnknownBillError(PortalError, code="errors.bill_unknown"):
    """The workspace has no bill of this name to read on from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FedBill:
    """A bill with its lines, and what each kind paid of it; None for one that waits."""

    bill: BillRow
    lines: Sequence[BillLineRow]
    paid: Mapping[Kind, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPage:
    """Some bills; `next_after` is what the next page is asked for with, empty after the last."""

    bills: Sequence[FedBill]
    next_after: str


class BillFeed:
    """Of every workspace. Who may read is judged by the caller, by the scope of a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, workspace_id: str, first: date, last: date, *, after: str = "", most: int) -> BillPage:
        """At most `most` bills of these days, by day and name, from the one after `after` on; raises UnknownBillError."""
        asked = select(BillRow).where(col(BillRow.workspace_id) == workspace_id, col(BillRow.day).between(first, last))
        async with self._database.reading() as work:
            if after:
                start = await _bill(work, workspace_id, after)
                is_later = and_(col(BillRow.day) == start.day, col(BillRow.code) > start.code)
                asked = asked.where(or_(col(BillRow.day) > start.day, is_later))
            ordered = asked.order_by(col(BillRow.day), col(BillRow.code)).limit(most + 1)
            found = (await work.session.exec(ordered)).all()
            bills = found[:most]
            lines, paid = await lines_of(work, bills), await paid_of(work, bills)
        return BillPage(
            bills=tuple(
                FedBill(
                    bill=one,
                    lines=lines.get((one.payer, one.reference), ()),
                    paid=paid.get(one.code, {}) if one.state is BillState.SETTLED else None,
                )
                for one in bills
            ),
            next_after=bills[-1].code if len(found) > most else "",
        )


async def _bill(work: UnitOfWork, workspace_id: str, code: str) -> BillRow:
    named = select(BillRow).where(col(BillRow.code) == code, col(BillRow.workspace_id) == workspace_id)
    row = (await work.session.exec(named)).one_or_none()
    if row is None:
        raise UnknownBillError
    return row


async def lines_of(work: UnitOfWork, bills: Sequence[BillRow]) -> dict[tuple[int, str], list[BillLineRow]]:
    """The lines of bills, by payer and reference."""
    is_theirs = and_(col(BillLineRow.payer) == col(BillRow.payer), col(BillLineRow.reference) == col(BillRow.reference))
    asked = select(BillLineRow).join(BillRow, is_theirs).where(col(BillRow.code).in_([one.code for one in bills]))
    found: dict[tuple[int, str], list[BillLineRow]] = {}
    for line in (await work.session.exec(asked.order_by(col(BillLineRow.place)))).all():
        found.setdefault((line.payer, line.reference), []).append(line)
    return found


async def paid_of(work: UnitOfWork, bills: Sequence[BillRow]) -> dict[str, dict[Kind, int]]:
    """What each kind paid of bills, in cents, by their codes; nothing for one that waits."""
    found: dict[str, dict[Kind, int]] = {}
    for row in await queries.paid_of(work, [one.code for one in bills]):
        found.setdefault(row.code, {})[Kind(row.kind)] = int(row.minor)
    return found
