"""The letters of settlement: to the owner of the workspace and to the account that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guance_portal import routes
from guance_portal.core.words import text
from guance_portal.mail import outbox
from guance_portal.payers.rules import SettlementMethod, mask
from guance_portal.settlement import queries

if TYPE_CHECKING:
    from guance_portal.core.db import UnitOfWork
    from guance_portal.core.words import Language
    from guance_portal.settlement.standing import Standing
    from guance_portal.settlement.tables import SettlementChange


async def say(work: UnitOfWork, standing: Standing, change: SettlementChange, what: str, *, public_url: str) -> None:
    """Tell both of a change: what (`scheduled`, `withdrawn`, `effective`, `refused`, `reverted`) once each.

    Where both have one address, one letter.
    """
    account, owner = standing.account, await queries.owner(work, standing.workspace.id)
    readers = [(account.email, account.language, routes.FEE_WORKSPACES)]
    if owner:
        readers.insert(0, (owner.email, owner.language, routes.BILLING))
    told: set[str] = set()
    for number, (to, language, place) in enumerate(readers):
        if to.casefold() in told:
            continue
        told.add(to.casefold())
        values = {
            "workspace": standing.workspace.name,
            "site": standing.site.name.in_(language),
            "fee_username": account.username,
            "old_method": _method(standing, change.from_method, change.from_cloud_account_id, language),
            "new_method": _method(standing, change.to_method, change.to_cloud_account_id, language),
            "day": change.effective_day.isoformat(),
            "link": public_url + place,
        }
        await outbox.queue(
            work,
            to=to,
            language=language,
            template=f"settlement_{what}",
            values=values,
            once=f"settlement:{change.id}:{what}:{number}",
        )


def _method(standing: Standing, method: SettlementMethod, cloud_account_id: str | None, language: Language) -> str:
    cloud = standing.cloud(cloud_account_id)
    name = text(f"settlement_method.{method}").in_(language)
    return f"{name} {mask(cloud.account)}" if cloud else name
