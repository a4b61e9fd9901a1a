"""Members and invitations of a workspace: the two lists, with what the viewer may do in each line."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.members.invite import InviteState
from guance_portal.state.members.owner import OwnershipState
from guance_portal.state.members.roles import MemberState
from guance_portal.state.members.table import MembersState


def header_actions() -> rx.Component:
    """邀请成员 for owner and administrators; 退出工作空间 for everybody but the owner."""
    state = MembersState
    return rx.fragment(
        when(
            state.is_loaded & ~state.is_owner,
            button(text("members.leave"), kind="soft", on_click=OwnershipState.open_leaving),
        ),
        when(
            state.is_loaded & state.is_manager,
            button(text("members.invite"), icon_name="user-plus", on_click=InviteState.open_invite),
        ),
    )


def members_panel() -> rx.Component:
    """Everybody, in the order they came."""
    return panel(
        rx.cond(
            MembersState.is_loaded,
            rx.cond(MembersState.is_manager, _members(Column(text("members.actions"), _acts, is_end=True)), _members()),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        is_flush=True,
    )


def _members(*more: Column) -> rx.Component:
    columns = (
        Column(text("members.name"), _member, phone="main"),
        Column(text("members.role"), _role),
        Column(text("members.joined"), lambda row: translated(row.joined_at), phone="line"),
        *more,
    )
    return table(columns, MembersState.rows, label=text("members.title"))


def invitations_panel() -> rx.Component:
    """Invitations nobody has accepted yet, for anyone who may send them."""
    state = MembersState
    return when(
        state.is_loaded & state.is_manager,
        panel(
            rx.cond(
                state.invitations.length() > 0,
                table(
                    (
                        Column(text("members.email"), lambda row: rx.el.span(row.email, **VERBATIM), phone="main"),
                        Column(text("members.role"), lambda row: badge(translated(row.role_name))),
                        Column(text("members.sender"), lambda row: rx.el.span(row.sender, **VERBATIM), phone="line"),
                        Column(text("members.expires"), _expiry),
                        Column(text("members.actions"), _invitation_acts, is_end=True),
                    ),
                    state.invitations,
                    label=text("members.invitations"),
                ),
                empty_state(text("members.no_invitations"), text("members.no_invitations_lead"), icon_name="mail"),
            ),
            title=text("members.invitations"),
            lead=text("members.invitations_lead"),
            is_flush=True,
        ),
    )


def _member(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(rx.el.b(row.name, **VERBATIM), " ", rx.cond(row.is_me, badge(text("members.me")), rx.fragment())),
        rx.el.small(row.email, class_name="gc-muted", **VERBATIM),
        class_name="gc-stacked",
    )


def _role(row: Any) -> rx.Component:
    return rx.cond(
        row.role == "owner",
        badge(translated(row.role_name), tone="indigo", icon_name="crown"),
        badge(translated(row.role_name)),
    )


def _acts(row: Any) -> rx.Component:
    return rx.el.span(
        when(row.may_change, button(text("members.change"), kind="link", on_click=MemberState.open_role(row.key))),
        when(
            row.may_own, button(text("members.transfer"), kind="link", on_click=OwnershipState.open_transfer(row.key))
        ),
        when(row.may_remove, button(text("members.remove"), kind="link", on_click=MemberState.open_removal(row.key))),
        class_name="gc-acts",
    )


def _expiry(row: Any) -> rx.Component:
    return rx.cond(row.is_expired, badge(text("members.expired"), tone="amber"), rx.el.span(translated(row.expires_at)))


def _invitation_acts(row: Any) -> rx.Component:
    return rx.el.span(
        button(text("members.resend"), kind="link", on_click=InviteState.resend(row.id)),
        button(text("members.revoke"), kind="link", on_click=InviteState.revoke(row.id)),
        class_name="gc-acts",
    )
