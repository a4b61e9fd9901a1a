"""The emails about a dissolved workspace: to its owner, its members and the account that pays."""

from __future__ import annotations

from collections.abc import Sequence

from guance_portal import sites
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language, Text, text
from guance_portal.mail import outbox
from guance_portal.settlement.dissolving import Settled


async def say_dissolved(
    work: UnitOfWork, workspace: Workspace, owner: User, people: Sequence[User], settled: Settled | None
) -> None:
    """Tell each of them once what it means for them; the owner and the payer also what is still to be paid."""
    money = _money(settled)
    readers: dict[str, tuple[str, str, Language, Text]] = {}
    readers[owner.email_key] = (owner.username, owner.email, owner.language, money)
    if settled:
        account = settled.here.account
        readers.setdefault(account.email_key, (account.username, account.email, account.language, money))
    for person in people:
        meaning = text("dissolution.for_member")
        readers.setdefault(person.email_key, (person.username, person.email, person.language, meaning))
    site = sites.get(workspace.site)
    if workspace.dissolved_at is None:
        raise RuntimeError(f"{workspace.id} is not dissolved")
    at = zoned(workspace.dissolved_at, site.zone)
    for number, (name, to, language, meaning) in enumerate(readers.values()):
        values = {
            "name": name,
            "workspace": workspace.name,
            "site": site.name,
            "by": f"{owner.username} ({owner.email})",
            "at": at,
            "meaning": meaning,
        }
        await outbox.queue(
            work,
            outbox.Recipient(to, language),
            "workspace_dissolved",
            values,
            idempotency_key=f"workspace_dissolved:{workspace.id}:{number}",
        )


def _money(settled: Settled | None) -> Text:
    """What is still to be paid, by whom; and what no longer happens."""
    if settled is None:
        return text("dissolution.money_free")
    here, change = settled.here, settled.withdrawn
    cloud = here.cloud(here.payer.cloud_account_id)
    account = cloud.shown if cloud else here.account.username
    method = text(f"settlement_method.{here.payer.method}")
    said = text("dissolution.money", day=here.today, method=method, account=account)
    if change is None:
        return said
    waited = text("dissolution.withdrawn", day=change.effective_day)
    return Text(zh=said.zh + waited.zh, en=f"{said.en} {waited.en}")
