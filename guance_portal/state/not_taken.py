"""Why data was refused lately, for every page where somebody would look for it."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import routes
from guance_portal.accounts.members.access import MANAGERS
from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor
from guance_portal.core.messages import Text, catalogue, text
from guance_portal.metering.refusals import LOCKED, OVER_QUOTA, LastRefusal
from guance_portal.state.display import moment

MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One reason: what happened, when last, what the gateway answered, and the way on (`href` empty: none here)."""

    title: Text
    lead: Text
    detail: str
    at: Text
    action: Text
    href: str


async def not_taken(actor: Actor, role: Role, site: str) -> list[NotTaken]:
    """The latest reasons for which data of the workspace was refused. Raises NotAllowedError."""
    refusals = await services().refusals.recent(actor)
    return [_shown(refusal, site, *_way_on(refusal.code, role)) for refusal in refusals[:MOST_SHOWN]]


async def not_taken_beside_quotas(actor: Actor, site: str) -> list[NotTaken]:
    """The same on the page that shows the quotas by themselves, where the way on begins."""
    refusals = [refusal for refusal in await services().refusals.recent(actor) if refusal.code != OVER_QUOTA]
    return [_shown(refusal, site) for refusal in refusals[:MOST_SHOWN]]


def _shown(refusal: LastRefusal, site: str, href: str = "", action: str = "") -> NotTaken:
    key = f"not_taken.{refusal.code}" if f"not_taken.{refusal.code}.title" in catalogue() else "not_taken.content"
    kind = text(f"guide.category.{refusal.category}") if refusal.category else text("not_taken.data")
    return NotTaken(
        title=text(f"{key}.title", kind=kind),
        lead=text(f"{key}.lead"),
        detail="" if refusal.code in {LOCKED, OVER_QUOTA} else refusal.detail,
        at=text("not_taken.at", time=moment(refusal.refused_at, site)),
        action=text(f"not_taken.{action}") if action else Text(),
        href=href,
    )


def _way_on(code: str, role: Role) -> tuple[str, str]:
    """Where this person can do something about it."""
    if code == OVER_QUOTA and role is Role.OWNER:
        return routes.UPGRADE, "upgrade"
    if code in {OVER_QUOTA, LOCKED} and role in MANAGERS:
        return routes.BILLING, "look"
    return "", ""
