"""The form that signs in with a password, and the hand-over that follows it."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import Handler
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form, handover_form
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.core.actor import Realm
from guance_portal.core.forms import Form
from guance_portal.payers.errors import SSO_HANDOFF_PROBLEMS
from guance_portal.state.sign_in import SignInState


def sign_in_form(
    asked: type[Form], *, on_submit: Handler, forgot: str, below: rx.Component | None = None
) -> rx.Component:
    """The fields of a realm, and `below` them what only one realm has."""
    return rx.fragment(
        rx.match(
            SignInState.reason,
            ("ended", note(text("sign_in.ended"), tone="amber", is_live=True)),
            ("needed", note(text("sign_in.needed"), is_live=True)),
            ("spent", note(text("errors.ticket_spent"), tone="amber", is_live=True)),
            *((problem, _no_sso_handoff(problem)) for problem in SSO_HANDOFF_PROBLEMS),
            rx.fragment(),
        ),
        form(
            *form_fields(
                asked, SignInState, has_marks=False, password={"beside": link(text("sign_in.forgot"), href=forgot)}
            ),
            *([below] if below is not None else []),
            submit(text("sign_in.submit"), busy=SignInState.is_busy),
            on_submit=on_submit,
            busy=SignInState.is_busy,
            refusals=SignInState.refusals,
            problems=SignInState.problems,
            labels=form_labels(asked),
        ),
        handover(SignInState.ticket, SignInState.next_path),
    )


def _no_sso_handoff(problem: str) -> rx.Component:
    """Why 进入费用中心 did not lead in; the console is one click away."""
    back = link(text("sso_handoff.back"), href=routes.home(Realm.CONSOLE))
    return note(text(f"errors.{problem}"), title=text("sso_handoff.failed"), tone="amber", action=back, is_live=True)


def have_account() -> rx.Component:
    """From signing up to signing in, for the top bar."""
    return rx.el.span(rx.el.span(text("register.have_account")), " ", link(text("sign_in.submit"), href=routes.LOGIN))


def no_account() -> rx.Component:
    """From signing in to signing up, for the top bar."""
    return rx.el.span(
        rx.el.span(text("register.no_account")), " ", link(text("register.free_sign_up"), href=routes.REGISTER)
    )


def leave_form(realm: Realm, has_left: rx.Var[bool]) -> rx.Component:
    """Signs this browser out over HTTP once `has_left` is true."""
    return posted_once_loaded(routes.SESSION_CLOSE, {"realm": realm.value}, has_left)


def handover(ticket: rx.Var[str], next_path: rx.Var[str] | str) -> rx.Component:
    """Leaves for HTTP once there is a ticket: the answer sets the session's cookie."""
    return posted_once_loaded(routes.SESSION_OPEN, {"ticket": ticket, "next": next_path}, ticket != "")


def posted_once_loaded(action: str, fields: dict[str, rx.Var[str] | str], ready: rx.Var[bool]) -> rx.Component:
    """A form that posts itself once the page has loaded and `ready` is true; the page's loader unsets it."""
    # A page that comes back first shows the tab's old state, with the spent ticket; its loader then forgets it.
    return handover_form(action, fields, rx.State.is_hydrated & ready)
