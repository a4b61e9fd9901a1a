"""The refusals of the fee centre."""

from guance_portal.core.errors import PortalError


class SsoHandoffInvalidError(PortalError):
    """An SSO handoff's ticket that was altered, made elsewhere, or given to another browser."""

    code = "errors.sso_handoff_invalid"


class SsoHandoffExpiredError(PortalError):
    """An SSO handoff's ticket older than a minute."""

    code = "errors.sso_handoff_expired"


class SsoHandoffUsedError(PortalError):
    """An SSO handoff's ticket that has been used: it works once."""

    code = "errors.sso_handoff_used"


class SsoHandoffNotOwnerError(PortalError):
    """Only the owner of a workspace goes to its fee centre."""

    code = "errors.sso_handoff_not_owner"


class SsoHandoffNowhereError(PortalError):
    """The workspace has no fee-centre account (yet)."""

    code = "errors.sso_handoff_nowhere"


class SsoHandoffTooOftenError(PortalError):
    """More SSO handoffs from one address than anybody needs."""

    code = "errors.sso_handoff_too_often"


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
