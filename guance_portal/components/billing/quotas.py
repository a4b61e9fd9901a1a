"""体验额度: the quotas of a 体验版 as bars, and what is said when they end."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.billing.items import item_icon
from guance_portal.components.billing.usage import no_data, shown_or_failed
from guance_portal.components.feedback import note
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.meter import quota
from guance_portal.components.page_parts import panel, when
from guance_portal.state.billing.quota import QuotaState


def quota_notices(upgrade: rx.Component) -> rx.Component:
    """What is used up today, and what soon will be; `upgrade` is the way out, for whom it is one."""
    return rx.fragment(
        when(
            _said(QuotaState.exhausted),
            note(
                text("billing.exhausted_text", reset=translated(QuotaState.resets_at)),
                title=text("billing.exhausted", items=translated(QuotaState.exhausted)),
                tone="red",
                is_live=True,
                action=upgrade,
            ),
        ),
        when(
            _said(QuotaState.low),
            note(
                text("billing.low_text"),
                title=text("billing.low", items=translated(QuotaState.low)),
                tone="amber",
                is_live=True,
                action=upgrade,
            ),
        ),
        when(
            _said(QuotaState.oversized),
            note(
                text("billing.oversized_text", reset=translated(QuotaState.resets_at)),
                title=text("billing.oversized", items=translated(QuotaState.oversized)),
                tone="amber",
                is_live=True,
            ),
        ),
    )


def quota_board() -> rx.Component:
    """体验额度: one bar an item."""
    return shown_or_failed(
        QuotaState.failure,
        panel(
            rx.el.div(rx.foreach(QuotaState.rows, _quota), class_name="gc-quotas"),
            rx.el.p(
                icon("ban", 14),
                rx.el.span(
                    text("billing.unlimited", count=QuotaState.datakits),
                    when(
                        _said(QuotaState.missing),
                        rx.el.span(" ", text("plan.without", items=translated(QuotaState.missing))),
                    ),
                ),
                class_name="gc-quotas-foot",
            ),
            when(~QuotaState.has_data, no_data()),
            title=text("billing.quotas"),
            lead=text("billing.quotas_lead", reset=translated(QuotaState.resets_at)),
        ),
    )


def retention_panel() -> rx.Component:
    """How long the 体验版 keeps what."""
    return panel(
        rx.el.dl(rx.foreach(QuotaState.retention, _retention), class_name="gc-facts"),
        title=text("billing.retention"),
        lead=text("billing.retention_lead"),
    )


def _quota(row: Any) -> rx.Component:
    return quota(
        translated(row.name),
        percent=row.percent,
        used=row.used,
        limit=translated(row.limit),
        kept=translated(row.kept),
        reset=translated(row.outlook),
        tone=row.tone,
        icon_name=item_icon(row.item),
        badge=rx.cond(
            row.tone == "red",
            badge(text("billing.full_badge"), tone="red"),
            when(row.tone == "amber", badge(text("billing.low_badge"), tone="amber")),
        ),
    )


def _retention(row: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(translated(row.name)), rx.el.dd(translated(row.kept)))


def _said(words: Any) -> Any:
    return words.zh != ""
