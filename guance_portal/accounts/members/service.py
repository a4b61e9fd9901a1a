"""The members of a workspace: who they are, what they may do, and how they leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from guance_portal.accounts.identity.passwords import PasswordService
from guance_portal.accounts.identity.proofs import Changed, Proofs, Root
from guance_portal.accounts.members import queries, rules
from guance_portal.accounts.members.access import require_role
from guance_portal.accounts.members.emails import MemberEmails
from guance_portal.accounts.members.rules import MemberGoneError, OwnerStaysError, RoleNotGivableError
from guance_portal.accounts.ports import Person
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member as the others see them; `givable` are the roles the viewer may give them."""

    key: str
    name: str
    email: str
    role: Role
    joined_at: datetime
    is_me: bool
    givable: tuple[Role, ...]
    may_remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """An invitation that is open; `is_expired` ones can be sent again."""

    id: str
    email: str
    role: Role
    sender: str
    sent_at: datetime
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersView:
    """The members of a workspace, for a member of `role`; only managers see the invitations."""

    workspace: str
    site: str
    role: Role
    members: tuple[MemberView, ...]
    invitations: tuple[InvitationView, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    workspace: Workspace
    me: User
    role: Role
    them: User
    their_role: Role


class MemberService:
    """Lists and changes the members of the workspace that the session looks at.

    Changes of one workspace happen one after the other. `payer_of` finds the account that pays for a workspace.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        emails: MemberEmails,
        passwords: PasswordService,
        proofs: Proofs,
        payer_of: Callable[[UnitOfWork, str], Awaitable[Person | None]],
    ) -> None:
        self._database, self._clock = database, clock
        self._emails, self._passwords, self._proofs, self._payer_of = emails, passwords, proofs, payer_of

    async def members(self, actor: Actor) -> MembersView:
        """Everybody in the workspace, in the order they came; raises NotAllowedError for anyone who is no member."""
        now = self._clock.now()
        async with self._database.reading() as work:
            role = await require_role(work, actor)
            workspace = await queries.workspace(work, actor.workspace_id)
            rows = await queries.members(work, actor.workspace_id)
            sees = rules.givable(role)
            invited = await queries.open_invitations(work, actor.workspace_id) if sees else ()
        if workspace is None:
            raise NotAllowedError
        return MembersView(
            workspace=workspace.name,
            site=workspace.site,
            role=role,
            members=tuple(
                MemberView(
                    key=rules.member_key(member.workspace_id, user.id),
                    name=user.username,
                    email=rules.email_for(role, user.email, is_own=user.id == actor.subject_id),
                    role=member.role,
                    joined_at=member.created_at,
                    is_me=user.id == actor.subject_id,
                    givable=tuple(new for new in sees if rules.may_change(role, member.role, new)),
                    may_remove=rules.may_remove(role, member.role),
                )
                for member, user in rows
            ),
            invitations=tuple(
                InvitationView(
                    id=invitation.id,
                    email=invitation.email,
                    role=invitation.role,
                    sender=sender.username,
                    sent_at=invitation.sent_at,
                    expires_at=invitation.expires_at,
                    is_expired=now >= invitation.expires_at,
                )
                for invitation, sender in invited
                if rules.may_invite(role, invitation.role)
            ),
        )

    async def change_role(self, actor: Actor, key: str, new: Role, caller: Caller) -> None:
        """Give a member another role and tell them; the role they have changes nothing.

        Raises NotAllowedError, MemberGoneError, RoleNotGivableError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            found = await self._find(work, actor, key)
            if not rules.may_change(found.role, found.their_role, new):
                raise RoleNotGivableError
            if found.their_role is not new:
                await queries.set_role(work, found.workspace.id, found.them.id, new)
                await self._emails.say_role(work, found.them, found.me, workspace=found.workspace, role=new)
                on = ("workspace", found.workspace.id)
                details = {"member": found.them.id, "before": found.their_role.value, "after": new.value}
                audit.record(work, "member.role_changed", on, at=now, actor=actor, caller=caller, **details)
            await work.commit()

    async def remove(self, actor: Actor, key: str, caller: Caller) -> None:
        """Remove a member and tell them; their pages lose the workspace at once.

        Raises NotAllowedError, MemberGoneError, OwnerStaysError, RoleNotGivableError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            found = await self._find(work, actor, key)
            if found.their_role is Role.OWNER:
                raise OwnerStaysError
            if not rules.may_remove(found.role, found.their_role):
                raise RoleNotGivableError
            await queries.remove(work, found.workspace.id, found.them.id)
            await self._emails.say_removed(work, found.them, found.me, workspace=found.workspace)
            on = ("workspace", found.workspace.id)
            audit.record(work, "member.removed", on, at=now, actor=actor, caller=caller, member=found.them.id)
            await work.commit()

    async def leave(self, actor: Actor, caller: Caller) -> None:
        """Leave the workspace; raises NotAllowedError for anyone who is no member, OwnerStaysError for the owner."""
        now = self._clock.now()
        async with self._database.writing() as work:
            await queries.workspace(work, actor.workspace_id, lock=True)
            if not rules.may_leave(await require_role(work, actor)):
                raise OwnerStaysError
            await queries.remove(work, actor.workspace_id, actor.subject_id)
            audit.record(work, "member.left", ("workspace", actor.workspace_id), at=now, actor=actor, caller=caller)
            await work.commit()

    async def transfer(self, actor: Actor, key: str, password: str, caller: Caller) -> None:
        """Make another member the owner; the old one becomes administrator. Both and the payer are told by mail.

        Raises WrongPasswordError (field `password`), TooManyAttemptsError, NotAllowedError, MemberGoneError.
        """
        async with self._database.reading() as work:
            await require_role(work, actor, (Role.OWNER,))
        proven = await self._passwords.confirm(actor, password, field="password")
        now = self._clock.now()
        async with self._database.writing() as work:
            found = await self._find(work, actor, key)
            await proven.require_unchanged(work)
            if not rules.may_transfer(found.role):
                raise NotAllowedError
            if found.them.id == found.me.id:
                raise MemberGoneError
            # The old owner first: at no moment are there two.
            await queries.set_role(work, found.workspace.id, found.me.id, Role.ADMIN)
            await queries.set_role(work, found.workspace.id, found.them.id, Role.OWNER)
            changed = Changed(root=Root.OWNER, realm=Realm.CONSOLE, id=found.workspace.id)
            await self._proofs.void(work, changed, now)
            payer = await self._payer_of(work, found.workspace.id)
            people = found.me, found.them
            await self._emails.say_transferred(work, people, payer, workspace=found.workspace, now=now)
            on = ("workspace", found.workspace.id)
            details = {"before": found.me.id, "after": found.them.id}
            audit.record(work, "workspace.transferred", on, at=now, actor=actor, caller=caller, **details)
            await work.commit()

    async def _find(self, work: UnitOfWork, actor: Actor, key: str) -> _Found:
        """The actor and the member with this key, in the workspace, which is locked."""
        workspace = await queries.workspace(work, actor.workspace_id, lock=True)
        role = await require_role(work, actor)
        people = await queries.members(work, actor.workspace_id)
        me = next((user for _, user in people if user.id == actor.subject_id), None)
        them = next(((m, u) for m, u in people if rules.member_key(m.workspace_id, u.id) == key), None)
        if workspace is None or me is None:
            raise NotAllowedError
        if them is None:
            raise MemberGoneError
        return _Found(workspace, me, role, them[1], them[0].role)
