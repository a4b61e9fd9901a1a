"""资料 of a console user, and the dialog that changes it."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.identity.profile import ProfileForm
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel
from guance_portal.components.viewer import viewer_name
from guance_portal.state.profile import ProfileState as State
from guance_portal.state.session import ViewerState


def profile_panel() -> rx.Component:
    """Who the person is; e-mail and site never change."""
    return panel(
        facts(
            (text("account.username"), viewer_name()),
            (text("account.email"), rx.el.span(ViewerState.email, **VERBATIM)),
            (text("sign_up.phone"), rx.el.span(rx.cond(State.phone != "", State.phone, "—"), class_name="gc-num")),
            (text("account.site"), translated(ViewerState.site)),
        ),
        title=text("account.profile"),
        actions=button(text("account.profile_edit"), kind="secondary", on_click=State.open_profile),
    )


def profile_dialog() -> rx.Component:
    """编辑资料."""
    return form_dialog(
        *form_fields(
            ProfileForm,
            State,
            leave=State.leave,
            username={"auto_capitalize": "none", "spell_check": False},
            phone={"prefix": State.calling_code, "required": State.needs_phone},
        ),
        state=State,
        form_of=ProfileForm,
        id="edit-profile",
        title=text("account.profile_edit"),
        description=text("account.profile_lead"),
        confirm=text("account.profile_save"),
        on_submit=State.save_profile,
        is_open=State.is_open,
        opened_by=(State.open_profile,),
        on_close=State.close_profile,
        key=State.openings,
    )
