"""What `make test` runs, in order, to the end; the closing line of the last pytest run comes last.

Names on the command line choose some of the steps. Up to three tests that failed run once more, alone: two busy cores
can keep a browser or a live page waiting beyond its time. One that passes then is named; nothing else is forgiven.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

MOST_SECOND_CHANCES = 3
TESTS_FAILED = 1
ROOT = Path(__file__).resolve().parents[1]
PYTEST = ("pytest", "-q", "-o", "cache_dir=.make/pytest")
FAILED_LAST = ROOT / ".make/pytest/v/cache/lastfailed"
STEPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "style": (("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "--quiet", ".")),
    "types": (("pyright", "-p", "pyproject.toml"),),
    "layers": (("importlinter.cli",),),
    # Most tests wait: for a server's start, a letter, a pause. So two cores do the work of three processes.
    "tests": ((*PYTEST, "--numprocesses=3", "--dist=loadfile", "tests/unit", "tests/integration"),),
    # The browser has a process of its own: its synchronous driver and asyncio tests do not share one.
    # Journeys share one server in each of two.
    "browser": (("tools.browser",), (*PYTEST, "--numprocesses=2", "tests/e2e")),
}


def main(chosen: list[str]) -> int:
    """Run the steps, all of them even after one has failed; 1 when any did."""
    names, failed = chosen or list(STEPS), False
    for name in names:
        started = time.monotonic()
        is_broken = any(code for code in [*map(_run, STEPS[name])])
        failed = failed or is_broken
        if name != names[-1]:
            print(f"-- {name}: {'FAILED' if is_broken else 'ok'} ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if failed else 0


def _run(command: tuple[str, ...]) -> int:
    if command == ("importlinter.cli",):
        return subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, check=False
        ).returncode
    FAILED_LAST.unlink(missing_ok=True)
    code = _module(*command)
    return _again(command) if command[0] == "pytest" and code == TESTS_FAILED else code


def _again(command: tuple[str, ...]) -> int:
    """Run what failed once more, one after the other."""
    failed: list[str] = list(json.loads(FAILED_LAST.read_text("utf-8"))) if FAILED_LAST.exists() else []
    if not 0 < len(failed) <= MOST_SECOND_CHANCES:
        return TESTS_FAILED
    print(f"-- once more: {', '.join(failed)}", flush=True)
    alone = tuple(argument for argument in command if not argument.startswith(("--numprocesses", "--dist")))
    code = _module(*alone, "--last-failed")
    if not code:
        print(f"-- passed at the second try only: {', '.join(failed)}", flush=True)
    return code


def _module(*command: str) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
