"""What cannot be asked for or decided."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class AccountUnknownError(PortalError):
    """There is no such fee-centre account."""

    code = "errors.approval_account_unknown"


class RequestUnknownError(PortalError):
    """There is no such request."""

    code = "errors.approval_unknown"


class OwnRequestError(PortalError):
    """Nobody approves what they asked for themselves."""

    code = "errors.approval_own"


class RequestDecidedError(PortalError):
    """Somebody else was quicker, or it waits no more."""

    code = "errors.approval_decided"


class RequestExpiredError(PortalError):
    """It waited too long."""

    code = "errors.approval_expired"


class EffectChangedError(PortalError):
    """The act would now do something else than the request says; nothing was done."""

    code = "errors.approval_changed"


class VoucherOverError(PortalError):
    """A voucher that ends before it begins, or has ended already."""

    code = "errors.approval_voucher_over"


class ChargeDayError(PortalError):
    """A day that has not ended at the site of the workspace."""

    code = "errors.approval_charge_day"


class WorkspaceUnpaidError(PortalError):
    """The account does not pay for this workspace."""

    code = "errors.approval_workspace"


class BatchOpenedError(PortalError):
    """The codes of a batch are shown once."""

    code = "errors.approval_batch_opened"
