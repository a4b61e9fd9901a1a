"""The pure rules of emails: delays, values, and what odd names turn into."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.mail import rules

NEEDED = frozenset({"name", "link"})
VALUES = {"name": "Lin", "link": "https://portal.example/reset?token=x"}


def test_the_delay_doubles_from_fifteen_seconds_to_two_hours() -> None:
    delays = [rules.delay_after(attempts, 0.5) for attempts in (1, 2, 3, 9, 10, 20, 1000)]
    seconds = [15, 30, 60, 15 * 2**8, 7200, 7200, 7200]
    assert delays == [timedelta(seconds=second) for second in seconds]


def test_an_email_is_given_up_after_about_a_day() -> None:
    total = sum((rules.delay_after(attempts, 0.5) for attempts in range(1, rules.MAX_ATTEMPTS)), timedelta())
    assert timedelta(hours=22) < total < timedelta(hours=26)


@given(attempts=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_jitter_moves_a_delay_by_a_quarter_at_most(attempts: int, jitter: float) -> None:
    middle = rules.delay_after(attempts, 0.5)
    assert middle * 0.75 <= rules.delay_after(attempts, jitter) <= middle * 1.25


@given(st.text())
def test_no_text_with_a_line_break_or_a_second_address_counts_as_an_address(text: str) -> None:
    for glue in ("\r\n", "\n", "\r", "\u2028", ",", ";", " ", "<", "\x00"):
        assert not rules.is_address(f"lin@yunfan.example{glue}{text}")


@pytest.mark.parametrize("address", ["lin@yunfan.example", "l+n.z'x@mail.yunfan.example", "林@例子.example"])
def test_plain_addresses_in_any_script_count_as_addresses(address: str) -> None:
    assert rules.is_address(address)


def test_values_must_be_exactly_the_needed_ones() -> None:
    rules.check_values(VALUES, NEEDED, frozenset())
    for wrong in ({"name": "Lin"}, VALUES | {"more": "x"}, VALUES | {"name": ""}, VALUES | {"name": "x" * 4001}):
        with pytest.raises(rules.EmailError):
            rules.check_values(wrong, NEEDED, frozenset())


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_value_of_the_subject_is_one_line(end: str) -> None:
    broken = VALUES | {"name": f"Lin{end}Bcc: all@yunfan.example"}
    rules.check_values(broken, NEEDED, frozenset())
    with pytest.raises(rules.EmailError, match="subject"):
        rules.check_values(broken, NEEDED, frozenset({"name"}))


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "//evil.example", "/reset", "https://", "https://a b.example", "https://a.example/\n", "x"],
)
def test_a_link_is_a_web_address(link: str) -> None:
    with pytest.raises(rules.EmailError, match="http"):
        rules.check_values(VALUES | {"link": link}, NEEDED, frozenset())


def test_a_name_cannot_turn_the_sentence_around_it() -> None:
    assert rules.shown("Lin\u202egnp.exe\u202c") == "Lingnp.exe"
    assert rules.isolated("שלום") == "\u2068שלום\u2069"
    assert rules.isolated("Lin 林") == "Lin 林"


def test_a_name_stays_on_one_line_without_control_characters() -> None:
    assert rules.shown(" Lin\r\n\tBcc:\x00 all\x1b[31m ") == "Lin Bcc: all[31m"
    assert rules.shown("a\ud800b") == "a\ufffdb"


def test_a_long_name_is_cut_between_characters() -> None:
    assert rules.shown("林" * 500) == "林" * 119 + "…"
    family = "👩\u200d👩\u200d👧"
    for lead in range(6):
        cut = rules.shown("x" * lead + family * 100)
        assert len(cut) <= 120
        assert not cut[:-1].endswith("\u200d")
    assert rules.shown("e\u0301" * 100).count("\u0301") == rules.shown("e\u0301" * 100).count("e")


@given(st.text())
def test_whatever_is_shown_is_short_printable_and_stable(value: str) -> None:
    shown = rules.shown(value)
    assert len(shown) <= 120
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert rules.shown(shown) == shown


def test_links_and_codes_are_scrubbed_and_nothing_else() -> None:
    values = {"name": "Lin", "link": "https://x.example", "accept_link": "https://y.example", "code": "123456"}
    assert rules.scrubbed(values) == {
        "name": "Lin",
        "link": rules.SCRUBBED_LINK,
        "accept_link": rules.SCRUBBED_LINK,
        "code": rules.SCRUBBED_CODE,
    }


def test_an_email_whose_secret_is_gone_is_known_as_such() -> None:
    values = {"name": "林知夏", "code": "493027"}
    assert not rules.is_scrubbed(values)
    assert rules.is_scrubbed(rules.scrubbed(values))
    assert not rules.is_scrubbed({"name": "林知夏"})
