"""`make test-long`: the tests marked `long` in their whole size, one after the other; writes the results to docs/long-tests.md.

`TEST_SEED=7 make test-long` takes another seed than 1. Names of files or folders on the command line choose some of them; the
results of the others stay as they were.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "docs" / "long-tests.md"
EVERY = ("tests/unit", "tests/integration")
HOURS = 2
"""A test that takes longer hangs."""
NOT_RUN = "not run yet | | | |"
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "long")
_STATES = {"failure": "failed", "error": "failed", "skipped": "skipped"}
_ROW = re.compile(r"^\| `(tests/\S.*?)` \| (.+) \|$", re.MULTILINE)
_HEAD = """# The long tests

`make test-long` runs the tests marked `long` in their whole size (`tests/support/sizes.py`); `make test` runs the same tests in
a small one. It writes this page: the last result of each.

| Test | Outcome | Seconds | Day | Seed | Python |
|---|---|---|---|---|---|
"""


def main(chosen: list[str]) -> int:
    """Run them; 1 when one failed."""
    seed = os.environ.get("TEST_SEED", "1")
    how = f"{datetime.now(UTC):%Y-%m-%d} | {seed} | {platform.python_version()}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = _run(chosen or list(EVERY), seed, report)
        fresh = read(report.read_text("utf-8"), how) if report.exists() else {}
    before = dict(_ROW.findall(RESULT.read_text("utf-8"))) if RESULT.exists() else {}
    RESULT.write_text(document(_names(), {**before, **fresh}), "utf-8")
    return code


def _run(where: list[str], seed: str, report: Path) -> int:
    options = [f"--timeout={HOURS * 3600}", f"--hypothesis-seed={seed}", f"--junitxml={report}"]
    environment = {**os.environ, "TEST_LONG": "1", "TEST_SEED": seed, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*_PYTEST, *options, *where], cwd=ROOT, env=environment, check=False).returncode


def _names() -> list[str]:
    """Every long test of today in its whole size, as pytest names it."""
    environment = {**os.environ, "TEST_LONG": "1", "PYTHONPATH": str(ROOT)}
    asked = [*_PYTEST, "--collect-only", *EVERY]
    told = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False).stdout
    return [line for line in told.splitlines() if line.startswith("tests/") and "::" in line]


def read(xml: str, how: str) -> dict[str, str]:
    """The row of each test of a report of pytest; `how` is what all of them share."""
    cases = ET.fromstring(xml).iter("testcase")  # noqa: S314 - pytest's own
    return dict(_row(case, how) for case in cases)


def _row(case: ET.Element, how: str) -> tuple[str, str]:
    state = next((_STATES[child.tag] for child in case if child.tag in _STATES), "passed")
    name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
    return name, f"{state} | {float(case.get('time', '0')):.1f} | {how}"


def document(names: Iterable[str], known: Mapping[str, str]) -> str:
    """The page, with a row for each of the tests."""
    return _HEAD + "".join(f"| `{name}` | {known.get(name, NOT_RUN)} |\n" for name in names)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
