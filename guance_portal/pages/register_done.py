"""`/register/commercial/done`: 开通成功."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.buttons import link_button
from guance_portal.components.layout import public_page
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel, success
from guance_portal.components.sign_up.steps import steps
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.sign_up.settlement import SignUpDoneState as State


def register_done() -> rx.Component:
    """What was opened."""
    return public_page(
        success(text("sign_up.done_title"), text("sign_up.done_lead", email=State.email)),
        panel(
            facts(
                (
                    text("sign_up.done_workspace"),
                    rx.fragment(State.workspace, " ", badge(text("register.commercial"), tone="indigo")),
                ),
                (text("sign_up.site"), rx.fragment(translated(State.site), rx.el.small(State.login_host))),
                (
                    text("sign_up.done_fee"),
                    rx.fragment(
                        rx.el.span(State.fee_username, class_name="gc-mono"),
                        rx.el.small(text("sign_up.done_fee_note")),
                    ),
                ),
                (
                    text("sign_up.method"),
                    rx.fragment(translated(State.method), rx.el.small(text("sign_up.done_bills"))),
                ),
            ),
            class_name="gc-receipt",
        ),
        link_button(text("sign_up.continue"), href=routes.WELCOME, size="large", is_wide=True),
        rx.el.p(text("sign_up.done_next_time", site=translated(State.site)), class_name="gc-muted gc-centred"),
        above=steps(3),
    )


PAGE = Page(
    route=routes.REGISTER_DONE,
    build=register_done,
    title="sign_up.done_title",
    on_load=State.load_done,
    realm=Realm.CONSOLE,
)
