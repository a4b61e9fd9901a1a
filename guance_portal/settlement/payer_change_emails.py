"""The emails about a change of the payer: to the owner, to the account that pays, and to the one that will."""

from __future__ import annotations

from guance_portal import routes
from guance_portal.accounts.members import workspace_queries
from guance_portal.core.actor import Actor
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import text
from guance_portal.mail import outbox
from guance_portal.settlement.emails import who_did
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.tables import SettlementChange


async def say(
    work: UnitOfWork,
    here: SettlementStanding,
    change: SettlementChange,
    what: str,
    *,
    public_url: str,
    by: Actor | None = None,
) -> None:
    """Tell of a change: what (`scheduled`, `withdrawn`, `effective`, `refused`), one email to each address.

    `by` is who did it; None for who ordered it. The account that is left is not told which one takes over.
    """
    old, new, owner = here.account, here.next_account, await workspace_queries.owner(work, here.workspace.id)
    name = await who_did(work, here, change, by)
    readers = [(owner, new, routes.BILLING)] if owner else []
    readers += [(old, None, routes.FEE_WORKSPACES), *([(new, new, routes.FEE_WORKSPACES)] if new else [])]
    told: set[str] = set()
    for number, (reader, known, place) in enumerate(readers):
        if reader.email.casefold() in told:
            continue
        told.add(reader.email.casefold())
        payer = text("payer_change.account", username=known.username) if known else text("payer_change.other_account")
        values = {
            "state": text(f"payer_change.state.{what}"),
            "intro": text(
                f"payer_change.intro.{what}", workspace=here.workspace.name, day=change.effective_day, payer=payer
            ),
            "meaning": text(f"payer_change.meaning.{what}", day=change.effective_day, username=old.username),
            "workspace": here.workspace.name,
            "site": here.site.name,
            "day": change.effective_day.isoformat(),
            "by": name,
            "link": public_url + place,
        }
        key = f"payer_change:{change.id}:{what}:{number}"
        await outbox.queue(work, reader, "payer_change", values, idempotency_key=key)
