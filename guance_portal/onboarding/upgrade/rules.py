"""Decisions of an upgrade that need neither database nor clock, and why one is refused."""

from __future__ import annotations

from datetime import timedelta

from guance_portal.core.errors import PortalError

PROOF_LIFE = timedelta(hours=24)
"""How long a code that was typed lets a fee-centre account be charged for the workspace."""


class NotOwnerError(PortalError, code="errors.upgrade_not_owner"):
    """Only the owner of a workspace upgrades it. Parameter: owner, their name."""


class AlreadyCommercialError(PortalError, code="errors.already_commercial"):
    """The workspace is 商业版 already."""


class FeeUsernameMissingError(PortalError, code="errors.fee_username_missing"):
    """No username of a fee-centre account was typed."""


class FeeUsernameUnknownError(PortalError, code="errors.fee_username_unknown"):
    """No fee-centre account has this username."""


class PayerMissingError(PortalError, code="errors.payer_missing"):
    """Nobody has proven a fee-centre account that could pay, or not within PROOF_LIFE."""


class PayerChangedError(PortalError, code="errors.payer_changed"):
    """Another fee-centre account would pay than the page said. Parameter: username, of the one that would."""


class HasFeeAccountError(PortalError, code="errors.has_fee_account"):
    """The user has a fee-centre account of their own, which pays. Parameter: username."""
