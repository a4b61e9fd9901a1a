"""Reads the agreements from their files: `agreements.toml` and one Markdown file per language beside it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from guance_portal.accounts.rules import Edition
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Language, Text

_FOLDER = Path(__file__).parent
_FIELD = "agreements"


class AgreementKind(StrEnum):
    """What may be agreed to."""

    COMMERCIAL = "commercial"
    FREE = "free"
    PRIVACY = "privacy"


_REQUIRED = {
    Edition.COMMERCIAL: (AgreementKind.COMMERCIAL, AgreementKind.PRIVACY),
    Edition.FREE: (AgreementKind.FREE, AgreementKind.PRIVACY),
}


class AgreementMissingError(PortalError, code="errors.agreement_missing"):
    """An agreement that is needed was not accepted."""


class AgreementOutdatedError(PortalError, code="errors.agreement_outdated"):
    """Another version was accepted than the one now in force."""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of an agreement."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement in force. `minutes` is how long reading it takes, in whole minutes."""

    kind: AgreementKind
    version: str
    effective: date
    title: Text
    sources: dict[Language, str]

    def text_hash(self, language: Language) -> str:
        """The SHA-256 in hex of the text in one language (UTF-8), as kept with each consent."""
        return hashlib.sha256(self.sources[language].encode()).hexdigest()

    def sections(self, language: Language) -> tuple[Section, ...]:
        """The text of one language, ready to be laid out."""
        _, *parts = self.sources[language].split("\n## ")
        return tuple(_section(part) for part in parts)

    def minutes(self, language: Language) -> int:
        """How long reading takes: 400 Chinese characters or 220 English words a minute."""
        source = self.sources[language]
        count = len(source) / 400 if language is Language.ZH else len(source.split()) / 220
        return max(1, round(count))


@dataclass(frozen=True, slots=True)
class Accepted:
    """An agreement that somebody says to have read: the version that was on the screen."""

    kind: AgreementKind
    version: str


@cache
def current(kind: AgreementKind) -> Agreement:
    """The agreement now in force."""
    entry = tomllib.loads((_FOLDER / "agreements.toml").read_text("utf-8"))[kind.value]
    return Agreement(
        kind=kind,
        version=entry["version"],
        effective=entry["effective"],
        title=Text(**entry["title"]),
        sources={language: _source(kind, language) for language in Language},
    )


def required_for(edition: Edition) -> tuple[Agreement, ...]:
    """What must be accepted to sign up for an edition."""
    return tuple(current(kind) for kind in _REQUIRED[edition])


def require(needed: Iterable[Agreement], accepted: Iterable[Accepted]) -> tuple[Agreement, ...]:
    """The needed agreements, all accepted; raises AgreementMissingError, AgreementOutdatedError."""
    versions = {one.kind: one.version for one in accepted}
    agreed = tuple(needed)
    if any(agreement.kind not in versions for agreement in agreed):
        raise AgreementMissingError(field=_FIELD)
    if any(versions[agreement.kind] != agreement.version for agreement in agreed):
        raise AgreementOutdatedError(field=_FIELD)
    return agreed


def _source(kind: AgreementKind, language: Language) -> str:
    return (_FOLDER / f"{kind}.{language}.md").read_text("utf-8")


def _section(part: str) -> Section:
    heading, _, body = part.partition("\n")
    return Section(heading.strip(), tuple(line.strip() for line in body.splitlines() if line.strip()))
