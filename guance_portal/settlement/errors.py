"""Why a change of the settlement method was refused."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class MethodNotChoosableError(PortalError):
    """The method is not offered here."""

    code = "errors.method_not_choosable"


class MethodRefusedError(MethodNotChoosableError):
    """An option that is offered cannot be chosen now. Parameters: reason and remedy, as the dialog says them beside it."""

    code = "errors.method_refused"


class AlreadyCurrentError(PortalError):
    """The workspace is settled this way already."""

    code = "errors.method_already_current"


class ChangePendingError(PortalError):
    """Another change of the workspace waits for its day; it can be withdrawn."""

    code = "errors.settlement_change_pending"


class MonthUsedError(PortalError):
    """The one change of this calendar month was made. Parameter: the first day of the next, YYYY-MM-DD."""

    code = "errors.settlement_month_used"


class NothingToSettleError(PortalError):
    """Nobody pays for the workspace: it is 体验版."""

    code = "errors.nothing_to_settle"


class ChangeNotPendingError(PortalError):
    """The change has taken effect or was refused: it cannot be withdrawn any more."""

    code = "errors.settlement_change_not_pending"


class CloudAccountHeldError(PortalError):
    """The cloud account pays for a workspace, or will: it cannot be let go."""

    code = "errors.cloud_account_held"


class CloudAccountGoneError(PortalError):
    """The cloud account is not registered there any more."""

    code = "errors.cloud_account_gone"


class FeeAccountUnknownError(PortalError):
    """There is no such fee-centre account."""

    code = "errors.fee_account_unknown"
