"""What cannot be done with recharge orders and notices."""

from __future__ import annotations

from guance_portal.core.errors import PortalError
from guance_portal.payments.rules import Outcome


class WayNotOfferedError(PortalError, code="errors.payment_way_not_offered"):
    """This way to pay is not set up here, or is not for accounts in this currency."""


class OrderUnknownError(PortalError, code="errors.payment_order_unknown"):
    """The account has no such order."""


class OrderChangedError(PortalError, code="errors.payment_order_changed"):
    """The key of the form was used before, for another amount or way; nothing was written."""


class ExceptionUnknownError(PortalError, code="errors.payment_exception_unknown"):
    """There is nothing of this that waits for a person."""


class OrderOverError(PortalError, code="errors.payment_order_over"):
    """The order was paid, has expired or was cancelled already."""


class BankMissingError(PortalError, code="errors.bank_missing"):
    """No bank was named."""


class BankUnknownError(PortalError, code="errors.bank_unknown"):
    """The columns of this bank were never given, or not all of them."""


class StatementUnknownError(PortalError, code="errors.statement_unknown"):
    """There is no such statement."""


class UnprovenError(Exception):
    """A notice that proves nothing; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class UnansweredError(Exception):
    """A provider did not answer in a way that can be believed: what it did is unknown."""
