"""Why a change of the settlement method was refused."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class MethodNotChoosableError(PortalError, code="errors.method_not_choosable"):
    """The method is not offered here."""


class MethodRefusedError(MethodNotChoosableError, code="errors.method_refused"):
    """An option that is offered cannot be chosen now. Parameters: reason and remedy, as the dialog says them beside it."""


class AlreadyCurrentError(PortalError, code="errors.method_already_current"):
    """The workspace is settled this way already."""


class ChangePendingError(PortalError, code="errors.settlement_change_pending"):
    """Another change of the workspace waits for its day; it can be withdrawn."""


class MonthUsedError(PortalError, code="errors.settlement_month_used"):
    """The one change of this calendar month was made. Parameter: the first day of the next, YYYY-MM-DD."""


class SamePayerError(PortalError, code="errors.payer_same"):
    """This fee-centre account pays for the workspace already."""


class LeavingLockedError(PortalError, code="errors.payer_leaving_locked"):
    """A debt has locked the account that pays, or the workspace: it cannot leave before the debt is paid."""


class NothingToSettleError(PortalError, code="errors.nothing_to_settle"):
    """Nobody pays for the workspace: it is 体验版."""


class ChangeNotPendingError(PortalError, code="errors.settlement_change_not_pending"):
    """The change has taken effect or was refused: it cannot be withdrawn any more."""


class CloudAccountHeldError(PortalError, code="errors.cloud_account_held"):
    """The cloud account pays for a workspace, or will: it cannot be let go."""


class CloudAccountGoneError(PortalError, code="errors.cloud_account_gone"):
    """The cloud account is not registered there any more."""


class FeeAccountUnknownError(PortalError, code="errors.fee_account_unknown"):
    """There is no such fee-centre account."""
