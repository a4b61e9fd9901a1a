"""Name and language of a workspace to be."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import given, loose
from guance_portal.components.fields import text_field
from guance_portal.components.form_fields import Tell, told
from guance_portal.components.messages import LANGUAGE, text
from guance_portal.components.page_parts import columns
from guance_portal.components.selects import Option, select_field
from guance_portal.core.messages import Text
from guance_portal.onboarding.settlement_drafts import SettlementForm

_ASKED = SettlementForm.asked()


def workspace_fields(
    problems: rx.Var[dict[str, Text]],
    *,
    name: rx.Var[str] | None = None,
    language: rx.Var[str] | None = None,
    save: Tell | None = None,
    leave: Tell | None = None,
) -> rx.Component:
    """The fields `name` and `workspace_language`; they begin with these values.

    The language begins with that of the page where none was chosen before.
    """
    spoken = rx.cond(LANGUAGE == "en", "en", "zh-CN")
    begins: dict[str, Any] = (
        {"default_value": LANGUAGE} if language is None else {"draft": rx.cond(language != "", language, spoken)}
    )
    return columns(
        text_field(
            "name",
            text(_ASKED["name"].label),
            problem=loose(problems)["name"],
            required=True,
            auto_complete="off",
            max_length=_ASKED["name"].limit,
            **given(draft=name),
            **told("name", _ASKED["name"], save, leave),
        ),
        select_field(
            "workspace_language",
            text(_ASKED["workspace_language"].label),
            [Option("zh-CN", "简体中文", language="zh-CN"), Option("en", "English", language="en")],
            required=True,
            **begins,
            **told("workspace_language", _ASKED["workspace_language"], save, None),
            help=text("sign_up.workspace_language_help"),
        ),
    )
