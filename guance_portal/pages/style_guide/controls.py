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
        rx.el.small(words) for words in ("", *(text(f"style_guide.state.{s}") for s in _BUTTON_STATES))
    ]
    for kind in kinds:
        cells += [
            rx.el.small(text(f"style_guide.kind.{kind}")),
            button(text("style_guide.act"), kind=kind),
            button(text("style_guide.act"), kind=kind, class_name="is-hover"),
            button(text("style_guide.act"), kind=kind, class_name="is-focus"),
            button(text("style_guide.act"), kind=kind, busy=StyleGuideState.is_waiting),
            button(text("style_guide.act"), kind=kind, disabled=True),
        ]
    return panel(
        rx.el.div(*cells, class_name="gc-sheet-matrix", custom_attrs={"data-scrolls": ""}),
        rx.el.div(
            button(text("style_guide.toggle_busy"), kind="soft", size="small", on_click=StyleGuideState.toggle_busy),
            copy_button("guance"),
            button(text("style_guide.act"), kind="link"),
            class_name="gc-row",
        ),
        title=text("style_guide.buttons"),
    )


def _fields() -> rx.Component:
    methods = [Option("company", text("style_guide.card.company")), Option("aliyun", text("style_guide.card.aliyun"))]
    return panel(
        rx.el.div(
            text_field(
                "normal", text("style_guide.field.normal"), placeholder=text("style_guide.field.example"), required=True
            ),
            rx.el.div(
                text_field("focused", text("style_guide.state.focus"), default_value="yunfan"),
                class_name="gc-sheet-focused",
            ),
            text_field(
                "wrong",
                text("style_guide.field.error"),
                problem=_said("style_guide.field.taken"),
                default_value="yunfan",
            ),
            text_field(
                "good",
                text("style_guide.field.good"),
                good=_said("style_guide.field.available"),
                default_value="yunfan_ops",
                suffix=icon("check", class_name="gc-good"),
            ),
            text_field(
                "checking",
                text("style_guide.field.checking"),
                help=text("style_guide.field.checking_help"),
                default_value="yunfan_o",
                suffix=spinner(),
            ),
            text_field(
                "fixed",
                text("style_guide.field.disabled"),
                help=text("style_guide.field.fixed"),
                default_value="yunfan_ops",
                disabled=True,
                suffix=icon("lock", 14),
            ),
            text_field("phone", text("style_guide.field.phone"), prefix="+86", input_mode="tel", required=False),
            text_field(
                "code",
                text("style_guide.field.code"),
                input_mode="numeric",
                auto_complete="one-time-code",
                action=button(text("style_guide.field.send"), kind="secondary", size="large"),
            ),
            password_field(
                "new_password",
                text("style_guide.field.password"),
                auto_complete="new-password",
                meter=password_strength(rx.Var.create(3)),
            ),
            site_field("site"),
            text_field(
                "sent_code",
                text("style_guide.field.code"),
                input_mode="numeric",
                action=countdown_button(
                    text("style_guide.field.send"),
                    text("style_guide.field.resend_in", seconds="{seconds}"),
                    seconds=rx.Var.create(59),
                    serial=rx.Var.create(1),
                    busy=rx.Var.create(value=False),
                    answers=StyleGuideState.answers,
                    on_click=StyleGuideState.toggle_busy,
                ),
            ),
            select_field("plain_method", text("style_guide.cards"), methods),
            select_field(
                "wrong_method", text("style_guide.cards"), methods, problem=_said("style_guide.field.unchosen")
            ),
            select_field("fixed_method", text("style_guide.cards"), methods, disabled=True),
            textarea_field("about", text("style_guide.field.note"), required=False),
            textarea_field(
                "long_note", text("style_guide.field.note"), problem=_said("style_guide.field.too_long"), required=False
            ),
            class_name="gc-sheet-fields",
        ),
        title=text("style_guide.fields"),
    )


def _form() -> rx.Component:
    problems = StyleGuideState.problems
    return panel(
        form(
            text_field(
                "sample_username",
                text("style_guide.form.username"),
                problem=problems["sample_username"],
                required=True,
                auto_complete="username",
            ),
            password_field(
                "sample_password",
                text("style_guide.field.password"),
                problem=problems["sample_password"],
                required=True,
            ),
            submit(text("style_guide.form.submit"), busy=StyleGuideState.is_busy),
            on_submit=StyleGuideState.submit_sample,
            busy=StyleGuideState.is_busy,
            refusals=StyleGuideState.refusals,
            problems=problems,
            labels={
                "sample_username": text("style_guide.form.username"),
                "sample_password": text("style_guide.field.password"),
            },
        ),
        title=text("style_guide.forms"),
    )


def _choices() -> rx.Component:
    return panel(
        rx.el.div(
            checkbox("check_on", text("style_guide.on"), default_checked=True),
            checkbox("check_off", text("style_guide.off")),
            checkbox("check_fixed", text("style_guide.state.disabled"), disabled=True),
            radio("radio", "on", text("style_guide.on"), default_checked=True),
            radio("radio", "off", text("style_guide.off")),
            radio("radio", "fixed", text("style_guide.state.disabled"), disabled=True),
            switch("switch_on", text("style_guide.open"), default_checked=True),
            switch("switch_off", text("style_guide.closed")),
            switch("switch_fixed", text("style_guide.state.disabled"), disabled=True),
            class_name="gc-row",
        ),
        checkbox("check_wrong", text("style_guide.off"), problem=_said("style_guide.field.unchosen")),
        rx.el.h3(text("style_guide.cards")),
        radio_cards(
            "method",
            text("style_guide.cards"),
            [
                Card("company", text("style_guide.card.company"), text("style_guide.card.company_text"), "guance"),
                Card("aliyun", text("style_guide.card.aliyun"), text("style_guide.card.aliyun_text"), "aliyun"),
                Card("aws", text("style_guide.card.aws"), None, "aws", reasons=(text("style_guide.card.aws_reason"),)),
            ],
            value="aliyun",
        ),
        title=text("style_guide.choices"),
    )


def _said(key: str) -> rx.Var[Text]:
    return rx.Var.create(server_text(key))
