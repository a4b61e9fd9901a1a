"""What a recharge does, what of it can be paid back, and what a reversal or a refund moves. Pure; amounts in cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guance_portal.core.errors import PortalError


class RefundTooHighError(PortalError, code="errors.wallet_refund_too_high"):
    """More was asked back than is left of the recharge. Parameter: left, the amount that is."""


class NotOnHoldError(PortalError, code="errors.wallet_not_on_hold"):
    """The refund does not wait any more, or is of less."""


@dataclass(frozen=True, slots=True)
class Split:
    """An amount that comes in: debt first, the rest is cash."""

    debt: int
    cash: int


@dataclass(frozen=True, slots=True)
class Recharge:
    """A recharge as it was booked: how much became cash, and how much of that was paid back or waits for it."""

    cash: int
    returned: int = 0


def split(amount: int, debt: int) -> Split:
    """What an amount that comes in does: it pays the debt first."""
    paid = min(amount, debt)
    return Split(debt=paid, cash=amount - paid)


def within(balance: int, wanted: int, overdraft: int = 0) -> int:
    """How much of what is wanted a balance gives that may go so far below nothing."""
    return max(0, min(wanted, balance + overdraft))


def refundable(recharges: Sequence[Recharge], which: int, cash: int) -> int:
    """How much can be paid back of one of the recharges, which stand oldest first.

    Cash is spent oldest recharge first, and never more is paid back than there is cash.
    """
    left = [recharge.cash - recharge.returned for recharge in recharges]
    spent = max(sum(left) - cash, 0)
    for place in range(which + 1):
        gone = min(left[place], spent)
        left[place] -= gone
        spent -= gone
    return within(cash, left[which])


def hold(cash: int, wanted: int) -> int:
    """What a refund sets aside: all that is wanted or nothing. Raises RefundTooHighError."""
    if not 0 < wanted <= cash:
        raise RefundTooHighError
    return wanted


def settle(held: int, paid: int) -> Split:
    """A refund that was held is paid out: `debt` is nothing, `cash` what is free again. Raises NotOnHoldError."""
    if not 0 < paid <= held:
        raise NotOnHoldError
    return Split(debt=0, cash=held - paid)


def reverse(amount: int, cash: int) -> Split:
    """A recharge that the provider takes back: `cash` of it is still there, the rest becomes `debt`."""
    there = within(cash, amount)
    return Split(debt=amount - there, cash=there)
