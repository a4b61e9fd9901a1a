"""`/register/commercial/enterprise`: step 2 of 商业版, 企业信息."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.rules import Edition
from guance_portal.components.buttons import link_button, submit
from guance_portal.components.feedback import note
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.messages import text
from guance_portal.components.sign_in import handover, have_account
from guance_portal.components.sign_up.agreements import agreement_field
from guance_portal.components.sign_up.company import company_fields, company_labels
from guance_portal.components.sign_up.steps import language_field, registered_note, steps
from guance_portal.pages.page import Page
from guance_portal.state.sign_up.company import SignUpCompanyState as State


def register_enterprise() -> rx.Component:
    """Step 2."""
    return public_page(
        rx.cond(
            State.is_name_lost,
            note(text("sign_up.name_lost"), tone="amber", is_live=True),
            rx.fragment(),
        ),
        registered_note(State),
        form(
            language_field(),
            *company_fields(State, save=State.save, leave=State.leave),
            agreement_field(Edition.COMMERCIAL, problem=State.problems["agreements"]),
            rx.el.div(
                link_button(text("sign_up.back"), href=routes.REGISTER_BASIC, kind="soft", size="large"),
                submit(text("sign_up.register"), busy=State.is_busy),
                class_name="gc-form-buttons",
            ),
            on_submit=State.register,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels=company_labels(State),
        ),
        handover(State.ticket, routes.REGISTER_SETTLEMENT),
        above=steps(1),
        title=text("sign_up.company_title"),
        lead=text("sign_up.company_lead"),
        aside=have_account(),
    )


PAGE = Page(
    route=routes.REGISTER_ENTERPRISE,
    build=register_enterprise,
    title="sign_up.company_title",
    on_load=State.load_company,
)
