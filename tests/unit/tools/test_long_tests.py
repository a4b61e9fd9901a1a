"""`make test-long`: what it reads of a run, and what it writes down."""

from __future__ import annotations

from tests.support.sizes import seeded
from tools.long_tests import document, read

HOW = "2026-11-30 | 7 | 3.11.2"
REPORT = """<testsuites><testsuite>
<testcase classname="tests.unit.wallet.test_x" name="test_good[a-1]" time="1.25"/>
<testcase classname="tests.unit.wallet.test_x" name="test_bad" time="2"><failure message="no">x</failure></testcase>
<testcase classname="tests.unit.wallet.test_x" name="test_idle" time="0"><skipped message="no server"/></testcase>
</testsuite></testsuites>"""
FILE = "tests/unit/wallet/test_x.py"


def test_the_outcomes_of_a_run_are_read() -> None:
    assert read(REPORT, HOW) == {
        f"{FILE}::test_good[a-1]": f"passed | 1.2 | {HOW}",
        f"{FILE}::test_bad": f"failed | 2.0 | {HOW}",
        f"{FILE}::test_idle": f"skipped | 0.0 | {HOW}",
    }


def test_the_page_has_a_row_for_each_test_of_today_run_or_not() -> None:
    page = document([f"{FILE}::test_bad", f"{FILE}::test_new"], read(REPORT, HOW))
    assert f"| `{FILE}::test_bad` | failed | 2.0 | {HOW} |\n" in page
    assert f"| `{FILE}::test_new` | not run yet | | | | |\n" in page
    assert "test_good" not in page


def test_chance_is_the_same_for_a_seed_and_differs_by_name() -> None:
    assert seeded("a").random() == seeded("a").random() != seeded("b").random()
