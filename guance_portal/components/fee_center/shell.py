"""The ways into the fee centre: the SSO handoff from the console, and the password that it did not ask for."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import Kind, button, link_button, submit
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.components.sign_in import handover, posted_once_loaded
from guance_portal.core.actor import Realm
from guance_portal.state.fee_center.access import AccessForm, FeeAccessState
from guance_portal.state.fee_center.sso_handoff import SsoHandoffState


def enter_fee_center(*, kind: Kind = "secondary") -> rx.Component:
    """进入费用中心, in the same tab: the owner's way in without a password, for this workspace alone.

    The page loads `SsoHandoffState.load_sso_handoff` first.
    """
    state = SsoHandoffState
    return rx.fragment(
        button(
            text("sso_handoff.enter"),
            kind=kind,
            icon_name="arrow-up-right",
            on_click=state.enter_fee_center,
            busy=state.is_busy & ~state.is_recharging,
        ),
        posted_once_loaded(routes.SESSION_SSO_HANDOFF, {"ticket": state.ticket}, state.ticket != ""),
    )


def unless_limited(child: rx.Component) -> rx.Component:
    """What only a session with the account's password sees."""
    return when(~FeeAccessState.is_limited, child)


def password_gate() -> rx.Component:
    """For a session that is limited to one workspace: that it is so, and the form that opens the rest."""
    state = FeeAccessState
    return when(
        state.is_limited,
        rx.el.div(
            note(
                text("limited.lead"),
                tone="indigo",
                title=text("limited.title"),
                action=link_button(text("sso_handoff.back"), href=routes.home(Realm.CONSOLE), kind="secondary"),
            ),
            panel(
                facts((text("limited.account"), rx.el.span(state.username, **VERBATIM))),
                form(
                    *form_fields(
                        AccessForm,
                        state,
                        has_marks=False,
                        password={"beside": link(text("sign_in.forgot"), href=routes.FEE_FORGOT_PASSWORD)},
                    ),
                    submit(text("limited.confirm"), busy=state.is_busy, size="medium", is_wide=False),
                    on_submit=state.enter_password,
                    busy=state.is_busy,
                    refusals=state.refusals,
                    problems=state.problems,
                    labels=form_labels(AccessForm),
                ),
                handover(state.ticket, state.next_path),
                title=text("limited.password_title"),
            ),
            class_name="gc-stack",
        ),
    )
