"""The dialogs of 成员管理: invite, another role, remove, hand over, leave."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import Problem
from guance_portal.components.feedback import note
from guance_portal.components.fields import text_field
from guance_portal.components.form_dialog import form_dialog, question
from guance_portal.components.form_fields import form_fields
from guance_portal.components.messages import text
from guance_portal.components.selects import Option, select_field
from guance_portal.components.sign_up.steps import language_field
from guance_portal.state.members.invite import InviteForm, InviteState
from guance_portal.state.members.owner import OwnershipState, TransferForm
from guance_portal.state.members.roles import MemberState, RoleForm
from guance_portal.state.members.table import MembersState

_LOW = ("standard", "readonly")
_ALL = ("admin", *_LOW)


def members_dialogs() -> rx.Component:
    """All of them; they stand at the end of the page."""
    return rx.fragment(_invite(), _change(), _remove(), _transfer(), _leave())


def _invite() -> rx.Component:
    state = InviteState
    return form_dialog(
        language_field(),
        text_field(
            "email",
            text(InviteForm.asked()["email"].label),
            type="email",
            problem=state.problems["email"],
            required=True,
            auto_complete="off",
            max_length=254,
            draft=state.typed["email"],
            on_save=state.type_email,
            on_leave=state.leave,
        ),
        _role_field("role", state.problems["role"], draft="standard"),
        state=state,
        form_of=InviteForm,
        id="invite-member",
        title=text("members.invite"),
        description=text("members.invite_lead"),
        confirm=text("members.send"),
        on_submit=state.send_invitation,
        is_open=state.is_open,
        opened_by=(state.open_invite,),
        on_close=state.close_invite,
        key=state.openings,
    )


def _change() -> rx.Component:
    state = MemberState
    return form_dialog(
        _role_field("new_role", state.problems["new_role"], draft=state.role),
        state=state,
        form_of=RoleForm,
        id="change-role",
        title=text("members.change_title", name=state.name),
        description=text("members.change_lead"),
        confirm=text("members.save"),
        on_submit=state.change_role,
        is_open=state.is_changing,
        opened_by=(state.open_role,),
        on_close=state.close_role,
        key=state.openings,
    )


def _role_field(name: str, problem: Problem, **props: Any) -> rx.Component:
    """The roles the viewer may give, each with what it means."""
    return rx.cond(MembersState.is_owner, _roles(name, _ALL, problem, props), _roles(name, _LOW, problem, props))


def _roles(name: str, roles: tuple[str, ...], problem: Problem, props: dict[str, Any]) -> rx.Component:
    options = [Option(role, text(f"role.{role}")) for role in roles]
    meaning = rx.el.span(*(rx.el.span(text(f"members.role_{role}"), class_name="gc-line") for role in roles))
    return select_field(name, text("members.role"), options, problem=problem, help=meaning, **props)


def _remove() -> rx.Component:
    state = MemberState
    return question(
        rx.el.p(text("members.remove_lead")),
        id="remove-member",
        title=text("members.remove_title", name=state.name),
        confirm=text("members.remove_confirm"),
        on_confirm=state.remove,
        is_open=state.is_removing,
        on_close=state.close_removal,
        busy=state.is_busy,
    )


def _transfer() -> rx.Component:
    state = OwnershipState
    return form_dialog(
        note(text("members.transfer_lead", name=state.name), tone="amber"),
        *form_fields(TransferForm, state, has_marks=False),
        state=state,
        form_of=TransferForm,
        id="transfer-ownership",
        title=text("members.transfer_title", name=state.name),
        confirm=text("members.transfer"),
        kind="danger",
        on_submit=state.transfer,
        is_open=state.is_transferring,
        opened_by=(state.open_transfer,),
        on_close=state.close_transfer,
        key=state.openings,
    )


def _leave() -> rx.Component:
    state = OwnershipState
    return question(
        rx.el.p(text("members.leave_lead")),
        id="leave-workspace",
        title=text("members.leave_title"),
        confirm=text("members.leave_confirm"),
        on_confirm=state.leave,
        is_open=state.is_leaving,
        on_close=state.close_leaving,
        busy=state.is_busy,
    )
