"""Inviting somebody, and what can be done about an open invitation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx

from guance_portal.accounts.identity import contact
from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Id, Line, blank
from guance_portal.core.messages import Language
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.members.roles import RoleName
from guance_portal.state.members.table import MembersState
from guance_portal.state.sign_up.form import Spoken
from guance_portal.state.typed import TypedMixin


class InviteForm(Spoken):
    """邀请成员 as typed."""

    email: Annotated[str, Asked(label="members.email", kind=FieldKind.EMAIL, check=contact.clean_email)] = ""
    role: RoleName = "standard"


class InviteState(TypedMixin, rx.State):
    """The dialog 邀请成员; `openings` grows with each opening, which empties the form."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(InviteForm))
    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)

    @audience(Realm.CONSOLE)
    @rx.event
    def open_invite(self) -> None:
        """Ask whom."""
        self._start()
        self._take(InviteForm())
        self.openings += 1
        self.is_open = True

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_invite(self) -> None:
        """Invite nobody."""
        self.is_open = False

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, value: Line) -> None:
        """Say what is wrong with the address when its field is left."""
        self._leave(InviteForm, "email", value)

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def type_email(self, value: Line) -> None:
        """Judge an address again that was wrong."""
        self._type(InviteForm, "email", value)

    @audience(Realm.CONSOLE)
    @rx.event
    async def send_invitation(self, form: InviteForm) -> AsyncIterator[Any]:
        """Send the email; the page says the same whether the address has an account or not."""
        self._begin()
        yield None
        try:
            await services().invitations.invite(
                self._actor(), form.email, Role(form.role), Language.of(form.language), self._caller()
            )
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy = self.is_open = False
        await self._say("members.invited", email=form.email.strip())
        yield MembersState.load_members

    @audience(Realm.CONSOLE)
    @rx.event
    async def resend(self, invitation_id: Id) -> AsyncIterator[Any]:
        """Send a new link; the old one is dead."""
        try:
            await services().invitations.resend(self._actor(), invitation_id, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("members.resent")
        yield MembersState.load_members

    @audience(Realm.CONSOLE)
    @rx.event
    async def revoke(self, invitation_id: Id) -> AsyncIterator[Any]:
        """Make the link worthless."""
        try:
            await services().invitations.revoke(self._actor(), invitation_id, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("members.revoked")
        yield MembersState.load_members
