"""The language of an answer: the visitor's choice, else the browser's order of wishes."""

from __future__ import annotations

import pytest

from guance_portal.api.language import chosen, preferred
from guance_portal.core.messages import Language
from tests.unit.api.conftest import scope_of


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", Language.ZH),
        ("*", Language.ZH),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
        ("en-US,en;q=0.9,zh;q=0.8", Language.EN),
        ("en;q=0.3,zh;q=0.8", Language.ZH),
        ("zh;q=0,en", Language.EN),
        ("fr-FR,fr;q=0.9", Language.EN),
        ("fr,zh-HK;q=0.2", Language.ZH),
        (";;;q=x,en;q=oops", Language.EN),
        (",".join(["xx"] * 500), Language.EN),
    ],
)
def test_the_best_wish_we_can_meet_wins(accepted: str, language: Language) -> None:
    assert preferred(accepted) is language


@pytest.mark.parametrize(
    ("cookie", "language"), [("lang=en", Language.EN), ("lang=zh-CN", Language.ZH), ("lang=fr", None), ("", None)]
)
def test_a_choice_is_one_of_ours_or_none(cookie: str, language: Language | None) -> None:
    assert chosen(scope_of(cookie=cookie)) is language
