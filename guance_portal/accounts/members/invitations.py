"""Invitations into a workspace: sent by mail, good once, for one address, for a week."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from guance_portal import sites
from guance_portal.accounts.identity import contact
from guance_portal.accounts.identity.tables import TicketKind
from guance_portal.accounts.members import queries, rules, workspace_queries
from guance_portal.accounts.members.access import MANAGERS, require_role
from guance_portal.accounts.members.emails import MemberEmails
from guance_portal.accounts.members.invitation_tables import Invitation, InvitationEnd
from guance_portal.accounts.members.joining import find, join
from guance_portal.accounts.members.rules import (
    AlreadyInvitedError,
    AlreadyMemberError,
    InvitationLimitError,
    InvitationSpentError,
    InvitationTooSoonError,
    RoleNotGivableError,
)
from guance_portal.accounts.rules import Edition, Role, email_key
from guance_portal.accounts.sessions import tickets
from guance_portal.accounts.sessions.sign_in import PasswordCheck, SignInOrder
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.ids import new_id
from guance_portal.core.limit_keys import of_account, of_network
from guance_portal.core.messages import Language
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.tokens import digest, new_token
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationOffer:
    """What the page of an invitation says. Only who holds the email's link learns whether the address has an account."""

    workspace: str
    edition: Edition
    site: Site
    sender: str
    role: Role
    email: str
    has_account: bool


