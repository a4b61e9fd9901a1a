"""The fields of 企业信息, as sign-up and 账户管理 ask for them, and what was given."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, Child, TextLike
from guance_portal.components.form_fields import Tell, form_fields, form_labels
from guance_portal.components.messages import text, translated
from guance_portal.payers.company import CompanyForm


def company_labels(state: Any) -> dict[str, TextLike]:
    """The name of each field, for the summary of a refused form."""
    return {**form_labels(CompanyForm), "uscc": _code_name(state)}


def company_fields(state: Any, *, leave: Tell, save: Tell | None = None) -> list[rx.Component]:
    """All of them, by a state with `TypedMixin`."""
    help_ = rx.cond(_is_abroad(state), text("sign_up.tax_id_help"), text("sign_up.uscc_help"))
    return form_fields(CompanyForm, state, save=save, leave=leave, uscc={"label": _code_name(state), "help": help_})


def company_facts(state: Any) -> list[tuple[TextLike, Child]]:
    """Each field with what was given; a state with `TypedMixin` and `names`."""
    return [
        (
            _code_name(state) if name == "uscc" else text(asked.label),
            translated(state.names[name]) if asked.options else _or_dash(state.typed[name]),
        )
        for name, asked in CompanyForm.asked().items()
    ]


def _code_name(state: Any) -> rx.Var[str]:
    """A company of another country has a tax id."""
    return rx.cond(_is_abroad(state), text("sign_up.tax_id"), text("sign_up.uscc")).to(str)


def _is_abroad(state: Any) -> rx.Var[bool]:
    """`payers.company.is_abroad`, in the browser."""
    region = state.typed["region"].to(str)
    return (region != "") & ~region.startswith("CN-")


def _or_dash(value: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.cond(value != "", value, "—"), **VERBATIM)
