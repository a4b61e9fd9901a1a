"""Agreements: the checkbox with its links, and the dialog with the full text."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.accounts.rules import Edition
from guance_portal.components.base import Problem
from guance_portal.components.buttons import button
from guance_portal.components.choices import checkbox
from guance_portal.components.dialog import dialog
from guance_portal.components.forms import hidden_field
from guance_portal.components.messages import LANGUAGE, pick, text, translated
from guance_portal.onboarding import agreements
from guance_portal.state.sign_up.agreement import AgreementState


def agreement_field(edition: Edition, *, problem: Problem) -> rx.Component:
    """Unchecked at first; each title opens the full text. Sends `agreements` and the `versions` that were shown."""
    needed = agreements.required_for(edition)
    words: list[Any] = [text("sign_up.agree"), " "]
    for index, agreement in enumerate(needed):
        words += [" ", text("sign_up.and"), " "] if index else []
        words.append(
            button(
                pick(f"《{agreement.title.zh}》", agreement.title.en),
                kind="link",
                on_click=AgreementState.read_agreement(agreement.kind.value).prevent_default,
            )
        )
    shown = " ".join(f"{agreement.kind}:{agreement.version}" for agreement in needed)
    return rx.fragment(
        checkbox("agreements", *words, problem=problem),
        hidden_field("versions", shown),
    )


def agreement_dialog() -> rx.Component:
    """The text of the agreement whose title was pressed, with version and date."""
    return dialog(
        agreement_text(AgreementState.chinese, AgreementState.english),
        id="agreement",
        title=translated(AgreementState.title),
        description=translated(AgreementState.edition),
        is_open=AgreementState.is_open,
        on_close=AgreementState.close_agreement,
        footer=(button(text("agreement.done"), on_click=AgreementState.close_agreement),),
        width="agreement",
    )


def agreement_text(chinese: Any, english: Any) -> rx.Component:
    """Sections of an agreement, in the language of the page."""
    return rx.cond(LANGUAGE == "en", _text(english), _text(chinese))


def _text(sections: Any) -> rx.Component:
    return rx.el.article(rx.foreach(sections, _section), class_name="gc-agreement")


def _section(section: Any) -> rx.Component:
    return rx.el.section(rx.el.h3(section.heading), rx.foreach(section.paragraphs, _paragraph))


def _paragraph(words: rx.Var[str]) -> rx.Component:
    return rx.el.p(words)
