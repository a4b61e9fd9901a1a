"""How what was paid goes back: to those who paid, the last one first. Pure; amounts in cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guance_portal.core.errors import PortalError
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account


class ReturnTooHighError(PortalError, code="errors.wallet_return_too_high"):
    """More is to go back than was paid, or than is left of it."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What an account paid of a bill, and how much of that went back already."""

    account: Account
    minor: int
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Back:
    """So much goes back to what the account at `place` paid."""

    place: int
    account: Account
    minor: int


def give_back(paid: Sequence[Paid], amount: int) -> list[Back]:
    """Where an amount goes back to, of payments that stand in the order in which they were taken: newest first.

    Raises ReturnTooHighError.
    """
    if not 0 < amount <= sum(one.minor - one.returned for one in paid):
        raise ReturnTooHighError(field="amount")
    back: list[Back] = []
    for place in range(len(paid) - 1, -1, -1):
        one = paid[place]
        part = min(one.minor - one.returned, amount)
        if part:
            back.append(Back(place, one.account, part))
            amount -= part
    return back


def landing(back: Sequence[Back], debt: int) -> list[tuple[Account, int]]:
    """The accounts that really get it.

    What had become debt lowers the debt that is left, and the rest of it, which was paid since, is cash. What a cloud
    collects is never taken back from the cloud: it becomes credit.
    """
    landed: list[tuple[Account, int]] = []
    for one in back:
        if one.account.kind is Kind.RECEIVABLE:
            lowered = min(debt, one.minor)
            debt -= lowered
            landed += [(one.account, lowered), (one.account._replace(kind=Kind.CASH), one.minor - lowered)]
        elif one.account.kind is Kind.CLOUD_RECEIVABLE:
            landed.append((Account(Kind.CREDIT, one.account.currency), one.minor))
        else:
            landed.append((one.account, one.minor))
    return [(account, minor) for account, minor in landed if minor]


def revocable(rest: int, wanted: int) -> int:
    """What can be revoked of a voucher: all that is wanted or nothing. Raises ReturnTooHighError."""
    if not 0 < wanted <= rest:
        raise ReturnTooHighError(field="amount")
    return wanted
