"""`/register/commercial/basic`: step 1 of 商业版, 基本信息."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import submit
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.sign_in import have_account
from guance_portal.components.sign_up.steps import basic_fields, registered_note, steps
from guance_portal.onboarding.basic import BasicForm
from guance_portal.pages.page import Page
from guance_portal.state.sign_up.basic import SignUpBasicState as State


def register_basic() -> rx.Component:
    """Step 1."""
    return public_page(
        registered_note(State),
        form(
            *basic_fields(rx.el.b(text("sign_up.username_help"))),
            submit(text("sign_up.next"), busy=State.is_busy),
            rx.el.div(
                rx.el.p(text("sign_up.want_free"), " ", link(text("sign_up.to_free"), href=routes.REGISTER_FREE)),
                class_name="gc-form-foot",
            ),
            on_submit=State.next_step,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels=form_labels(BasicForm),
        ),
        above=steps(0),
        title=text("sign_up.commercial_title"),
        lead=text("sign_up.commercial_lead"),
        aside=have_account(),
    )


PAGE = Page(
    route=routes.REGISTER_BASIC, build=register_basic, title="sign_up.commercial_title", on_load=State.load_basic
)
