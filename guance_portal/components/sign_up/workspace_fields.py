"""Name and language of a workspace to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from guance_portal.components.base import given, loose
from guance_portal.components.fields import text_field
from guance_portal.components.page_parts import columns
from guance_portal.components.selects import Option, select_field
from guance_portal.components.words import LANGUAGE, t
from guance_portal.core import plain
from guance_portal.core.words import Text


def workspace_fields(
    problems: rx.Var[dict[str, Text]],
    *,
    suggested: rx.Var[str] | None = None,
    language: rx.Var[str] | None = None,
    keep: Callable[[str], Any] | None = None,
) -> rx.Component:
    """The fields `name` and `workspace_language`; the name begins with the one `suggested`.

    So does the language, where one was chosen before; else it is that of the page. `keep(name)` is told what is typed.
    """
    spoken = rx.cond(LANGUAGE == "en", "en", "zh-CN")
    begins: dict[str, Any] = (
        {"default_value": LANGUAGE} if language is None else {"draft": rx.cond(language != "", language, spoken)}
    )

    def kept(name: str) -> dict[str, Any]:
        return {"on_keep": keep(name)} if keep else {}

    return columns(
        text_field(
            "name",
            t("sign_up.workspace_name"),
            problem=loose(problems)["name"],
            required=True,
            auto_complete="off",
            max_length=plain.LONGEST_LINE,
            **given(draft=suggested),
            **kept("name"),
        ),
        select_field(
            "workspace_language",
            t("sign_up.workspace_language"),
            [Option("zh-CN", "简体中文", language="zh-CN"), Option("en", "English", language="en")],
            required=True,
            **begins,
            **kept("workspace_language"),
            help=t("sign_up.workspace_language_help"),
        ),
    )
