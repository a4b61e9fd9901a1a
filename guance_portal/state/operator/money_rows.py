"""What an account has, and batches of codes, as rows that an operator can act on."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import routes
from guance_portal.core.messages import Text, text
from guance_portal.core.money import told_amount
from guance_portal.operations.money_admin import AccountMoney, BatchLine, MatterLine
from guance_portal.state.display import moment
from guance_portal.state.operator.effects import account_text


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
    voided: str
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class MatterRow:
    """Something of 异常处理, and what can be done: it is claimed, sent back, or (`key`) noted."""

    way: Text
    trade: str
    reason: Text
    account: str
    account_href: str
    amount: str
    at: Text
    claim_href: str
    back_href: str
    request_href: str
    key: str


def things(view: str, found: AccountMoney) -> list[ThingRow]:
    """What of an account a view is about."""
    currency = found.currency

    def href(which: str) -> str:
        return routes.operator_money(view, account=found.username, which=which)

    if view == "revoke":
        return [
            ThingRow(
                name=account_text(str(one.kind), str(one.number)),
                detail="",
                at=moment(one.valid_until, ""),
                amount="",
                left=told_amount(one.rest, currency),
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
                amount=told_amount(one.minor, currency),
                left=told_amount(one.left, currency),
                href=href(f"{one.way}:{one.trade}"),
            )
            for one in found.recharges
        ]
    return [
        ThingRow(
            name=Text(zh=one.reference, en=one.reference),
            detail="",
            at=moment(one.at, ""),
            amount=told_amount(one.minor, currency),
            left=told_amount(one.minor - one.returned, currency),
            href=href(one.reference),
        )
        for one in found.bills
    ]


def matter_row(line: MatterLine) -> MatterRow:
    """Something that waits for a person."""
    one = line.matter
    which = f"{one.way}:{one.trade}"
    can_move = one.is_suspended and not line.request
    return MatterRow(
        way=text(f"ledger.account.{one.way}"),
        trade=one.trade,
        reason=text(f"payments.outcome.{one.reason}") if one.reason else text("money_admin.no_owner"),
        account=line.account,
        account_href=routes.operator_fee_account(line.account_id) if line.account_id else "",
        amount=told_amount(one.minor, one.currency),
        at=moment(one.paid_at, ""),
        claim_href=routes.operator_money("claim", account=line.account, which=which) if can_move else "",
        back_href=routes.operator_money("send_back", which=which) if can_move else "",
        request_href=routes.operator_approvals(line.request) if line.request and one.is_suspended else "",
        key="" if one.is_suspended else f"{one.way}:{one.reason}:{one.trade}",
    )


def batch_row(line: BatchLine) -> BatchRow:
    """A batch with how many of its codes were used."""
    return BatchRow(
        id=line.id,
        name=line.name,
        until=moment(line.valid_until, ""),
        face=told_amount(line.minor, line.currency),
        count=str(line.count),
        used=str(line.used),
        unused=str(line.count - line.used - line.voided),
        given=told_amount(line.minor * line.used, line.currency),
        voided=str(line.voided) if line.voided else "",
        is_sealed=line.is_sealed,
    )
