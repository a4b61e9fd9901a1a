"""`/fee-center/account`: profile, password and devices of the company's fee-centre account."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.account import account_dialogs, clouds_panel, company_panel, profile_panel
from guance_portal.components.fee_center.shell import password_gate, unless_limited
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.page_parts import columns
from guance_portal.components.security import devices_panel, password_panel
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.devices import DevicesState
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.clouds import FeeCloudsState
from guance_portal.state.fee_center.company import FeeCompanyState
from guance_portal.state.password import PasswordState
from guance_portal.state.session import ViewerState
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState


def fee_account() -> rx.Component:
    """The account page of the fee centre."""
    return fee_page(
        page_header(text("fee_account.title"), lead=text("fee_account.lead")),
        unless_limited(columns(company_panel(), profile_panel())),
        unless_limited(clouds_panel()),
        unless_limited(password_panel()),
        unless_limited(devices_panel(Realm.FEE_CENTER)),
        password_gate(),
        account_dialogs(),
        viewer=VIEWER,
        active=routes.FEE_ACCOUNT,
    )


PAGE = Page(
    route=routes.FEE_ACCOUNT,
    build=fee_account,
    title="fee_account.title",
    on_load=[
        ViewerState.load_viewer,
        FeeAccessState.load_fee_access,
        FeeCompanyState.load_company,
        FeeCloudsState.load_clouds,
        CloudSubscribeState.load_cloud,
        PasswordState.load_password,
        DevicesState.load_devices,
    ],
    realm=Realm.FEE_CENTER,
)
