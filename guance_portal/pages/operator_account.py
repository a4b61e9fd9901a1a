"""`/operator/account`: an operator's own account and devices."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.layout import operator_page, page_header, panel
from guance_portal.components.messages import text
from guance_portal.components.operator.codes import recovery_codes_panel
from guance_portal.components.page_parts import facts
from guance_portal.components.security import devices_panel, password_panel
from guance_portal.components.viewer import VIEWER, viewer_name
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.devices import DevicesState
from guance_portal.state.operator.codes import RecoveryCodesState
from guance_portal.state.password import PasswordState
from guance_portal.state.session import ViewerState


def operator_account() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("operator.own"), lead=text("operator.own_lead")),
        panel(
            facts((text("account.username"), viewer_name()), (text("account.email"), ViewerState.email)),
            title=text("account.profile"),
        ),
        password_panel(),
        recovery_codes_panel(),
        devices_panel(Realm.OPERATOR),
        viewer=VIEWER,
        active=routes.OPERATOR_ACCOUNT,
    )


PAGE = Page(
    route=routes.OPERATOR_ACCOUNT,
    build=operator_account,
    title="operator.own",
    on_load=[
        ViewerState.load_viewer,
        PasswordState.load_password,
        RecoveryCodesState.load_recovery_codes,
        DevicesState.load_devices,
    ],
    realm=Realm.OPERATOR,
)
