"""Why the fee centre says no."""

from guance_portal.core.errors import PortalError


class JumpInvalidError(PortalError):
    """A jump's ticket that was altered, made elsewhere, or given to another browser."""

    code = "errors.jump_invalid"


class JumpExpiredError(PortalError):
    """A jump's ticket older than a minute."""

    code = "errors.jump_expired"


class JumpUsedError(PortalError):
    """A jump's ticket that has been used: it works once."""

    code = "errors.jump_used"


class JumpNotOwnerError(PortalError):
    """Only the owner of a workspace goes to its fee centre."""

    code = "errors.jump_not_owner"


class JumpNowhereError(PortalError):
    """The workspace has no fee-centre account (yet)."""

    code = "errors.jump_nowhere"


class JumpTooOftenError(PortalError):
    """More jumps from one address than anybody needs."""

    code = "errors.jump_too_often"


JUMP_PROBLEMS = tuple(
    error.code.removeprefix("errors.")
    for error in (
        JumpInvalidError,
        JumpExpiredError,
        JumpUsedError,
        JumpNotOwnerError,
        JumpNowhereError,
        JumpTooOftenError,
    )
)
"""What the fee centre's sign-in page can be told of a jump that did not succeed, by the name of its words."""
