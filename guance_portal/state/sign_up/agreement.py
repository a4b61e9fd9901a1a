"""The full text of an agreement, read in a dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal.core.messages import Language, Text, text
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.state.audience import ANYONE, audience


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A part of the text in one language."""

    heading: str
    paragraphs: list[str]


class AgreementState(rx.State):
    """The agreement shown; its text comes when the dialog opens, so that no page carries it."""

    is_open: rx.Field[bool] = rx.field(default=False)
    title: rx.Field[Text] = rx.field(default_factory=Text)
    edition: rx.Field[Text] = rx.field(default_factory=Text)
    chinese: rx.Field[list[SectionRow]] = rx.field(default_factory=list)
    english: rx.Field[list[SectionRow]] = rx.field(default_factory=list)

    @audience(ANYONE)
    @rx.event
    def read_agreement(self, kind: Annotated[str, Field(max_length=20)]) -> None:
        """Open the dialog with the agreement now in force."""
        if kind not in set(AgreementKind):
            return
        agreement = agreements.current(AgreementKind(kind))
        self.title = agreement.title
        self.edition = text("agreement.edition", version=agreement.version, date=agreement.effective.isoformat())
        self.chinese, self.english = section_rows(agreement, Language.ZH), section_rows(agreement, Language.EN)
        self.is_open = True

    @audience(ANYONE)
    @rx.event
    def close_agreement(self) -> None:
        """Close the dialog."""
        self.is_open = False


def section_rows(agreement: agreements.Agreement, language: Language) -> list[SectionRow]:
    """The parts of an agreement in one language."""
    return [SectionRow(section.heading, list(section.paragraphs)) for section in agreement.sections(language)]
