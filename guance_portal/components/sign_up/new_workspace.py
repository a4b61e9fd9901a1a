"""Pieces of the page that opens another workspace."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.rules import Edition
from guance_portal.components.base import TextLike, attributes
from guance_portal.components.buttons import submit
from guance_portal.components.choices import card_id, card_names, card_text
from guance_portal.components.field_frame import field_id, message
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form, hidden_field
from guance_portal.components.icons import icon
from guance_portal.components.messages import text
from guance_portal.components.sign_up.agreements import agreement_field
from guance_portal.components.sign_up.steps import language_field
from guance_portal.components.sign_up.workspace_fields import workspace_fields
from guance_portal.state.sign_up.workspaces_new import NewWorkspaceForm
from guance_portal.state.sign_up.workspaces_new import NewWorkspaceState as State


def new_workspace_form() -> rx.Component:
    """Name, language, edition, and the agreements that are not accepted yet."""
    return form(
        hidden_field("idempotency_key", State.idempotency_key),
        language_field(),
        workspace_fields(State.problems, leave=State.leave),
        _editions(),
        rx.cond(
            (State.edition == Edition.COMMERCIAL.value) & ~State.has_agreed,
            agreement_field(Edition.COMMERCIAL, problem=State.problems["agreements"]),
            hidden_field("versions", ""),
        ),
        submit(text("workspaces_new.open"), busy=State.is_busy, size="medium", is_wide=False),
        on_submit=State.open_workspace,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels={**form_labels(NewWorkspaceForm), "agreements": text("workspaces_new.agreements")},
    )


def _editions() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(text("workspaces_new.edition")),
        _edition(Edition.FREE, text("workspaces_new.free_detail")),
        rx.cond(
            State.fee_username != "",
            _edition(Edition.COMMERCIAL, text("workspaces_new.commercial_detail", name=State.fee_username)),
            _edition(
                Edition.COMMERCIAL, text("workspaces_new.commercial_means"), refused=text("errors.fee_account_missing")
            ),
        ),
        message(State.problems["edition"], id=f"{field_id('edition')}-problem"),
        id=field_id("edition"),
        class_name="gc-cards",
        custom_attrs=attributes(tabIndex=-1),
    )


def _edition(edition: Edition, detail: TextLike, *, refused: TextLike | None = None) -> rx.Component:
    why = (
        [rx.el.span(icon("lock", 14), rx.el.span(refused), class_name="gc-card-reason")] if refused is not None else []
    )
    id_ = card_id("edition", edition.value)
    return rx.el.label(
        rx.el.input(
            name="edition",
            type="radio",
            value=edition.value,
            checked=State.edition == edition.value,
            disabled=refused is not None,
            on_change=State.choose_edition(edition.value),
            custom_attrs=card_names(id_),
        ),
        card_text(
            id_,
            text(f"workspaces_new.{edition}"),
            rx.el.span(detail, class_name="gc-card-detail"),
            *why,
        ),
        class_name="gc-card" if refused is None else "gc-card refused",
    )
