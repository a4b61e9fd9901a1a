"""Who may do what to whom among the members of a workspace; nothing here needs database or clock.

A workspace has exactly one owner. The owner gives every other role; administrators manage standard and read-only
members; those two manage nobody.
"""

from __future__ import annotations

from datetime import timedelta

from guance_portal.accounts.rules import Role
from guance_portal.core.errors import PortalError
from guance_portal.core.tokens import digest

INVITATION_LIFE = timedelta(days=7)
RESEND_AFTER = timedelta(seconds=60)
MOST_EMAILS = 10
"""How often one invitation may be sent."""

_BELOW: dict[Role, tuple[Role, ...]] = {
    Role.OWNER: (Role.ADMIN, Role.STANDARD, Role.READONLY),
    Role.ADMIN: (Role.STANDARD, Role.READONLY),
    Role.STANDARD: (),
    Role.READONLY: (),
}


class RoleNotGivableError(PortalError, code="errors.role_not_givable"):
    """A role that the actor may not give, or a member whose role they may not change."""


class AlreadyMemberError(PortalError, code="errors.already_member"):
    """The invited person is a member already."""


class AlreadyInvitedError(PortalError, code="errors.already_invited"):
    """The address has an open invitation into this workspace: it can be sent again."""


class InvitationSpentError(PortalError, code="errors.invitation_spent"):
    """The link is unknown, used, revoked, superseded by a newer email, too old, or its sender has lost the right."""


class InvitationOthersError(PortalError, code="errors.invitation_others"):
    """The invitation is for another address than that of the person who is signed in. Parameter: email."""


class InvitationTooSoonError(PortalError, code="errors.invitation_too_soon"):
    """The last email was sent less than RESEND_AFTER ago. Parameter: seconds."""


class InvitationLimitError(PortalError, code="errors.invitation_limit"):
    """The invitation was sent MOST_EMAILS times. Parameter: most."""


class OwnerStaysError(PortalError, code="errors.owner_stays"):
    """The owner can neither leave nor be removed: the ownership is transferred first."""


class MemberGoneError(PortalError, code="errors.member_gone"):
    """No member of this workspace, or not any more."""


def givable(actor: Role) -> tuple[Role, ...]:
    """The roles somebody may give, the most powerful first."""
    return _BELOW[actor]


def may_invite(actor: Role, role: Role) -> bool:
    """Whether the actor may let somebody in with this role."""
    return role in _BELOW[actor]


def may_change(actor: Role, target: Role, new: Role) -> bool:
    """Whether the actor may give a member of role `target` the role `new`."""
    return target in _BELOW[actor] and new in _BELOW[actor]


def may_remove(actor: Role, target: Role) -> bool:
    """Whether the actor may remove a member of role `target`."""
    return target in _BELOW[actor]


def may_leave(role: Role) -> bool:
    """Whether somebody of this role may leave."""
    return role is not Role.OWNER


def may_transfer(role: Role) -> bool:
    """Whether somebody of this role may hand the workspace over."""
    return role is Role.OWNER


def email_for(viewer: Role, email: str, *, is_own: bool) -> str:
    """A member's e-mail as another member sees it: whole for those who manage members, else no more than a hint.

    People in one workspace need not know each other; those who only work or read there have no use for the addresses.
    """
    if is_own or _BELOW[viewer]:
        return email
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}"


def member_key(workspace_id: str, user_id: str) -> str:
    """What a page calls a member by: stable, and no id of anybody."""
    return digest(f"{workspace_id}:{user_id}")[:32]
