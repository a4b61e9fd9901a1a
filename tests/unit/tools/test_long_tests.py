"""`make test-long`: what it reads of a run, and what it writes down."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.sizes import seeded
from tools.long_tests import Outcome, document, read

REPORT = """<testsuites><testsuite>
<testcase classname="tests.unit.wallet.test_x" name="test_good" time="1.25"/>
<testcase classname="tests.unit.wallet.test_x" name="test_bad" time="2"><failure message="no">x</failure></testcase>
<testcase classname="tests.unit.wallet.test_x" name="test_idle" time="0"><skipped message="no server"/></testcase>
</testsuite></testsuites>"""


def test_the_outcomes_of_a_run_are_read() -> None:
    assert [(one.state, one.seconds) for one in read(REPORT)] == [("passed", 1.25), ("failed", 2), ("skipped", 0)]
    assert read(REPORT)[0].name == "unit/wallet/test_x: test_good"


def test_the_page_names_the_seed_and_each_test() -> None:
    page = document([Outcome("unit/x: test_y", "passed", 3.21)], "7", datetime(2026, 11, 30, tzinfo=UTC), 600)
    assert "2026-11-30, seed 7" in page
    assert "| unit/x: test_y | passed | 3.2 |" in page


def test_chance_is_the_same_for_a_seed_and_differs_by_name() -> None:
    assert seeded("a").random() == seeded("a").random() != seeded("b").random()
