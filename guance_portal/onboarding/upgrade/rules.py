"""Decisions of an upgrade that need neither database nor clock, and why one is refused."""

from __future__ import annotations

from datetime import timedelta

from guance_portal.core.errors import PortalError

PROOF_LIFE = timedelta(hours=24)
"""How long a code that was typed lets a fee-centre account be charged for the workspace."""


class NotOwnerError(PortalError):
    """Only the owner of a workspace upgrades it. Parameter: owner, their name."""

    code = "errors.upgrade_not_owner"


class AlreadyCommercialError(PortalError):
    """The workspace is 商业版 already."""

    code = "errors.already_commercial"


class FeeUsernameMissingError(PortalError):
    """No username of a fee-centre account was typed."""

    code = "errors.fee_username_missing"


class FeeUsernameUnknownError(PortalError):
    """No fee-centre account has this username."""

    code = "errors.fee_username_unknown"


class PayerMissingError(PortalError):
    """Nobody has proven a fee-centre account that could pay, or not within PROOF_LIFE."""

    code = "errors.payer_missing"


class PayerChangedError(PortalError):
    """Another fee-centre account would pay than the page said. Parameter: username, of the one that would."""

    code = "errors.payer_changed"


class HasFeeAccountError(PortalError):
    """The user has a fee-centre account of their own, which pays. Parameter: username."""

    code = "errors.has_fee_account"
