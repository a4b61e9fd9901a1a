"""What an API key is called and looks like."""

from __future__ import annotations

import re

import pytest

from guance_portal.accounts.keys.errors import KeyNameMissingError, KeyNameTooLongError
from guance_portal.accounts.keys.rules import LONGEST_NAME, PREFIX, beginning_of, key_name, new_key
from guance_portal.core.errors import PortalError
from guance_portal.core.names import NameAddressError


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (" ", KeyNameMissingError),
        ("x" * (LONGEST_NAME + 1), KeyNameTooLongError),
        ("https://evil.example/x", NameAddressError),
    ],
)
def test_a_name_that_cannot_stand_in_a_list_is_refused(typed: str, error: type[PortalError]) -> None:
    with pytest.raises(error):
        key_name(typed)


def test_a_name_is_kept_without_what_stands_around_it() -> None:
    assert key_name("  计费  上报 ") == "计费 上报"


def test_keys_are_long_differ_and_are_told_apart_by_their_beginning() -> None:
    key = new_key()
    assert re.fullmatch(f"{PREFIX}[0-9a-f]{{48}}", key)
    assert key != new_key()
    assert key.startswith(beginning_of(key))
    assert len(beginning_of(key)) == len(PREFIX) + 4
