"""What an account has, and batches of codes, as rows that an operator can act on."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import routes
from guance_portal.core.words import Text, text
from guance_portal.operations.money_desk import AccountMoney, BatchLine
from guance_portal.state.display import moment
from guance_portal.state.operator.effects import account_words, money


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A voucher, a recharge or a bill: what it is, when it was or ends, its amount and what is left of it."""

    name: Text
    detail: str
    at: Text
    amount: str
    left: str
    href: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch of codes."""

    id: str
    name: str
    until: Text
    face: str
    count: str
    used: str
    unused: str
    given: str
    is_sealed: bool


def things(view: str, found: AccountMoney) -> list[ThingRow]:
    """What of an account a view is about."""
    currency = found.currency

    def href(which: str) -> str:
        return routes.operator_money(view, account=found.username, which=which)

    if view == "revoke":
        return [
            ThingRow(
                name=account_words(str(one.kind), str(one.number)),
                detail="",
                at=moment(one.valid_until, ""),
                amount="",
                left=money(one.rest, currency),
                href=href(str(one.number)),
            )
            for one in found.vouchers
        ]
    if view == "refund":
        return [
            ThingRow(
                name=text(f"ledger.account.{one.way}"),
                detail=one.trade,
                at=moment(one.at, ""),
                amount=money(one.minor, currency),
                left=money(one.left, currency),
                href=href(f"{one.way}:{one.trade}"),
            )
            for one in found.recharges
        ]
    return [
        ThingRow(
            name=Text(zh=one.reference, en=one.reference),
            detail="",
            at=moment(one.at, ""),
            amount=money(one.minor, currency),
            left=money(one.minor - one.returned, currency),
            href=href(one.reference),
        )
        for one in found.bills
    ]


def batch_row(line: BatchLine) -> BatchRow:
    """A batch with how many of its codes were used."""
    return BatchRow(
        id=line.id,
        name=line.name,
        until=moment(line.valid_until, ""),
        face=money(line.minor, line.currency),
        count=str(line.count),
        used=str(line.used),
        unused=str(line.count - line.used),
        given=money(line.minor * line.used, line.currency),
        is_sealed=line.is_sealed,
    )
