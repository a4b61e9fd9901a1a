"""The proof of a bill: everything that it was made of, as one JSON file that anyone can recompute it from."""

from __future__ import annotations

from sqlmodel import col, select

from guance_portal.accounts.members.access import MANAGERS, is_limited, require_role
from guance_portal.billing.bills import recompute
from guance_portal.billing.bills.frozen_text import Json
from guance_portal.billing.bills.recompute import FORMAT, Recomputation
from guance_portal.billing.bills.tables import BillLineRow, BillRow, UsedPriceList
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.wallet import queries as wallet


class BillHiddenError(PortalError, code="errors.bill_unknown"):
    """There is no such bill, or it is not for this person to see."""


async def readable(work: UnitOfWork, actor: Actor, code: str) -> BillRow:
    """A bill that a person may see; raises BillHiddenError, NotAllowedError.

    In the fee centre those of the account, or of the one workspace that the session is limited to; in the console those of
    the session's workspace, for its owner and administrators.
    """
    row = (await work.session.exec(select(BillRow).where(col(BillRow.code) == code))).one_or_none()
    if actor.realm is Realm.CONSOLE:
        await require_role(work, actor, MANAGERS)
        if row is not None and row.workspace_id == actor.workspace_id:
            return row
    elif (
        actor.realm is Realm.FEE_CENTER
        and row is not None
        and row.fee_account_id == actor.subject_id
        and (not is_limited(actor) or row.workspace_id == actor.workspace_id)
    ):
        return row
    raise BillHiddenError


def sees_purses(actor: Actor) -> bool:
    """Whether the purses of the account are shown: to a session with the fee centre's password alone."""
    return actor.realm is Realm.FEE_CENTER and not is_limited(actor)


async def proof_of(work: UnitOfWork, row: BillRow) -> Json:
    """The whole proof."""
    lines = select(BillLineRow).where(col(BillLineRow.payer) == row.payer, col(BillLineRow.reference) == row.reference)
    rows = (await work.session.exec(lines.order_by(col(BillLineRow.place)))).all()
    used = {day["list"]["digest"] for day in row.inputs["days"]}
    lists = (await work.session.exec(select(UsedPriceList).where(col(UsedPriceList.digest).in_(used)))).all()
    plan = await wallet.plan(work, row.payer, row.reference)
    return {
        "format": FORMAT,
        "code": row.code,
        "inputs": row.inputs,
        "price_lists": {one.digest: one.content for one in lists},
        "result": {"lines": [line_text(one) for one in rows], "exact": row.exact, "minor": row.minor},
        "digests": row.digests,
        "had": row.had,
        "plan": plan.plan if plan else None,
    }


class BillProofs:
    """Gives proofs out, and recomputes bills on the page. `had` and plan are left out for who may not see the purses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def proof(self, actor: Actor, code: str) -> Json:
        """The proof of a bill, to be saved as a file. Raises BillHiddenError, NotAllowedError."""
        async with self._database.reading() as work:
            proof = await proof_of(work, await readable(work, actor, code))
        return proof if sees_purses(actor) else {**proof, "had": None, "plan": None}

    async def recompute(self, actor: Actor, code: str) -> Recomputation:
        """Compute a bill again from what is kept of it; writes nothing. Raises what `proof` does."""
        async with self._database.reading() as work:
            proof = await proof_of(work, await readable(work, actor, code))
        return recompute.recompute(proof)


def line_text(row: BillLineRow) -> Json:
    """A kept line as its bill proves it."""
    return {
        "item": row.item,
        "of_day": row.of_day.isoformat(),
        "days": row.days,
        "list": row.version,
        "quantity": row.quantity,
        "billable": row.billable,
        "unit": row.unit,
        "quotient": _hundredths(row.quotient),
        "billed": None if row.billed is None else _hundredths(row.billed),
        "price": row.price,
        "amount": row.amount,
        "minor": row.minor,
        "added": row.added or "0",
    }


def _hundredths(quotient: int) -> str:
    return f"{quotient // 100}.{quotient % 100:02}"
