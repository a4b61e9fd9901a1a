"""The emails about members: to those who are invited, join, get another role, are removed, or pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.members.invitation_tables import Invitation
from guance_portal.accounts.members.rules import INVITATION_LIFE
from guance_portal.accounts.ports import Person
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language, text
from guance_portal.mail import outbox


class MemberEmails:
    """Writes them; `link` builds the address of an invitation from its token."""

    def __init__(self, link: Callable[[str], str]) -> None:
        self._link = link

    async def invite(
        self, work: UnitOfWork, invitation: Invitation, token: str, *, workspace: Workspace, sender: User
    ) -> None:
        """To the invited address."""
        values = {
            "sender": sender.username,
            "sender_email": sender.email,
            "workspace": workspace.name,
            "site": sites.get(workspace.site).name,
            "role": _role(invitation.role, invitation.language),
            "days": str(INVITATION_LIFE.days),
            "link": self._link(token),
        }
        await outbox.queue(
            work, invitation, "invitation", values, idempotency_key=f"invitation:{invitation.id}:{invitation.sent}"
        )

    async def say_joined(self, work: UnitOfWork, to: User, who: User, *, workspace: Workspace, role: Role) -> None:
        """To the person who sent the invitation."""
        values = {
            "name": to.username,
            "member": who.username,
            "member_email": who.email,
            "workspace": workspace.name,
            "role": _role(role, to.language),
        }
        await _send(work, to, "member_joined", values)

    async def say_role(self, work: UnitOfWork, to: User, by: User, *, workspace: Workspace, role: Role) -> None:
        """To the member whose role was changed."""
        values = {
            "name": to.username,
            "by": by.username,
            "workspace": workspace.name,
            "role": _role(role, to.language),
        }
        await _send(work, to, "member_role", values)

    async def say_removed(self, work: UnitOfWork, to: User, by: User, *, workspace: Workspace) -> None:
        """To the member who was removed."""
        values = {"name": to.username, "by": by.username, "workspace": workspace.name}
        await _send(work, to, "member_removed", values)

    async def say_transferred(
        self,
        work: UnitOfWork,
        people: tuple[User, User],
        payer: Person | None,
        *,
        workspace: Workspace,
        now: datetime,
    ) -> None:
        """To the old and the new owner, and to the account that pays for the workspace."""
        old, new = people
        site = sites.get(workspace.site)
        at = zoned(now, site.zone)
        receivers = [(old.username, old.email, old.language), (new.username, new.email, new.language)]
        if payer:
            receivers.append((payer.name, payer.email, payer.language))
        idempotency_key = new_id("transfer")
        for number, (name, email, language) in enumerate(receivers):
            values = {
                "name": name,
                "workspace": workspace.name,
                "site": site.name,
                "old": f"{old.username} ({old.email})",
                "new": f"{new.username} ({new.email})",
                "at": at,
            }
            await outbox.queue(
                work,
                outbox.Recipient(email, language),
                "ownership_transferred",
                values,
                idempotency_key=f"{idempotency_key}:{number}",
            )


def _role(role: Role, language: Language) -> str:
    return text(f"role.{role}").in_(language)


async def _send(work: UnitOfWork, to: User, template: str, values: dict[str, str]) -> None:
    await outbox.queue(work, to, template, values, idempotency_key=new_id(template))
