"""A new billing item is one row, its words and a price; forgetting one of the last two is noticed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
TABLE = "tests/unit/metering/test_items.py"
GATEWAY = "tests/integration/metering/test_items.py"


def run(*tests: str, forgotten: str = "") -> tuple[set[str], set[str]]:
    """The tests of the new item that pass, and those that fail, where a developer has added one (`support/new_item`)."""
    options = ["-q", "-rpf", "-p", "tests.support.new_item", "-p", "no:cacheprovider"]
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-k", "replays and not session_replays", *tests],
        cwd=ROOT,
        env={**os.environ, "NEW_ITEM_WITHOUT": forgotten},
        capture_output=True,
        text=True,
        check=False,
    )
    passed, failed = (
        set(re.findall(rf"^{word} \S+::(\w+)", outcome.stdout, re.MULTILINE)) for word in ("PASSED", "FAILED")
    )
    assert passed | failed, outcome.stdout + outcome.stderr
    return passed, failed


def test_forgotten_words_and_a_forgotten_price_are_noticed() -> None:
    _, failed = run(TABLE, forgotten="words price")
    assert failed == {
        "test_an_item_has_a_name_and_a_measure_in_words",
        "test_a_metered_item_says_what_is_counted",
        "test_an_item_has_a_price_or_is_free",
        "test_what_the_gateway_counts_has_a_price_or_is_free_at_every_site",
    }


def test_an_item_with_a_category_of_its_own_is_one_row() -> None:
    passed, failed = run(TABLE, GATEWAY)
    assert failed == set()
    assert {
        "test_an_item_has_a_name_and_a_measure_in_words",
        "test_a_category_counts_for_its_item_as_its_row_says",
        "test_a_full_quota_refuses_all_but_what_is_always_taken",
    } <= passed
