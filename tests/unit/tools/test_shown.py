"""The film and the README's picture show pages that say nearly what they said when they were recorded."""

from __future__ import annotations

import json

import pytest

from guance_portal.components.guide.welcome import SCENES
from guance_portal.core.messages import Language, text
from guance_portal.pages.page import Page
from tools import shown

VIDEO = shown.RECORD.parents[2] / "assets" / "video"


@pytest.mark.parametrize("page", shown.PAGES, ids=lambda page: page.route)
def test_a_recorded_page_has_changed_by_a_tenth_of_its_words_at_most(page: Page) -> None:
    recorded = json.loads(shown.RECORD.read_text("utf-8"))[page.route]
    present = shown.words(page)
    assert shown.lag(recorded, present) <= shown.MOST, "the film and the picture are out of date: run `make film`"


@pytest.mark.parametrize("language", Language)
def test_the_captions_are_the_words_of_the_scenes(language: Language) -> None:
    captions = (VIDEO / f"welcome.{language.value[:2]}.vtt").read_text("utf-8")
    missing = [scene for scene in SCENES if text(f"welcome.scene.{scene}").in_(language) not in captions]
    assert missing == [], "run `.venv/bin/python -m tools.make_video captions`"


def test_what_changed_is_measured_by_both_sides() -> None:
    assert shown.lag(["a", "b"], ["a", "b"]) == 0
    assert shown.lag(["a", "b", "c"], ["a", "b", "d"]) == 0.5
    assert shown.lag(["a"], ["b"]) == 1
    assert shown.lag([], []) == 0
