"""What cannot be done with recharge orders and notices."""

from __future__ import annotations

from guance_portal.core.errors import PortalError
from guance_portal.payments.rules import Outcome


class WayNotOfferedError(PortalError):
    """This way to pay is not set up here, or is not for accounts in this currency."""

    code = "errors.payment_way_not_offered"


class OrderUnknownError(PortalError):
    """The account has no such order."""

    code = "errors.payment_order_unknown"


class OrderChangedError(PortalError):
    """The key of the form was used before, for another amount or way; nothing was written."""

    code = "errors.payment_order_changed"


class ExceptionUnknownError(PortalError):
    """There is nothing of this that waits for a person."""

    code = "errors.payment_exception_unknown"


class OrderOverError(PortalError):
    """The order was paid, has expired or was cancelled already."""

    code = "errors.payment_order_over"


class BankMissingError(PortalError):
    """No bank was named."""

    code = "errors.bank_missing"


class BankUnknownError(PortalError):
    """The columns of this bank were never given, or not all of them."""

    code = "errors.bank_unknown"


class StatementUnknownError(PortalError):
    """There is no such statement."""

    code = "errors.statement_unknown"


class UnprovenError(Exception):
    """A notice that proves nothing; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class UnansweredError(Exception):
    """A provider did not answer in a way that can be believed: what it did is unknown."""
