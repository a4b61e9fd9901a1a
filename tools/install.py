"""Makes `.venv` hold exactly what the given lock files say; quick when it already does.

Runs on the system's Python, so it uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "portal-install.stamp"
LINK = "guance-portal.pth"


def main(locks: list[str]) -> int:
    """Install what is missing; 0 when the environment is ready."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very line tells an older Python's user what to do
        print(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Try make PYTHON=python3.12 ..."
        )
        return 2
    wanted = [f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}" for name in locks]
    if PYTHON.exists() and set(wanted) <= set(_stamped()):
        return 0
    if not PYTHON.exists():
        print("Creating .venv ...", flush=True)
        venv.create(VENV, with_pip=True)
    print(f"Installing {' and '.join(locks)} ...", flush=True)
    if code := _install_backend(locks[0]) or _pip(*(argument for name in locks for argument in ("-r", name))):
        return code
    _link_project()
    STAMP.write_text("\n".join(wanted))
    return 0


def _stamped() -> list[str]:
    return STAMP.read_text().splitlines() if STAMP.exists() else []


def _install_backend(lock: str) -> int:
    """Install the locked setuptools first: what comes as source is then built by it, not by one fetched unchecked."""
    lines = (ROOT / lock).read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("setuptools=="))
    end = next(number for number in range(start + 1, len(lines)) if not lines[number].startswith(" "))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as block:
        block.write("\n".join(lines[start:end]))
        block.flush()
        return _pip("-r", block.name)


def _pip(*arguments: str) -> int:
    """Install what the lock names and nothing else.

    The lock is complete, so nothing is resolved: pip would otherwise look at releases newer than the locked ones, and
    stop because they have no hash here.
    """
    options = ("--quiet", "--require-hashes", "--no-deps", "--no-build-isolation")
    return subprocess.run([PYTHON, "-m", "pip", "install", *options, *arguments], cwd=ROOT, check=False).returncode


def _link_project() -> None:
    """Make the package importable and give it its command, without a build step that would need the registry."""
    [packages] = (VENV / "lib").glob("python*/site-packages")
    (packages / LINK).write_text(f"{ROOT}\n")
    command = VENV / "bin" / "portal"
    command.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m guance_portal "$@"\n')
    command.chmod(0o755)


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main(sys.argv[1:]))
