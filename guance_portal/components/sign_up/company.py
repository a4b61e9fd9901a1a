"""The fields of 企业信息, as sign-up and 账户管理 ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from guance_portal.components.fields import text_field, textarea_field
from guance_portal.components.selects import Option, select_field
from guance_portal.components.words import pick, t
from guance_portal.core import plain
from guance_portal.core.words import Text
from guance_portal.payers import choices

COMPANY_FIELDS = ("company_name", "uscc", "industry", "region", "contact", "introduction")


def company_labels() -> dict[str, Any]:
    """The name of each field, for the summary of a refused form."""
    return {name: t(f"sign_up.{name}") for name in COMPANY_FIELDS}


def company_fields(state: Any, *, keep: Callable[[str], Any] | None = None) -> list[rx.Component]:
    """All of them. `state` has a var of each field's name and `problems`; `keep(name)` is told what is typed."""

    def kept(name: str) -> dict[str, Any]:
        return {"on_keep": keep(name)} if keep else {}

    def line(name: str, **control: Any) -> rx.Component:
        draft = getattr(state, name)
        return text_field(
            name, t(f"sign_up.{name}"), problem=state.problems[name], draft=draft, **kept(name), **control
        )

    def chosen(name: str, options: list[Option]) -> rx.Component:
        return select_field(
            name,
            t(f"sign_up.{name}"),
            [Option("", t("sign_up.choose")), *options],
            problem=state.problems[name],
            required=True,
            draft=getattr(state, name),
            **kept(name),
        )

    return [
        line("company_name", required=True, auto_complete="organization", max_length=plain.LONGEST_LINE),
        line("uscc", required=False, help=t("sign_up.uscc_help"), max_length=plain.LONGEST_LINE, auto_complete="off"),
        rx.el.div(
            chosen("industry", [_option(code, name) for code, name in choices.industries().items()]),
            chosen("region", _regions()),
            class_name="gc-two-columns",
        ),
        line("contact", required=True, auto_complete="name", max_length=plain.LONGEST_LINE),
        textarea_field(
            "introduction",
            t("sign_up.introduction"),
            problem=state.problems["introduction"],
            required=False,
            max_length=plain.LONGEST_TEXT,
            draft=state.introduction,
            **kept("introduction"),
        ),
    ]


def _regions() -> list[Option]:
    china, world = t("sign_up.regions_china"), t("sign_up.regions_world")
    return [_option(code, name, china) for code, name in choices.provinces().items()] + [
        _option(code, name, world) for code, name in choices.countries().items()
    ]


def _option(code: str, name: Text, group: Any = "") -> Option:
    return Option(code, pick(name.zh, name.en), group=group)
