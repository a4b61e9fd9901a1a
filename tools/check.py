"""What `make test` runs, in order, to the end; the closing line of the last pytest run comes last.

Names on the command line choose some of the steps.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")
# Most tests wait: for a server's start, a letter, a pause. Journeys share one server in each of the two processes.
TWO_AT_A_TIME = ("--numprocesses", "2")
STEPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "style": (("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "--quiet", ".")),
    "types": (("pyright", "-p", "pyproject.toml"),),
    "layers": (("importlinter.cli",),),
    "tests": ((*PYTEST, *TWO_AT_A_TIME, "--dist", "loadfile", "tests/unit", "tests/integration"),),
    # The browser has a process of its own: its synchronous driver and asyncio tests do not share one.
    "browser": (("tools.browser",), (*PYTEST, *TWO_AT_A_TIME, "tests/e2e")),
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
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
