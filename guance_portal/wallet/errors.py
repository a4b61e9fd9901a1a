"""What the wallet refuses beyond its rules."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class OtherCurrencyError(PortalError, code="errors.wallet_other_currency"):
    """The account is in another currency."""


class ReceiptTakenError(PortalError, code="errors.wallet_receipt_taken"):
    """This money was credited, sent back or reversed already, or there is none of this number."""


class RefundDecidedError(PortalError, code="errors.wallet_refund_decided"):
    """There is no such refund, or it was decided already."""


class PurseUnknownError(PortalError, code="errors.wallet_purse_unknown"):
    """The payer has no such purse, or none that allows this."""


class CodeUnknownError(PortalError, code="errors.wallet_code_unknown"):
    """There is no such code."""


class CodeVoidedError(PortalError, code="errors.wallet_code_voided"):
    """An operator voided the code."""


class CodeUsedError(PortalError, code="errors.wallet_code_used"):
    """The code was used."""


class VoucherCodeExpiredError(PortalError, code="errors.wallet_code_expired"):
    """The code is too old."""


class BillUnknownError(PortalError, code="errors.wallet_bill_unknown"):
    """No bill of the payer was paid under this reference."""


class RefundOpenError(PortalError, code="errors.wallet_refund_open"):
    """A refund of this recharge waits; it is decided first."""
