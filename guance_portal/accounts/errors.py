"""The refusals of accounts, sessions and codes."""

from collections.abc import Mapping

from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError


class WrongLoginError(PortalError, code="errors.wrong_login"):
    """Login and password do not belong together; never says which of the two is wrong."""


class WrongFeeLoginError(WrongLoginError, code="errors.wrong_login_fee"):
    """The same at the fee centre, which knows no sites."""


class WrongOperatorLoginError(WrongLoginError, code="errors.wrong_login_operator"):
    """The same for operators, whom no email helps to a new password."""


WRONG_LOGIN: Mapping[Realm, type[WrongLoginError]] = {
    Realm.CONSOLE: WrongLoginError,
    Realm.FEE_CENTER: WrongFeeLoginError,
    Realm.OPERATOR: WrongOperatorLoginError,
}
"""How each realm says it."""


class WrongPasswordError(PortalError, code="errors.wrong_password"):
    """The present password, asked for again, is not this one."""


class SamePasswordError(PortalError, code="errors.same_password"):
    """The new password is the present one."""


class TicketSpentError(PortalError, code="errors.ticket_spent"):
    """The hand-over ticket is unknown, used, too old, or another browser's."""


class SecondFactorOverError(PortalError, code="errors.second_factor_over"):
    """The step after the password took too long or was tried too often; it starts over."""


class WrongCodeError(PortalError, code="errors.wrong_code"):
    """Not the authenticator's present code, one used before, or no recovery code. Parameter: tries left."""


class InitialPasswordExpiredError(PortalError, code="errors.initial_password_expired"):
    """The initial password of an operator was not used in time. Parameter: days it is good for."""


class ResetLinkSpentError(PortalError, code="errors.reset_link_spent"):
    """The link is unknown, used, superseded or too old."""


class SessionGoneError(PortalError, code="errors.session_gone"):
    """No live session of this person has this id."""


class EmailTakenError(PortalError, code="errors.email_taken"):
    """Somebody has this e-mail already, at this site or among the operators."""


class OperatorUnknownError(PortalError, code="errors.operator_unknown"):
    """No operator has this e-mail."""


class NotMemberError(PortalError, code="errors.not_member"):
    """The person is no member of this workspace, or it does not exist: both look the same."""


class WorkspaceSwitchedError(PortalError, code="errors.workspace_switched"):
    """The session looks at another workspace than the page did."""


class WorkspaceDissolvedError(PortalError, code="errors.workspace_dissolved"):
    """The workspace was dissolved: nothing about it can change any more, and it takes no data."""


class PasswordNeededError(PortalError, code="errors.password_needed"):
    """A session that came without a password asks for more than its one workspace."""
