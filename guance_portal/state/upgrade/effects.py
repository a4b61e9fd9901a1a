"""What an upgrade means for this workspace, said before the act: lines of 套餐升级 and of 服务协议."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from guance_portal.core.datetime_formatting import offset
from guance_portal.core.messages import Text, text
from guance_portal.metering.items import GATEWAY_ITEMS, Item
from guance_portal.metering.rules import NOTICE_AT, adds_up
from guance_portal.metering.service import ItemUse, MeteredToday
from guance_portal.onboarding.upgrade.view import UpgradeOffer, UpgradeView
from guance_portal.state.display import joined

_ADDING_UP = tuple(item for item in GATEWAY_ITEMS if adds_up(item))


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One thing that changes, or does not; `icon` is the name of its sign."""

    icon: str
    title: Text
    detail: Text = field(default_factory=Text)


def effects(view: UpgradeView, offer: UpgradeOffer, today: MeteredToday) -> list[EffectRow]:
    """Every effect on the workspace: the way back, its data, its quotas, its bills, its people."""
    rows = [
        EffectRow("arrow-up-from-line", _say("one_way", workspace=view.workspace_name), _say("one_way_detail")),
        _data(offer),
        _quotas(today),
        EffectRow("receipt-text", _say("bills"), _say("bills_detail", zone=_next_day(view, today))),
    ]
    if offer.other_members:
        rows.append(EffectRow("users", _say("members", count=offer.other_members), _say("members_detail")))
    rows.append(EffectRow("plug", _say("collecting"), _say("collecting_detail")))
    return rows


def _data(offer: UpgradeOffer) -> EffectRow:
    if not any(offer.collected.values()):
        return EffectRow("eye-off", _say("no_data"), _say("no_data_detail"))
    # What is told apart day by day adds up to nothing anybody could look for.
    summed = [(item, offer.collected[item]) for item in _ADDING_UP if offer.collected.get(item)]
    detail = _say("data_detail", amounts=_listed(summed)) if summed else _say("data_some")
    return EffectRow("eye-off", _say("data"), detail)


def _quotas(today: MeteredToday) -> EffectRow:
    limited = [use for use in today.items if use.quota]
    if full := [use for use in limited if use.is_exhausted]:
        return EffectRow("gauge", _say("quotas"), _say("quotas_full", items=joined([_name(use.item) for use in full])))
    if near := [use for use in limited if use.percent >= NOTICE_AT[0]]:
        return EffectRow("gauge", _say("quotas"), _say("quotas_near", uses=joined([_use(use) for use in near])))
    if used := [use for use in limited if use.used]:
        most = max(used, key=lambda use: use.percent)
        return EffectRow("gauge", _say("quotas"), _say("quotas_used", use=_use(most)))
    return EffectRow("gauge", _say("quotas"), _say("quotas_unused"))


def _use(use: ItemUse) -> Text:
    return _say("use", item=_name(use.item), used=f"{use.used:,}", quota=f"{use.quota:,}", percent=str(use.percent))


def _listed(amounts: Iterable[tuple[Item, int]]) -> Text:
    return joined([_say("amount", item=_name(item), count=f"{count:,}") for item, count in amounts])


def _name(item: Item) -> Text:
    return text(item.message_key)


def _next_day(view: UpgradeView, today: MeteredToday) -> str:
    """How the site's clocks stand when its next billing day begins."""
    return offset(today.ends_at.astimezone(view.site.zone))


def _say(key: str, **params: Text | str | int) -> Text:
    return text(f"upgrade.effect.{key}", **params)
