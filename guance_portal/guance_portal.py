"""The Reflex application: pages, protection and the HTTP API joined; nothing else."""

from __future__ import annotations

import reflex as rx
from starlette.types import ASGIApp

from guance_portal.api.cross_origin import PastReflex
from guance_portal.api.front import front
from guance_portal.components.faults import error_boundary
from guance_portal.components.feedback import reconnect_bar
from guance_portal.components.messages import text
from guance_portal.components.shown import out_of_date_dialog, shown_mark
from guance_portal.core.actor import Realm
from guance_portal.lifespan import lifespan
from guance_portal.pages import PAGES
from guance_portal.state.faults import on_backend_fault, on_frontend_fault
from guance_portal.state.gate import Gate
from guance_portal.state.meter import EventMeter
from guance_portal.state.operator.waiting import OperatorWaitingState

STYLES = (
    "tokens",
    "base",
    "buttons",
    "forms",
    "feedback",
    "overlays",
    "public",
    "console",
    "data",
    "sign-up",
    "style-guide",
    "mailbox",
    "sandbox-market",
    "guide",
    "billing",
    "upgrade",
    "operator",
    "settlement",
    "wallet",
    "debt",
    "bills",
    "cloud",
    "forced-colors",
    "print",
)


class _App(rx.App):
    def __call__(self) -> ASGIApp:
        """The application that the server calls."""
        return PastReflex(super().__call__())


app = _App(
    html_lang="zh-CN",
    head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
    toaster=None,
    api_transformer=front,
    reset_style=False,
    stylesheets=[f"/styles/{name}.css" for name in STYLES],
    app_wraps={
        (55, "ErrorBoundary"): lambda stateful: error_boundary(is_stateful=stateful),
        (5, "Overlay"): lambda stateful: (
            rx.fragment(reconnect_bar(), shown_mark(), out_of_date_dialog()) if stateful else None
        ),
    },
    backend_exception_handler=on_backend_fault,
    frontend_exception_handler=on_frontend_fault,
)
app.register_lifespan_task(lifespan)
app.add_middleware(EventMeter(), index=0)
app.add_middleware(Gate(), index=1)
for page in PAGES:
    # How much waits stands in the navigation of every page of the operators.
    load = [*page.on_load, OperatorWaitingState.load_waiting] if page.realm is Realm.OPERATOR else page.on_load
    app.add_page(page.build, route=page.route, title=text(page.title), on_load=load)
