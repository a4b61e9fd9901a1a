"""Words in both languages: one name for one thing, and what fills their placeholders."""

from __future__ import annotations

import re

import pytest

from guance_portal.core.messages import Text, catalogue, text

_OTHER_NAMES = re.compile(r"(?i)\be-mails?\b|(?<!portal )\bmails?\b")


def test_an_email_is_called_so_everywhere() -> None:
    assert [key for key, said in catalogue().items() if _OTHER_NAMES.search(said.en)] == []


def test_a_value_fills_both_languages() -> None:
    assert text("billing.days", days=14) == Text(zh="14 天", en="14 days")


def test_a_value_that_is_words_itself_is_said_in_the_language_of_the_sentence() -> None:
    said = text("upgrade.effect.amount", item=text("metering.items.logs"), count="1,200")
    assert said == Text(zh="日志类数据 1,200", en="Log data 1,200")


def test_a_value_is_never_a_placeholder_itself() -> None:
    assert text("upgrade.effect.amount", item=Text("{count}", "{count}"), count="1").zh == "{count} 1"


def test_an_unknown_key_and_a_missing_value_are_mistakes() -> None:
    with pytest.raises(KeyError):
        text("billing.nothing_of_this_name")
    with pytest.raises(KeyError):
        text("billing.days", other=1)
