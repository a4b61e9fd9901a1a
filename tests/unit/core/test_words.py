"""The words of the product: one name for one thing."""

from __future__ import annotations

import re

from guance_portal.core.words import catalogue

_OTHER_NAMES = re.compile(r"(?i)\be-mails?\b|(?<!portal )\bmails?\b")


def test_an_email_is_called_so_everywhere() -> None:
    assert [key for key, said in catalogue().items() if _OTHER_NAMES.search(said.en)] == []
