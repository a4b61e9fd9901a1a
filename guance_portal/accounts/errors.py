"""The refusals of accounts, sessions and codes."""

from collections.abc import Mapping

from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError


class WrongLoginError(PortalError):
    """Login and password do not belong together; never says which of the two is wrong."""

    code = "errors.wrong_login"


class WrongFeeLoginError(WrongLoginError):
    """The same at the fee centre, which knows no sites."""

    code = "errors.wrong_login_fee"


class WrongOperatorLoginError(WrongLoginError):
    """The same for operators, whom no email helps to a new password."""

    code = "errors.wrong_login_operator"


WRONG_LOGIN: Mapping[Realm, type[WrongLoginError]] = {
    Realm.CONSOLE: WrongLoginError,
    Realm.FEE_CENTER: WrongFeeLoginError,
    Realm.OPERATOR: WrongOperatorLoginError,
}
"""How each realm says it."""


class WrongPasswordError(PortalError):
    """The present password, asked for again, is not this one."""

    code = "errors.wrong_password"


class SamePasswordError(PortalError):
    """The new password is the present one."""

    code = "errors.same_password"


class TicketSpentError(PortalError):
    """The hand-over ticket is unknown, used, too old, or another browser's."""

    code = "errors.ticket_spent"


class SecondFactorOverError(PortalError):
    """The step after the password took too long or was tried too often; it starts over."""

    code = "errors.second_factor_over"


class WrongCodeError(PortalError):
    """Not the authenticator's present code, one used before, or no recovery code. Parameter: tries left."""

    code = "errors.wrong_code"


class InitialPasswordExpiredError(PortalError):
    """The initial password of an operator was not used in time. Parameter: days it is good for."""

    code = "errors.initial_password_expired"


class ResetLinkSpentError(PortalError):
    """The link is unknown, used, superseded or too old."""

    code = "errors.reset_link_spent"


class SessionGoneError(PortalError):
    """No live session of this person has this id."""

    code = "errors.session_gone"


class EmailTakenError(PortalError):
    """Somebody has this e-mail already, at this site or among the operators."""

    code = "errors.email_taken"


class OperatorUnknownError(PortalError):
    """No operator has this e-mail."""

    code = "errors.operator_unknown"


class NotMemberError(PortalError):
    """The person is no member of this workspace, or it does not exist: both look the same."""

    code = "errors.not_member"


class WorkspaceSwitchedError(PortalError):
    """The session looks at another workspace than the page did."""

    code = "errors.workspace_switched"


class WorkspaceDissolvedError(PortalError):
    """The workspace was dissolved: nothing about it can change any more, and it takes no data."""

    code = "errors.workspace_dissolved"


class PasswordNeededError(PortalError):
    """A session that came without a password asks for more than its one workspace."""

    code = "errors.password_needed"
