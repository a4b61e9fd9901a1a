"""`make test-long`: the tests marked `long` in their whole size, one after the other; writes the result to docs/long-tests.md.

`TEST_SEED=7 make test-long` takes another seed than 1. Names of files or folders on the command line choose some of them; then
nothing is written.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "docs" / "long-tests.md"
EVERY = ("tests/unit", "tests/integration")
HOURS = 2
"""A test that takes longer hangs."""
_STATES = {"failure": "failed", "error": "failed", "skipped": "skipped"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test: its file and name, what became of it, and in how many seconds."""

    name: str
    state: str
    seconds: float


def main(chosen: list[str]) -> int:
    """Run them; 1 when one failed."""
    seed, started = os.environ.get("TEST_SEED", "1"), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = _run(chosen or list(EVERY), seed, report)
        outcomes = read(report.read_text("utf-8")) if report.exists() else []
    if outcomes and not chosen:
        RESULT.write_text(document(outcomes, seed, datetime.now(UTC), time.monotonic() - started), "utf-8")
    return code


def _run(where: list[str], seed: str, report: Path) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-o", "cache_dir=.make/pytest", "-m", "long"]
    options = [f"--timeout={HOURS * 3600}", f"--hypothesis-seed={seed}", "-p", "no:randomly", f"--junitxml={report}"]
    environment = {**os.environ, "TEST_LONG": "1", "TEST_SEED": seed, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*command, *options, *where], cwd=ROOT, env=environment, check=False).returncode


def read(xml: str) -> list[Outcome]:
    """The outcomes of a report of pytest."""
    cases = ET.fromstring(xml).iter("testcase")  # noqa: S314 - pytest's own
    return [_outcome(case) for case in cases]


def _outcome(case: ET.Element) -> Outcome:
    state = next((_STATES[child.tag] for child in case if child.tag in _STATES), "passed")
    module = case.get("classname", "").removeprefix("tests.").replace(".", "/")
    return Outcome(f"{module}: {case.get('name')}", state, float(case.get("time", "0")))


def document(outcomes: Iterable[Outcome], seed: str, at: datetime, seconds: float) -> str:
    """The page that says what the last run did."""
    rows = [f"| {one.name} | {one.state} | {one.seconds:.1f} |" for one in outcomes]
    return "\n".join(
        [
            "# The long tests",
            "",
            "`make test-long` runs the tests marked `long` in their whole size (`tests/support/sizes.py`); `make test` runs the same",
            "tests in a small one. It writes this page: the last run, one test after the other.",
            "",
            f"{at:%Y-%m-%d}, seed {seed}, Python {platform.python_version()}, {os.cpu_count()} cores, {seconds / 60:.0f} minutes.",
            "",
            "| Test | Outcome | Seconds |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
