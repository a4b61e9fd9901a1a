"""What `make test` runs, in order and to the end; the closing line of the last pytest run comes last.

Names on the command line choose some of the steps. Up to twenty tests with servers or a browser (of some 4,900) that
failed run once more, alone: on two busy cores they can be kept waiting beyond their time. One that passes then is named;
nothing else is forgiven.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

MOST_SECOND_CHANCES = 20
SECOND_CHANCES = {"tests/integration", "tests/e2e"}
TESTS_FAILED = 1
ROOT = Path(__file__).resolve().parents[1]
PYTEST = ("pytest", "-q", "-o", "cache_dir=.make/pytest")
FAILED_LAST = ROOT / ".make/pytest/v/cache/lastfailed"
DRAWN = ("tests/unit/components", "tests/unit/state")
UNDRAWN = tuple(f"--ignore={folder}" for folder in DRAWN)
STEPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "style": (("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "--quiet", ".")),
    "types": (("pyright", "-p", "pyproject.toml"),),
    "layers": (("importlinter.cli",),),
    # Rules are covered by unit tests alone and whole: every branch (pyproject.toml, tool.coverage). To be watched doubles
    # the time of a test, so those of what is drawn, which has no rules, are not.
    "unit": (
        (*PYTEST, "--numprocesses=2", *DRAWN),
        (*PYTEST, "--numprocesses=2", "--cov", "--cov-report=term:skip-covered", "tests/unit", *UNDRAWN),
    ),
    # Most of these wait: for a server's start, an email, a pause. So two cores do the work of three processes.
    "integration": ((*PYTEST, "--numprocesses=3", "tests/integration"),),
    # The browser has a process of its own: its synchronous driver and asyncio tests do not share one.
    # Journeys share one server in each of two.
    "browser": ((*PYTEST, "--numprocesses=2", "--dist=loadfile", "tests/e2e"),),
}
AHEAD: dict[tuple[str, ...], set[str]] = {
    ("guance_portal", "build"): {"integration", "browser"},
    ("tools.browser",): {"browser"},
    ("tools.pooler",): {"integration"},
}
"""What is made beside the first steps, and the steps that wait for it: the pages to serve, Chromium, PgBouncer."""


def main(chosen: list[str]) -> int:
    """Run the steps, all of them even after one has failed; 1 when any did."""
    names, failed = chosen or list(STEPS), False
    ahead = {command: _start(*command) for command, users in AHEAD.items() if users & set(names)}
    for name in names:
        started = time.monotonic()
        needed = [ahead.pop(command) for command in list(ahead) if name in AHEAD[command]]
        is_broken = any([*(made.wait() for made in needed), *map(_run, STEPS[name])])
        failed = failed or is_broken
        if name != names[-1]:
            print(f"-- {name}: {'FAILED' if is_broken else 'ok'} ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if failed else 0


def _run(command: tuple[str, ...]) -> int:
    if command == ("importlinter.cli",):
        lint = Path(sys.executable).with_name("lint-imports")
        return subprocess.run([lint, "--no-cache"], cwd=ROOT, check=False).returncode
    FAILED_LAST.unlink(missing_ok=True)
    code = _start(*command).wait()
    return _again(command) if SECOND_CHANCES & set(command) and code == TESTS_FAILED else code


def _again(command: tuple[str, ...]) -> int:
    """Run what failed once more, one after the other."""
    failed: list[str] = list(json.loads(FAILED_LAST.read_text("utf-8"))) if FAILED_LAST.exists() else []
    if not 0 < len(failed) <= MOST_SECOND_CHANCES:
        return TESTS_FAILED
    print(f"-- once more: {', '.join(failed)}", flush=True)
    alone = tuple(argument for argument in command if not argument.startswith(("--numprocesses", "--dist")))
    code = _start(*alone, "--last-failed").wait()
    if not code:
        print(f"-- passed at the second try only: {', '.join(failed)}", flush=True)
    return code


def _start(*command: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
