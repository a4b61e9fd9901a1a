"""Accepting an invitation: the same for people who are signed in, sign in, or register."""

from __future__ import annotations

from datetime import datetime

from guance_portal.accounts.members import queries, rules, workspace_queries
from guance_portal.accounts.members.emails import MemberEmails
from guance_portal.accounts.members.invitation_tables import Invitation, InvitationEnd
from guance_portal.accounts.members.rules import InvitationOthersError, InvitationSpentError
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import UnitOfWork
from guance_portal.core.tokens import digest


async def find(
    work: UnitOfWork, token: str, now: datetime, *, lock: bool = False
) -> tuple[Invitation, Workspace, User]:
    """The invitation of a link, its workspace and its sender; raises InvitationSpentError.

    It is worth nothing any more once its sender could not send it now. `lock` takes the workspace before the
    invitation, as everything does that changes members: taken the other way round, the two would wait for each other.
    """
    invitation = await queries.invitation_by_token(work, digest(token), now)
    if invitation is not None and lock:
        await queries.workspace(work, invitation.workspace_id, lock=True)
        invitation = await queries.invitation_by_token(work, digest(token), now, lock=True)
    if invitation is not None:
        workspace = await queries.workspace(work, invitation.workspace_id)
        sender = await queries.user(work, invitation.invited_by)
        role = await workspace_queries.role(work, invitation.workspace_id, invitation.invited_by)
        if workspace and sender and role and rules.may_invite(role, invitation.role):
            return invitation, workspace, sender
    raise InvitationSpentError


async def join(
    work: UnitOfWork,
    user: User,
    token: str,
    *,
    emails: MemberEmails,
    now: datetime,
    caller: Caller,
    actor: Actor | None = None,
) -> str:
    """Use the invitation up for this user, in the caller's transaction; the id of the workspace.

    Raises InvitationSpentError, InvitationOthersError (field `email`).
    """
    invitation, workspace, sender = await find(work, token, now, lock=True)
    if (user.site, user.email_key) != (workspace.site, invitation.email_key):
        raise InvitationOthersError(email=invitation.email)
    invitation.ended_at, invitation.end = now, InvitationEnd.ACCEPTED
    if await workspace_queries.role(work, workspace.id, user.id) is None:
        work.session.add(Member(workspace_id=workspace.id, user_id=user.id, role=invitation.role, created_at=now))
        await emails.say_joined(work, sender, user, workspace=workspace, role=invitation.role)
    on = ("workspace", workspace.id)
    details = {"member": user.id, "role": invitation.role.value, "invitation": invitation.id}
    audit.record(work, "member.joined", on, at=now, actor=actor, caller=caller, **details)
    await work.session.flush()
    return workspace.id
