"""The refusals of the fee centre."""

from guance_portal.core.errors import PortalError


class SsoHandoffInvalidError(PortalError, code="errors.sso_handoff_invalid"):
    """An SSO handoff's ticket that was altered, made elsewhere, or given to another browser."""


class SsoHandoffExpiredError(PortalError, code="errors.sso_handoff_expired"):
    """An SSO handoff's ticket older than a minute."""


class SsoHandoffUsedError(PortalError, code="errors.sso_handoff_used"):
    """An SSO handoff's ticket that has been used: it works once."""


class SsoHandoffNotOwnerError(PortalError, code="errors.sso_handoff_not_owner"):
    """Only the owner of a workspace goes to its fee centre."""


class SsoHandoffNowhereError(PortalError, code="errors.sso_handoff_nowhere"):
    """The workspace has no fee-centre account (yet)."""


class SsoHandoffTooOftenError(PortalError, code="errors.sso_handoff_too_often"):
    """More SSO handoffs from one address than anybody needs."""


SSO_HANDOFF_PROBLEMS = tuple(
    error.code.removeprefix("errors.")
    for error in (
        SsoHandoffInvalidError,
        SsoHandoffExpiredError,
        SsoHandoffUsedError,
        SsoHandoffNotOwnerError,
        SsoHandoffNowhereError,
        SsoHandoffTooOftenError,
    )
)
"""What the fee centre's sign-in page can be told of an SSO handoff that did not succeed, by the name of its words."""
