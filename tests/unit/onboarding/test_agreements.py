"""The agreements: complete, alike in both languages, and never changed under the same version."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from guance_portal.accounts.codes import rules as code_rules
from guance_portal.accounts.rules import Edition
from guance_portal.core.messages import Language
from guance_portal.metering.rules import NOTICE_AT
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import (
    Accepted,
    AgreementKind,
    AgreementMissingError,
    AgreementOutdatedError,
    library,
)
from guance_portal.onboarding.rules import DRAFT_LIFE

EARLIER = Path(library.__file__).with_name("earlier")
PINNED = tomllib.loads(Path(library.__file__).with_name("agreements.toml").read_text("utf-8"))
EVERY = [(kind, language) for kind in AgreementKind for language in Language]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_text_cannot_change_without_a_new_pin_beside_version_and_date(
    kind: AgreementKind, language: Language
) -> None:
    assert agreements.current(kind).text_hash(language) == PINNED[kind.value]["sha256"][language.value]


@pytest.mark.parametrize("pin", PINNED["earlier"], ids=lambda pin: f"{pin['kind']}-{pin['version']}")
@pytest.mark.parametrize("language", Language)
def test_an_earlier_version_stays_as_it_was_accepted(pin: dict[str, Any], language: Language) -> None:
    source = EARLIER / f"{pin['kind']}-{pin['version']}.{language}.md"
    assert hashlib.sha256(source.read_bytes()).hexdigest() == pin["sha256"][language.value]
    now = agreements.current(AgreementKind(pin["kind"]))
    assert (pin["version"], pin["effective"]) < (now.version, now.effective)


def test_every_earlier_text_is_pinned() -> None:
    pinned = {f"{pin['kind']}-{pin['version']}.{language}.md" for pin in PINNED["earlier"] for language in Language}
    assert {source.name for source in EARLIER.iterdir()} == pinned


@pytest.mark.parametrize(
    ("kind", "clause", "numbers"),
    [
        (AgreementKind.FREE, "2.2", NOTICE_AT),
        (AgreementKind.PRIVACY, "2.3", (code_rules.LIFE.seconds // 60,)),
        (AgreementKind.PRIVACY, "3.2", (DRAFT_LIFE.days,)),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_a_number_of_a_clause_is_that_of_the_code(
    kind: AgreementKind, clause: str, numbers: tuple[int, ...], language: Language
) -> None:
    every = [text for section in agreements.current(kind).sections(language) for text in section.paragraphs]
    (said,) = [text.removeprefix(f"{clause} ") for text in every if text.startswith(f"{clause} ")]
    assert [int(found) for found in re.findall(r"(?<![A-Za-z])\d+", said)] == list(numbers)


@pytest.mark.parametrize("kind", AgreementKind)
def test_both_languages_have_the_same_numbered_clauses(kind: AgreementKind) -> None:
    agreement = agreements.current(kind)
    chinese, english = (agreement.sections(language) for language in (Language.ZH, Language.EN))
    assert len(chinese) == len(english) >= 7

    def clauses(language: Language) -> list[list[str]]:
        return [[text.split(" ")[0] for text in section.paragraphs] for section in agreement.sections(language)]

    assert clauses(Language.ZH) == clauses(Language.EN)
    for number, section in enumerate(clauses(Language.ZH), start=1):
        assert section == [f"{number}.{place}" for place in range(1, len(section) + 1)]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_nothing_of_a_text_is_lost_when_it_is_laid_out(kind: AgreementKind, language: Language) -> None:
    agreement = agreements.current(kind)
    shown = [part for section in agreement.sections(language) for part in (section.heading, *section.paragraphs)]
    source = [line.removeprefix("## ") for line in agreement.sources[language].splitlines() if line.strip()]
    assert shown == source[1:]
    assert source[0] == f"# {agreement.title.in_(language)}"


@pytest.mark.parametrize("kind", AgreementKind)
def test_no_chinese_stands_in_an_english_text(kind: AgreementKind) -> None:
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", agreements.current(kind).sources[Language.EN])


def test_how_long_reading_takes_is_told_in_minutes() -> None:
    assert agreements.current(AgreementKind.COMMERCIAL).minutes(Language.ZH) in range(4, 8)


def test_all_agreements_of_an_edition_are_needed_in_the_version_in_force() -> None:
    needed = agreements.required_for(Edition.FREE)
    given = [Accepted(one.kind, one.version) for one in needed]
    assert agreements.require(needed, given) == needed
    with pytest.raises(AgreementMissingError):
        agreements.require(needed, given[:1])
    with pytest.raises(AgreementOutdatedError):
        agreements.require(needed, [given[0], Accepted(given[1].kind, "0.9")])
    with pytest.raises(AgreementMissingError):
        agreements.require(needed, [Accepted(AgreementKind.COMMERCIAL, "1.0"), given[1]])
