"""成员管理: who is in the workspace that the session looks at, and who is invited."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from guance_portal.accounts.members.service import InvitationView, MembersView, MemberView
from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment
from guance_portal.state.workspace import turned_away


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member; `key` is what handlers call them by, the flags what the viewer may do to them."""

    key: str
    name: str
    email: str
    role: str
    role_name: Text
    joined_at: Text
    is_me: bool
    may_change: bool
    may_remove: bool
    may_own: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that nobody has accepted yet."""

    id: str
    email: str
    role_name: Text
    sender: str
    expires_at: Text
    is_expired: bool


class MembersState(PageMixin, rx.State):
    """Both lists, and what the viewer is here. Anyone who is no member is sent to their account."""

    rows: rx.Field[list[MemberRow]] = rx.field(default_factory=list)
    invitations: rx.Field[list[InvitationRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_owner: rx.Field[bool] = rx.field(default=False)
    is_manager: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_members(self) -> rx.event.EventSpec | None:
        """Read who is here now."""
        actor = self._actor()
        try:
            view = await services().members.members(actor)
        except NotAllowedError:
            self.rows, self.invitations, self.is_loaded = [], [], False
            return await turned_away(actor)
        self._show(view)
        return None

    def _show(self, view: MembersView) -> None:
        self.is_owner, self.is_manager = view.role is Role.OWNER, view.role in {Role.OWNER, Role.ADMIN}
        self.rows = [_member(member, view) for member in view.members]
        self.invitations = [_invitation(invitation, view.site) for invitation in view.invitations]
        self.is_loaded = True

    def _named(self, key: str) -> MemberRow | None:
        return next((row for row in self.rows if row.key == key), None)


def _member(member: MemberView, view: MembersView) -> MemberRow:
    return MemberRow(
        key=member.key,
        name=member.name,
        email=member.email,
        role=member.role.value,
        role_name=text(f"role.{member.role}"),
        joined_at=moment(member.joined_at, view.site),
        is_me=member.is_me,
        may_change=bool(member.givable),
        may_remove=member.may_remove,
        may_own=view.role is Role.OWNER and not member.is_me,
    )


def _invitation(invitation: InvitationView, site: str) -> InvitationRow:
    return InvitationRow(
        id=invitation.id,
        email=invitation.email,
        role_name=text(f"role.{invitation.role}"),
        sender=invitation.sender,
        expires_at=moment(invitation.expires_at, site),
        is_expired=invitation.is_expired,
    )
