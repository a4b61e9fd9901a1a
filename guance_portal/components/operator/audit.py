"""The audit as operators read it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import link_button, submit
from guance_portal.components.feedback import empty_state
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import plain_form
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.accounts import turning
from guance_portal.state.operator.audit import AuditSearch
from guance_portal.state.operator.audit import OperatorAuditState as Audit

_FIELDS: dict[str, Any] = {name: {"serial": Audit.serial} for name in AuditSearch.asked()}
# The acts come with the answer, and after the choice among them: a new select takes the choice that the address names.
_FIELDS["act"] = {
    "rows": Audit.acts,
    "anything": text("operator.any_act"),
    "draft": None,
    "default_value": Audit.typed["act"],
    "key": Audit.serial,
}


def audit_search() -> rx.Component:
    """By whom, about what, of which kind, and when."""
    return plain_form(
        *form_fields(AuditSearch, Audit, has_marks=False, **_FIELDS),
        submit(text("operator.find"), kind="secondary", size="large", is_wide=False),
        on_submit=Audit.find,
        class_name="gc-pricing-choice",
    )


def audit_list() -> rx.Component:
    """The entries as sentences."""
    return rx.cond(
        Audit.rows.length() > 0,
        rx.fragment(
            rx.el.ol(rx.foreach(Audit.rows, _entry), class_name="gc-audit"),
            turning(Audit.place, Audit.earlier, Audit.later),
        ),
        empty_state(
            text("operator.no_entry"),
            text("operator.no_entry_lead"),
            icon_name="search-x",
            action=link_button(text("operator.show_all"), href=routes.OPERATOR_AUDIT, kind="secondary"),
        ),
    )


def _entry(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(translated(row.sentence), **VERBATIM),
            rx.el.small(
                translated(row.at),
                rx.cond(row.address != "", rx.fragment(" · ", row.address), rx.fragment()),
            ),
            rx.cond(
                row.reason.zh != "",
                rx.el.small(
                    text("operator.reason"), text("form.colon"), rx.el.span(translated(row.reason), **VERBATIM)
                ),
                rx.fragment(),
            ),
            class_name="gc-audit-said",
        ),
        rx.el.details(
            rx.el.summary(text("operator.raw")),
            rx.el.pre(row.raw, tab_index=0, **VERBATIM),
            class_name="gc-audit-raw",
        ),
    )
