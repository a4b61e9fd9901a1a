"""`/login`: into the console by site, e-mail and password."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.sessions.forms import ConsoleSignIn
from guance_portal.components.choices import checkbox
from guance_portal.components.layout import public_page
from guance_portal.components.messages import text
from guance_portal.components.sign_in import no_account, sign_in_form
from guance_portal.pages.page import Page
from guance_portal.state.sign_in import SignInState


def login() -> rx.Component:
    """The console's sign-in page."""
    return public_page(
        sign_in_form(
            ConsoleSignIn,
            on_submit=SignInState.sign_in_to_console,
            forgot=routes.FORGOT_PASSWORD,
            below=checkbox("keep", text("sign_in.keep"), help=text("sign_in.keep_help")),
        ),
        title=text("sign_in.title"),
        lead=text("sign_in.lead"),
        aside=no_account(),
        is_short=True,
    )


PAGE = Page(route=routes.LOGIN, build=login, title="sign_in.title", on_load=SignInState.load_sign_in)
