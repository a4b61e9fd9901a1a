"""What cannot be asked for or decided."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class AccountUnknownError(PortalError, code="errors.approval_account_unknown"):
    """There is no such fee-centre account."""


class RequestUnknownError(PortalError, code="errors.approval_unknown"):
    """There is no such request."""


class OwnRequestError(PortalError, code="errors.approval_own"):
    """Nobody approves what they asked for themselves."""


class RequestDecidedError(PortalError, code="errors.approval_decided"):
    """Somebody else was quicker, or it waits no more."""


class RequestExpiredError(PortalError, code="errors.approval_expired"):
    """It waited too long."""


class EffectChangedError(PortalError, code="errors.approval_changed"):
    """The act would now do something else than the request says; nothing was done."""


class VoucherOverError(PortalError, code="errors.approval_voucher_over"):
    """A voucher that ends before it begins, or has ended already."""


class ChargeDayError(PortalError, code="errors.approval_charge_day"):
    """A day that has not ended at the site of the workspace."""


class WorkspaceUnpaidError(PortalError, code="errors.approval_workspace"):
    """The account does not pay for this workspace."""


class BatchOpenedError(PortalError, code="errors.approval_batch_opened"):
    """The codes of a batch are shown once."""