class InvitationService:
    """Sends, revokes and accepts invitations."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        emails: MemberEmails,
        check: PasswordCheck,
        limits: RateLimits,
    ) -> None:
        self._database, self._clock = database, clock
        self._emails, self._check, self._limits = emails, check, limits

    async def invite(self, actor: Actor, email: str, role: Role, language: Language, caller: Caller) -> None:
        """Invite an address; the answer is the same whether it has an account at the site or not.

        Raises the errors of `contact.clean_email`, NotAllowedError, RoleNotGivableError (field `role`),
        AlreadyMemberError and AlreadyInvitedError (field `email`), TooManyAttemptsError.
        """
        address = contact.clean_email(email)
        await self._limits.hit("invitation_per_user", of_account(actor.realm, actor.subject_id))
        now = self._clock.now()
        async with self._database.writing() as work:
            own, workspace, sender = await self._manager(work, actor)
            if not rules.may_invite(own, role):
                raise RoleNotGivableError(field="role")
            key = email_key(address)
            if any(user.email_key == key for _, user in await queries.members(work, workspace.id)):
                raise AlreadyMemberError(field="email")
            if await queries.open_invitation(work, workspace.id, key):
                raise AlreadyInvitedError(field="email")
            token = new_token()
            invitation = Invitation(
                id=new_id("invt"),
                workspace_id=workspace.id,
                email=address,
                email_key=key,
                role=role,
                language=language,
                token_hash=digest(token),
                invited_by=sender.id,
                created_at=now,
                sent_at=now,
                expires_at=now + rules.INVITATION_LIFE,
            )
            work.session.add(invitation)
            try:
                await work.session.flush()
            except IntegrityError:
                raise AlreadyInvitedError(field="email") from None
            await self._emails.invite(work, invitation, token, workspace=workspace, sender=sender)
            _note(work, "invitation.sent", invitation, actor, caller)
            await work.commit()

    async def resend(self, actor: Actor, invitation_id: str, caller: Caller) -> None:
        """Send it again, with a new link and a new week; the link of the last email is dead.

        Raises NotAllowedError, InvitationSpentError, RoleNotGivableError, InvitationTooSoonError, InvitationLimitError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            invitation, workspace, sender = await self._mine(work, actor, invitation_id)
            if (wait := (invitation.sent_at + rules.RESEND_AFTER - now).total_seconds()) > 0:
                raise InvitationTooSoonError(seconds=math.ceil(wait))
            if invitation.sent >= rules.MOST_EMAILS:
                raise InvitationLimitError(most=rules.MOST_EMAILS)
            token = new_token()
            invitation.token_hash, invitation.invited_by = digest(token), sender.id
            invitation.sent_at, invitation.expires_at = now, now + rules.INVITATION_LIFE
            invitation.sent += 1
            await self._emails.invite(work, invitation, token, workspace=workspace, sender=sender)
            _note(work, "invitation.sent", invitation, actor, caller)
            await work.commit()

    async def revoke(self, actor: Actor, invitation_id: str, caller: Caller) -> None:
        """Make the link worthless; raises NotAllowedError, InvitationSpentError, RoleNotGivableError."""
        now = self._clock.now()
        async with self._database.writing() as work:
            invitation, _, _ = await self._mine(work, actor, invitation_id)
            invitation.ended_at, invitation.end = now, InvitationEnd.REVOKED
            _note(work, "invitation.revoked", invitation, actor, caller, at=now)
            await work.commit()

    async def read(self, token: str, caller: Caller) -> InvitationOffer:
        """What a link offers; raises InvitationSpentError, TooManyAttemptsError."""
        await self._limits.hit("invitation_per_address", of_network(caller.address))
        async with self._database.reading() as work:
            invitation, workspace, sender = await find(work, token, self._clock.now())
            has_account = await queries.user_at(work, workspace.site, invitation.email_key) is not None
        return InvitationOffer(
            workspace=workspace.name,
            edition=workspace.edition,
            site=sites.get(workspace.site),
            sender=sender.username,
            role=invitation.role,
            email=invitation.email,
            has_account=has_account,
        )

    async def accept(self, actor: Actor, token: str, caller: Caller) -> None:
        """Join as the person who is signed in; the session then looks at the workspace.

        Raises InvitationSpentError, InvitationOthersError, TooManyAttemptsError, NotAllowedError.
        """
        actor.require(Realm.CONSOLE)
        await self._limits.hit("invitation_per_address", of_network(caller.address))
        async with self._database.writing() as work:
            user = await queries.user(work, actor.subject_id)
            if user is None:
                raise NotAllowedError
            workspace_id = await join(
                work, user, token, emails=self._emails, now=self._clock.now(), caller=caller, actor=actor
            )
            await workspace_queries.choose(work, actor.session_id, workspace_id)
            await work.commit()

    async def sign_in_and_accept(self, token: str, password: str, caller: Caller) -> str:
        """Prove with a password to be whom the email was sent to, and join; a ticket for `POST /session/open`.

        Raises InvitationSpentError, WrongLoginError, TooManyAttemptsError.
        """
        now = self._clock.now()
        async with self._database.reading() as work:
            invitation, workspace, _ = await find(work, token, now)
        order = SignInOrder(realm=Realm.CONSOLE, login=invitation.email, password=password, site=workspace.site)
        proven = await self._check.who(order, caller)
        async with self._database.writing() as work:
            await proven.require_unchanged(work)
            user = await queries.user(work, proven.subject_id)
            if user is None:
                raise InvitationSpentError
            workspace_id = await join(work, user, token, emails=self._emails, now=now, caller=caller)
            ticket = tickets.issue(
                work, TicketKind.SESSION, Realm.CONSOLE, user.id, caller, now=now, workspace_id=workspace_id
            )
            await work.commit()
        return ticket

    async def _manager(self, work: UnitOfWork, actor: Actor) -> tuple[Role, Workspace, User]:
        """The actor's role, the workspace, locked, and the actor; raises NotAllowedError unless they manage it."""
        workspace = await queries.workspace(work, actor.workspace_id, lock=True)
        role = await require_role(work, actor, MANAGERS)
        sender = await queries.user(work, actor.subject_id)
        if workspace is None or sender is None:
            raise NotAllowedError
        return role, workspace, sender

    async def _mine(self, work: UnitOfWork, actor: Actor, invitation_id: str) -> tuple[Invitation, Workspace, User]:
        """An open invitation that the actor could send now."""
        role, workspace, sender = await self._manager(work, actor)
        invitation = await queries.invitation(work, workspace.id, invitation_id)
        if invitation is None:
            raise InvitationSpentError
        if not rules.may_invite(role, invitation.role):
            raise RoleNotGivableError
        return invitation, workspace, sender


def _note(
    work: UnitOfWork, act: str, invitation: Invitation, actor: Actor, caller: Caller, *, at: datetime | None = None
) -> None:
    on = ("workspace", invitation.workspace_id)
    details = {"invitation": invitation.id, "email": invitation.email, "role": invitation.role.value}
    audit.record(work, act, on, at=at or invitation.sent_at, actor=actor, caller=caller, **details)
