"""The fields of 企业信息, as sign-up and 账户管理 ask for them, and what was given."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, Child, TextLike
from guance_portal.components.form_fields import Tell, form_fields, form_labels
from guance_portal.components.messages import text, translated
from guance_portal.payers.company import CompanyForm


def company_labels() -> dict[str, TextLike]:
    """The name of each field, for the summary of a refused form."""
    return form_labels(CompanyForm)


def company_fields(state: Any, *, leave: Tell, keep: Tell | None = None) -> list[rx.Component]:
    """All of them, by a state with `TypedMixin`."""
    return form_fields(CompanyForm, state, keep=keep, leave=leave)


def company_facts(state: Any) -> list[tuple[TextLike, Child]]:
    """Each field with what was given; a state with `TypedMixin` and `names`."""
    return [
        (text(asked.label), translated(state.names[name]) if asked.options else _or_dash(state.typed[name]))
        for name, asked in CompanyForm.asked().items()
    ]


def _or_dash(value: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.cond(value != "", value, "—"), **VERBATIM)
