"""The emails of settlement: to the owner of the workspace and to the account that pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from guance_portal import routes
from guance_portal.accounts.members import queries as members
from guance_portal.accounts.members import workspace_queries
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language, Text, text
from guance_portal.mail import outbox
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.tables import SettlementChange


async def say(
    work: UnitOfWork,
    standing: SettlementStanding,
    change: SettlementChange,
    what: str,
    *,
    public_url: str,
    by: Actor | None = None,
) -> None:
    """Tell both of a change: what (`scheduled`, `withdrawn`, `effective`, `refused`) once each.

    `by` is who did it; None for who ordered the change. Where both have one address, one email.
    """
    account, owner = standing.account, await workspace_queries.owner(work, standing.workspace.id)
    readers = [(account.email, account.language, routes.FEE_WORKSPACES)]
    if owner:
        readers.insert(0, (owner.email, owner.language, routes.BILLING))
    name = await who_did(work, standing, change, by)
    told: set[str] = set()
    for number, (to, language, place) in enumerate(readers):
        if to.casefold() in told:
            continue
        told.add(to.casefold())
        values = {
            "workspace": standing.workspace.name,
            "site": standing.site.name,
            "fee_username": account.username,
            "old_method": _method(standing, change.from_method, change.from_cloud_account_id, language),
            "new_method": _method(standing, change.to_method, change.to_cloud_account_id, language),
            "day": change.effective_day.isoformat(),
            "by": name,
            "link": public_url + place,
        }
        await outbox.queue(
            work,
            outbox.Recipient(to, language),
            f"settlement_{what}",
            values,
            idempotency_key=f"settlement:{change.id}:{what}:{number}",
        )


async def say_reverted(
    work: UnitOfWork, reverted: Sequence[tuple[SettlementStanding, SettlementChange]], *, public_url: str
) -> None:
    """Tell of the workspaces of one cloud account that went back by force: one email to each address they concern.

    The account that pays hears of all of them, an owner of their own.
    """
    here, change = reverted[0]
    payer = here.account.email.casefold()
    readers: dict[str, _Reader] = {}
    for standing, forced in reverted:
        owner = await workspace_queries.owner(work, standing.workspace.id)
        if owner:
            reader = readers.setdefault(
                owner.email.casefold(), _Reader(email=owner.email, language=owner.language, place=routes.BILLING)
            )
            reader.reverted.append((standing, forced))
    account = _Reader(email=here.account.email, language=here.account.language, place=routes.FEE_WORKSPACES)
    readers.setdefault(payer, account).reverted[:] = reverted
    for number, reader in enumerate(readers.values()):
        values = {
            "fee_username": here.account.username,
            "old_method": _method(here, change.from_method, change.from_cloud_account_id, reader.language),
            "new_method": _method(here, change.to_method, change.to_cloud_account_id, reader.language),
            "workspaces": "\n".join(_line(*one, reader.language) for one in reader.reverted),
            "link": public_url + reader.place,
        }
        await outbox.queue(
            work,
            reader,
            "settlement_reverted",
            values,
            idempotency_key=f"settlement:{change.id}:reverted:{number}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who gets one email, and the workspaces it tells of."""

    email: str
    language: Language
    place: str
    reverted: list[tuple[SettlementStanding, SettlementChange]] = field(
        default_factory=list["tuple[SettlementStanding, SettlementChange]"]
    )


def _line(standing: SettlementStanding, change: SettlementChange, language: Language) -> str:
    """A workspace, its site, and the day on which the other method pays again."""
    site, day = standing.site.name.in_(language), change.effective_day.isoformat()
    return text("settlement.reverted_workspace", workspace=standing.workspace.name, site=site, day=day).in_(language)


async def who_did(
    work: UnitOfWork, standing: SettlementStanding, change: SettlementChange, by: Actor | None = None
) -> Text:
    """Who changed how a workspace is paid for, as its readers know them; without `by`, who ordered the change."""
    realm, _, subject = change.ordered_by.partition(":")
    if by:
        realm, subject = by.realm.value, by.subject_id
    if realm == Realm.FEE_CENTER:
        return text("settlement.by_payer", username=standing.account.username)
    user = await members.user(work, subject)
    if realm == Realm.CONSOLE and user:
        return text("settlement.by_member", username=user.username, email=user.email)
    return text("settlement.by_marketplace")


def _method(
    standing: SettlementStanding, method: SettlementMethod, cloud_account_id: str | None, language: Language
) -> str:
    cloud = standing.cloud(cloud_account_id)
    name = text(f"settlement_method.{method}").in_(language)
    return f"{name} {cloud.shown}" if cloud else name
