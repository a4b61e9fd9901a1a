"""账户管理: e-mail, company and cloud accounts of a fee-centre account, with their dialogs."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.fee_center.letting_go import let_go_button, let_go_dialog
from guance_portal.components.fee_center.workspaces import no_clouds
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.fields import text_field
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.identity_fields import code_field
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.components.settlement.cloud_dialog import cloud_dialog
from guance_portal.components.sign_up.company import company_facts, company_fields, company_labels
from guance_portal.components.support import contact_link
from guance_portal.components.table import Column, table
from guance_portal.components.viewer import viewer_name
from guance_portal.state.fee_center.clouds import FeeCloudsState
from guance_portal.state.fee_center.company import FeeCompanyState
from guance_portal.state.fee_center.email import FeeEmailState, NewForm, OldForm
from guance_portal.state.session import ViewerState
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState


def profile_panel() -> rx.Component:
    """Username and e-mail; the username never changes."""
    return panel(
        facts((text("account.username"), viewer_name()), (text("account.email"), ViewerState.email)),
        title=text("account.profile"),
        actions=button(text("fee_email.change"), kind="secondary", on_click=FeeEmailState.open_email),
    )


def company_panel() -> rx.Component:
    """企业信息, or the way to give it."""
    state = FeeCompanyState
    edit = button(text("fee_company.edit"), kind="secondary", on_click=state.open_company)
    return panel(
        rx.cond(
            state.is_loaded,
            rx.cond(
                state.has_company,
                facts(*company_facts(state)),
                empty_state(
                    text("fee_company.empty_title"),
                    text("fee_company.empty_lead"),
                    icon_name="building-2",
                    action=button(text("fee_company.empty_action"), kind="secondary", on_click=state.open_company),
                ),
            ),
            loading(skeleton(height="120px")),
        ),
        title=text("fee_company.title"),
        lead=rx.fragment(text("fee_company.lead"), contact_link()),
        actions=when(state.has_company, edit),
    )


def clouds_panel() -> rx.Component:
    """Every registered cloud account."""
    state = FeeCloudsState
    return panel(
        rx.cond(
            state.is_loaded,
            rx.cond(
                state.count > 0,
                table(
                    (
                        Column(text("clouds_list.provider"), _cloud, phone="main"),
                        Column(
                            text("clouds_list.instance"), lambda row: rx.el.code(row.instance, class_name="gc-mono")
                        ),
                        Column(text("clouds_list.state"), _state),
                        Column(text("clouds_list.workspaces"), _workspaces),
                        Column(text("clouds_list.registered"), lambda row: translated(row.registered_at), phone="line"),
                        Column(text("clouds_list.do"), let_go_button),
                    ),
                    state.rows,
                    label=text("clouds.title"),
                ),
                no_clouds(),
            ),
            loading(skeleton(height="56px")),
        ),
        title=text("clouds.title"),
        lead=text("clouds.lead"),
        actions=rx.foreach(state.offers, _add),
        is_flush=True,
    )


def account_dialogs() -> rx.Component:
    """更换邮箱, 编辑企业信息, 添加云账号 and 解除登记; they stand at the end of the page."""
    return rx.fragment(_email_dialog(), _company_dialog(), cloud_dialog(), let_go_dialog())


def _cloud(row: Any) -> rx.Component:
    return rx.el.span(
        provider(row.provider),
        rx.el.span(rx.el.b(translated(row.name)), rx.el.small(row.account, **VERBATIM), class_name="gc-two"),
        class_name="gc-payer",
    )


def _workspaces(row: Any) -> rx.Component:
    names = rx.foreach(row.workspaces, _workspace)
    return rx.cond(row.workspaces.length() > 0, rx.el.ul(names, class_name="gc-plain-list"), rx.el.span("—"))


def _workspace(name: Any) -> rx.Component:
    return rx.el.li(name, **VERBATIM)


def _add(offer: Any) -> rx.Component:
    return button(translated(offer.add), kind="secondary", on_click=CloudSubscribeState.add_cloud(offer.provider))


def _state(row: Any) -> rx.Component:
    live, closed = text("clouds_list.state_live"), text("clouds_list.state_closed")
    return rx.cond(row.is_live, badge(live, tone="green"), badge(closed))


def _company_dialog() -> rx.Component:
    state = FeeCompanyState
    return form_dialog(
        *company_fields(state, leave=state.leave),
        state=state,
        labels=company_labels(state),
        id="edit-company",
        title=text("fee_company.edit_title"),
        confirm=text("fee_company.save"),
        on_submit=state.save_company,
        is_open=state.is_open,
        opened_by=(state.open_company,),
        on_close=state.close_company,
        key=state.openings,
    )


def _email_dialog() -> rx.Component:
    state = FeeEmailState
    return dialog(
        rx.cond(state.is_old_proven, _new_address(), _old_address()),
        id="change-email",
        title=text("fee_email.title"),
        description=rx.cond(
            state.is_old_proven, text("fee_email.new_lead"), text("fee_email.old_lead", email=ViewerState.email)
        ),
        is_open=state.is_open,
        opened_by=(state.open_email,),
        on_close=state.close_email,
        footer=(
            cancel_button(),
            rx.cond(
                state.is_old_proven,
                button(text("fee_email.confirm"), busy=state.is_busy, type="submit", form="new-email-form"),
                button(text("fee_email.next"), busy=state.is_busy, type="submit", form="old-email-form"),
            ),
        ),
        busy=state.is_busy,
    )


def _old_address() -> rx.Component:
    state = FeeEmailState
    return form(
        code_field(state, text("fee_email.old_code"), help=translated(state.told), on_send=state.send_to_old),
        on_submit=state.prove_old,
        busy=state.is_busy,
        refusals=state.refusals,
        problems=state.problems,
        labels=form_labels(OldForm),
        id="old-email-form",
    )


def _new_address() -> rx.Component:
    state = FeeEmailState
    return form(
        text_field(
            "email",
            text("fee_email.new_email"),
            type="email",
            problem=state.problems["email"],
            required=True,
            auto_complete="email",
            max_length=254,
            on_blur=state.type_email,
            on_leave=state.leave,
        ),
        code_field(state, text("fee_email.new_code"), help=translated(state.told), on_send=state.send_to_new),
        on_submit=state.change_email,
        busy=state.is_busy,
        refusals=state.refusals,
        problems=state.problems,
        labels=form_labels(NewForm),
        id="new-email-form",
    )
