"""Acts of operators as rows of a list."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import routes
from guance_portal.approvals.orders import BatchOrder, Grant, Revoke
from guance_portal.approvals.rules import State
from guance_portal.core.messages import Text, text
from guance_portal.core.money import told_amount
from guance_portal.ledger.chart import Kind
from guance_portal.operations.money_admin import ActLine
from guance_portal.state.display import moment

TONES = {
    State.ASKED: "amber",
    State.DIRECT: "green",
    State.APPROVED: "green",
    State.REFUSED: "gray",
    State.WITHDRAWN: "gray",
    State.REPLACED: "gray",
    State.EXPIRED: "gray",
}


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act: of what kind, for whom, why, how much, and where it stands."""

    id: str
    href: str
    at: Text
    decided_at: Text
    kind: Text
    purse: str
    account: str
    account_href: str
    reason: str
    amount: str
    asked_by: str
    decided_by: str
    decision_reason: str
    state: Text
    tone: str
    transaction: str
    transaction_href: str
    revoke_href: str
    is_own: bool


def act_row(line: ActLine, operator: str) -> ActRow:
    """A line as the operator of this id reads it."""
    number = f"T{line.posted[0]}-{line.posted[1]}" if line.posted else ""
    return ActRow(
        id=line.id,
        href=routes.operator_approvals(line.id),
        at=moment(line.asked_at, ""),
        decided_at=moment(line.decided_at or line.asked_at, ""),
        kind=kind_text(line),
        purse=_purse(line),
        account=line.account,
        account_href=routes.operator_fee_account(line.account_id) if line.account_id else "",
        reason=line.reason,
        amount=amount(line),
        asked_by=line.asked_by,
        decided_by=line.decided_by,
        decision_reason=line.decision_reason,
        state=text(f"approval.state.{line.state}"),
        tone=TONES[line.state],
        transaction=number,
        transaction_href=routes.operator_ledger(number) if number else "",
        revoke_href=routes.operator_money("revoke", account=line.account) if _is_given(line) else "",
        is_own=line.asked_by_id == operator,
    )


def kind_text(line: ActLine) -> Text:
    """What the act is; a batch says how many codes of what face."""
    words = text(f"approval.title.{line.kind}")
    if isinstance(line.order, BatchOrder):
        face = told_amount(line.order.minor, line.order.currency)
        return Text(zh=f"{words.zh} {face} × {line.order.count}", en=f"{words.en} {face} × {line.order.count}")
    return words


def amount(line: ActLine) -> str:
    """The amount; with a minus for what is taken from the customer's balance."""
    if not line.currency:
        return ""
    return told_amount(-line.minor if isinstance(line.order, Revoke) else line.minor, line.currency)


def _is_given(line: ActLine) -> bool:
    """Whether the customer has got a voucher by it, which can be revoked."""
    return isinstance(line.order, Grant) and line.state in (State.DIRECT, State.APPROVED)


def _purse(line: ActLine) -> str:
    if isinstance(line.order, Grant):
        return "bonus" if line.order.purse is Kind.BONUS_VOUCHER else "voucher"
    return "voucher" if line.kind in ("revoke", "batch") else "other"
