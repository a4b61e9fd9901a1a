"""What the wallet refuses beyond its rules."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class OtherCurrencyError(PortalError):
    """The account is in another currency."""

    code = "errors.wallet_other_currency"


class ReceiptTakenError(PortalError):
    """This money was credited, sent back or reversed already, or there is none of this number."""

    code = "errors.wallet_receipt_taken"


class RefundDecidedError(PortalError):
    """There is no such refund, or it was decided already."""

    code = "errors.wallet_refund_decided"


class PurseUnknownError(PortalError):
    """The payer has no such purse, or none that allows this."""

    code = "errors.wallet_purse_unknown"


class CodeUnknownError(PortalError):
    """There is no such code."""

    code = "errors.wallet_code_unknown"


class CodeVoidedError(PortalError):
    """An operator voided the code."""

    code = "errors.wallet_code_voided"


class CodeUsedError(PortalError):
    """The code was used."""

    code = "errors.wallet_code_used"


class VoucherCodeExpiredError(PortalError):
    """The code is too old."""

    code = "errors.wallet_code_expired"


class BillUnknownError(PortalError):
    """No bill of the payer was paid under this reference."""

    code = "errors.wallet_bill_unknown"


class RefundOpenError(PortalError):
    """A refund of this recharge waits; it is decided first."""

    code = "errors.wallet_refund_open"
