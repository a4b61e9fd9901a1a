"""`/sandbox/aliyun/…` and `/sandbox/aws/…`: simulated marketplaces, marked as such."""

from __future__ import annotations

from functools import partial

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.feedback import note
from guance_portal.components.layout import page_header, top_bar
from guance_portal.components.messages import text
from guance_portal.components.page_parts import frame, main, stack
from guance_portal.components.sandbox import market as parts
from guance_portal.components.tabs import tabs
from guance_portal.pages.page import Page
from guance_portal.sites import Provider
from guance_portal.state.sandbox.market import SandboxMarketState as State

_MARKETS = [(one.value, market) for one in Provider if one.is_simulated for market in one.markets]


def sandbox_market(provider: str, place: str) -> rx.Component:
    """One marketplace: what is sold, beside what was bought, its whims and its notices."""
    return frame(
        top_bar(),
        main(
            page_header(
                text(f"market.title_{provider}_{place}"),
                badge=badge(text("market.badge"), tone="amber", icon_name="flask-conical"),
                lead=text("market.lead"),
            ),
            tabs(
                text("market.markets"),
                [(text(f"market.tab_{one}_{where}"), routes.sandbox_market(one, where)) for one, where in _MARKETS],
                active=routes.sandbox_market(provider, place),
            ),
            note(
                text(f"market.note_{provider}"),
                tone="amber",
                title=text("market.note_title"),
                icon_name="flask-conical",
            ),
            parts.grid(
                parts.product(provider),
                stack(parts.purchases(provider), parts.whims(), parts.deliveries()),
            ),
            class_name="gc-market",
        ),
        class_name="gc-sandbox-page",
    )


PAGES = tuple(
    Page(
        route=routes.sandbox_market(provider, place),
        build=partial(sandbox_market, provider, place),
        title=f"market.title_{provider}_{place}",
        on_load=State.load_market,
        is_sandbox=True,
    )
    for provider, place in _MARKETS
)
