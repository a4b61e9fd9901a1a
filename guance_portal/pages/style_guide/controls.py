"""The style guide's buttons, fields, choices and form."""

from __future__ import annotations

from typing import get_args

import reflex as rx

from guance_portal.components.buttons import Kind, button, copy_button, submit
from guance_portal.components.choices import Card, checkbox, radio, radio_cards, switch
from guance_portal.components.countdown import countdown_button
from guance_portal.components.fields import password_field, text_field, textarea_field
from guance_portal.components.forms import form
from guance_portal.components.icons import icon, spinner
from guance_portal.components.messages import text
from guance_portal.components.meter import password_strength
from guance_portal.components.page_parts import panel
from guance_portal.components.selects import Option, select_field
from guance_portal.components.sites import site_field
from guance_portal.core.messages import Text
from guance_portal.core.messages import text as server_text
from guance_portal.state.style_guide import StyleGuideState

_BUTTON_STATES = ("normal", "hover", "focus", "busy", "disabled")


def sections() -> list[rx.Component]:
    """Everything a person acts with."""
    return [_buttons(), _fields(), _form(), _choices()]


def _buttons() -> rx.Component:
    kinds: list[Kind] = [kind for kind in get_args(Kind) if kind != "link"]
    cells: list[rx.Component] = [
        rx.el.small(words) for words in ("", *(text(f"look.state.{s}") for s in _BUTTON_STATES))
    ]
    for kind in kinds:
        cells += [
            rx.el.small(text(f"look.kind.{kind}")),
            button(text("look.act"), kind=kind),
            button(text("look.act"), kind=kind, class_name="is-hover"),
            button(text("look.act"), kind=kind, class_name="is-focus"),
            button(text("look.act"), kind=kind, busy=StyleGuideState.is_waiting),
            button(text("look.act"), kind=kind, disabled=True),
        ]
    return panel(
        rx.el.div(*cells, class_name="gc-sheet-matrix", custom_attrs={"data-scrolls": ""}),
        rx.el.div(
            button(text("look.toggle_busy"), kind="soft", size="small", on_click=StyleGuideState.toggle_busy),
            copy_button("guance"),
            button(text("look.act"), kind="link"),
            class_name="gc-row",
        ),
        title=text("look.buttons"),
    )


def _fields() -> rx.Component:
    methods = [Option("company", text("look.card.company")), Option("aliyun", text("look.card.aliyun"))]
    return panel(
        rx.el.div(
            text_field("normal", text("look.field.normal"), placeholder=text("look.field.example"), required=True),
            rx.el.div(
                text_field("focused", text("look.state.focus"), default_value="yunfan"), class_name="gc-sheet-focused"
            ),
            text_field("wrong", text("look.field.error"), problem=_said("look.field.taken"), default_value="yunfan"),
            text_field(
                "good",
                text("look.field.good"),
                good=_said("look.field.available"),
                default_value="yunfan_ops",
                suffix=icon("check", class_name="gc-good"),
            ),
            text_field(
                "checking",
                text("look.field.checking"),
                help=text("look.field.checking_help"),
                default_value="yunfan_o",
                suffix=spinner(),
            ),
            text_field(
                "fixed",
                text("look.field.disabled"),
                help=text("look.field.fixed"),
                default_value="yunfan_ops",
                disabled=True,
                suffix=icon("lock", 14),
            ),
            text_field("phone", text("look.field.phone"), prefix="+86", input_mode="tel", required=False),
            text_field(
                "code",
                text("look.field.code"),
                input_mode="numeric",
                auto_complete="one-time-code",
                action=button(text("look.field.send"), kind="secondary", size="large"),
            ),
            password_field(
                "new_password",
                text("look.field.password"),
                auto_complete="new-password",
                meter=password_strength(rx.Var.create(3)),
            ),
            site_field("site"),
            text_field(
                "sent_code",
                text("look.field.code"),
                input_mode="numeric",
                action=countdown_button(
                    text("look.field.send"),
                    text("look.field.resend_in", seconds="{seconds}"),
                    seconds=rx.Var.create(59),
                    serial=rx.Var.create(1),
                    busy=rx.Var.create(value=False),
                    answers=StyleGuideState.answers,
                    on_click=StyleGuideState.toggle_busy,
                ),
            ),
            select_field("plain_method", text("look.cards"), methods),
            select_field("wrong_method", text("look.cards"), methods, problem=_said("look.field.unchosen")),
            select_field("fixed_method", text("look.cards"), methods, disabled=True),
            textarea_field("about", text("look.field.note"), required=False),
            textarea_field("long_note", text("look.field.note"), problem=_said("look.field.too_long"), required=False),
            class_name="gc-sheet-fields",
        ),
        title=text("look.fields"),
    )


def _form() -> rx.Component:
    problems = StyleGuideState.problems
    return panel(
        form(
            text_field(
                "sample_username",
                text("look.form.username"),
                problem=problems["sample_username"],
                required=True,
                auto_complete="username",
            ),
            password_field(
                "sample_password", text("look.field.password"), problem=problems["sample_password"], required=True
            ),
            submit(text("look.form.submit"), busy=StyleGuideState.is_busy),
            on_submit=StyleGuideState.submit_sample,
            busy=StyleGuideState.is_busy,
            refusals=StyleGuideState.refusals,
            problems=problems,
            labels={"sample_username": text("look.form.username"), "sample_password": text("look.field.password")},
        ),
        title=text("look.forms"),
    )


def _choices() -> rx.Component:
    return panel(
        rx.el.div(
            checkbox("check_on", text("look.on"), default_checked=True),
            checkbox("check_off", text("look.off")),
            checkbox("check_fixed", text("look.state.disabled"), disabled=True),
            radio("radio", "on", text("look.on"), default_checked=True),
            radio("radio", "off", text("look.off")),
            radio("radio", "fixed", text("look.state.disabled"), disabled=True),
            switch("switch_on", text("look.open"), default_checked=True),
            switch("switch_off", text("look.closed")),
            switch("switch_fixed", text("look.state.disabled"), disabled=True),
            class_name="gc-row",
        ),
        checkbox("check_wrong", text("look.off"), problem=_said("look.field.unchosen")),
        rx.el.h3(text("look.cards")),
        radio_cards(
            "method",
            text("look.cards"),
            [
                Card("company", text("look.card.company"), text("look.card.company_text"), "guance"),
                Card("aliyun", text("look.card.aliyun"), text("look.card.aliyun_text"), "aliyun"),
                Card("aws", text("look.card.aws"), None, "aws", reasons=(text("look.card.aws_reason"),)),
            ],
            value="aliyun",
        ),
        title=text("look.choices"),
    )


def _said(key: str) -> rx.Var[Text]:
    return rx.Var.create(server_text(key))
