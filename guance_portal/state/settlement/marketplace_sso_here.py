"""Whether the workspace a session looks at can be settled by what marketplace SSO (免登) proved, and what to do where it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from guance_portal import sites
from guance_portal.accounts.members.workspaces import WorkspaceView
from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.marketplaces.purchases import SubscriptionView
from guance_portal.settlement.choices import Choice, OptionKind
from guance_portal.settlement.errors import NothingToSettleError
from guance_portal.state.settlement.rows import reasons_against


class Way(StrEnum):
    """Choose it there, upgrade first, not there, or there is no workspace yet."""

    SETTLE = "settle"
    UPGRADE = "upgrade"
    NOT = "not"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The way on from the session's workspace. `others` are workspaces of the person that could be settled instead."""

    way: Way
    workspace: str = ""
    why: Text = field(default_factory=Text)
    others: str = ""


async def judge(actor: Actor, bought: SubscriptionView) -> Here:
    """Decide as the dialog of settlement would, which is where the way leads."""
    workspace = await services().workspaces.current(actor)
    if workspace is None:
        return Here(way=Way.NONE)
    way, why = await _judge(actor, workspace, bought)
    offers = await services().marketplaces.claim_offers.options(actor, bought.currency)
    names = [one.name for one in offers if one.workspace_id not in {"", workspace.id}]
    return Here(way=way, workspace=workspace.name, why=why, others="、".join(names) if way is not Way.SETTLE else "")


async def _judge(actor: Actor, workspace: WorkspaceView, bought: SubscriptionView) -> tuple[Way, Text]:
    ours = sites.get(workspace.site).currency
    if workspace.role is not Role.OWNER:
        return Way.NOT, text("settlement.reason.not_permitted")
    if ours is not bought.currency:
        return Way.NOT, text("marketplace_sso.other_currency", theirs=bought.currency.value, ours=ours.value)
    try:
        overview = await services().settlement.overviews.overview(actor, workspace.id)
    except NothingToSettleError:
        return Way.UPGRADE, text("marketplace_sso.upgrade_first")
    except NotAllowedError:
        return Way.NOT, text("settlement.reason.not_permitted")
    reasons = reasons_against(overview, str(Choice(OptionKind.PROVIDER, bought.provider)))
    if not reasons:
        return Way.SETTLE, Text()
    first = reasons[0]
    return Way.NOT, Text(zh=first.reason.zh + first.remedy.zh, en=f"{first.reason.en} {first.remedy.en}".strip())
