"""The two editions: as cards to choose from, and compared line by line with the quotas in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import attributes, classes
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.table import comparison_table
from guance_portal.metering.items import METERED, Item, Quota, free_quotas
from guance_portal.metering.rules import adds_up

_FREE = ("register.free_logs", "register.free_site", "register.free_kept", "register.free_upgrade")
_COMMERCIAL = (
    "register.commercial_unlimited",
    "register.commercial_kept",
    "register.commercial_more",
    "register.commercial_payers",
)


def edition_cards() -> rx.Component:
    """A radio group of two cards; 商业版 is preselected."""
    return rx.el.fieldset(
        rx.el.legend(text("register.edition"), class_name="gc-hidden"),
        _card("free", _FREE, is_chosen=False),
        _card("commercial", _COMMERCIAL, is_chosen=True),
        class_name="gc-editions",
    )


def comparison() -> rx.Component:
    """What each edition takes, by site; the numbers are the ones the gateway goes by."""
    china, overseas = free_quotas("cn1"), free_quotas("us1")
    rows: list[tuple[Any, ...]] = [
        (text(item.message_key), _quota(item, china[item]), _quota(item, overseas[item]), text("register.unlimited"))
        for item in METERED
        if item is not Item.SMS
    ]
    without = text("register.not_offered")
    rows += [
        (text(Item.SMS.message_key), without, without, text("register.included")),
        (text(Item.BACKUP_LOGS.message_key), without, without, text("register.offered")),
        (text("register.retention"), _retention(china), _retention(overseas), text("register.retention_commercial")),
        (
            text("register.nodes"),
            text("register.nodes_china"),
            text("register.nodes_china"),
            text("register.nodes_all"),
        ),
        (text("register.support"), *[text("register.support_hours")] * 3),
        (text("register.switch"), *[text("register.switch_free")] * 2, text("register.switch_commercial")),
    ]
    heads = ("register.item", "register.free_china", "register.free_overseas", "register.commercial")
    table = comparison_table([text(head) for head in heads], rows, label=text("register.compare"))
    return rx.fragment(
        rx.el.div(table, class_name="gc-panel"),
        rx.el.p(link(text("register.prices"), href=routes.PRICING), class_name="gc-wide-foot"),
    )


def _quota(item: Item, quota: Quota) -> rx.Var[str]:
    if quota.limit is None:
        return text("register.unlimited")
    words = "register.per_day" if adds_up(item) else "register.distinct_per_day"
    return text(words, count=f"{quota.limit:,}")


def _retention(quotas: Mapping[Item, Quota]) -> rx.Var[str]:
    """How long data is kept: for most items, and for each that differs."""
    kept = {item: quota.retention_days for item, quota in quotas.items() if quota.retention_days}
    most = Counter(kept.values()).most_common(1)[0][0]
    words = _days(most)
    for item, days in kept.items():
        if days != most:
            words = text("register.retention_but", most=words, item=text(item.message_key), days=_days(days))
    return words


def _days(count: int) -> rx.Var[str]:
    return text("register.one_day") if count == 1 else text("register.days", days=str(count))


def _card(edition: str, points: Sequence[str], *, is_chosen: bool) -> rx.Component:
    box = rx.el.input(
        type="radio",
        name="edition",
        value=edition,
        default_checked=is_chosen,
        aria_label=text(f"register.{edition}"),
        custom_attrs=attributes(aria_describedby=f"edition-{edition}"),
    )
    return rx.el.label(
        rx.el.span(
            box,
            rx.el.span(rx.el.b(text(f"register.{edition}")), rx.el.small(text(f"register.{edition}_for"))),
            class_name="gc-edition-head",
        ),
        rx.el.span(
            rx.el.b(text(f"register.{edition}_price")),
            rx.el.small(text(f"register.{edition}_price_note")),
            class_name="gc-edition-price",
        ),
        rx.el.ul(*(rx.el.li(icon("check"), rx.el.span(text(point))) for point in points), id=f"edition-{edition}"),
        class_name=classes("gc-edition", edition),
    )
