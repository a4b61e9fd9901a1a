"""`/fee-center/login`: into the fee centre by username or e-mail."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.sessions.forms import FeeSignIn
from guance_portal.components.layout import public_page
from guance_portal.components.messages import text
from guance_portal.components.sign_in import sign_in_form
from guance_portal.pages.page import Page
from guance_portal.state.sign_in import SignInState


def fee_login() -> rx.Component:
    """The fee centre's sign-in page."""
    return public_page(
        sign_in_form(
            FeeSignIn,
            on_submit=SignInState.sign_in_to_fee_center,
            forgot=routes.FEE_FORGOT_PASSWORD,
        ),
        title=text("fee_sign_in.title"),
        lead=text("fee_sign_in.lead"),
        realm=text("realm.fee_center"),
        is_short=True,
    )


PAGE = Page(route=routes.FEE_LOGIN, build=fee_login, title="fee_sign_in.title", on_load=SignInState.load_sign_in)
