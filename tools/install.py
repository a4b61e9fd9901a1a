"""Makes `.venv` hold exactly what the given lock files say; quick when it already does.

uv installs: pip takes ten times as long, and does it only where uv cannot. Runs on the system's Python, so it uses the
standard library alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / "portal-install.stamp"
LINK = "guance-portal.pth"
INSTALLER = "requirements-install.lock"
NO_PIP = "This Python brings no pip: install its venv package (Debian, Ubuntu: apt-get install python3-venv), then try again."
# What pip is told about its registry, and how uv is told the same. What else pip may be told, pip alone understands.
_TO_UV = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==")


def main(locks: list[str]) -> int:
    """Install what is missing; 0 when the environment is ready."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very line tells an older Python's user what to do
        print(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Try make PYTHON=python3.12 ..."
        )
        return 2
    wanted = [stamp(name, (ROOT / name).read_bytes()) for name in locks]
    if PYTHON.exists() and set(wanted) <= set(_stamped()):
        return 0
    # One without a stamp was left half made: it is made again, over what there is.
    if not (PYTHON.exists() and STAMP.exists()) and not _create():
        print(NO_PIP)
        return 2
    print(f"Installing {' and '.join(locks)} ...", flush=True)
    if not UV.exists():
        _install("-r", INSTALLER)
    if code := fill(PYTHON, locks):
        return code
    if code := _uninstall_dropped():
        return code
    _link_project()
    STAMP.write_text("\n".join(wanted))
    return 0


def fill(python: Path, locks: list[str]) -> int:
    """Put what the locks name into an environment; 0 when all of it is there."""
    wanted = [argument for name in locks for argument in ("-r", name)]
    return _install_backend(python, locks[0]) or _install(*wanted, python=python)


def stamp(name: str, content: bytes) -> str:
    """What is noted of a lock once it is installed."""
    return f"{name} {hashlib.sha256(content).hexdigest()}"


def locked(lock: str) -> dict[str, list[str]]:
    """The lines of each package that a lock names, hashes included, by its normal name (PEP 503)."""
    blocks: dict[str, list[str]] = {}
    block: list[str] = []
    for line in lock.splitlines():
        if match := _PINNED.match(line):
            blocks[normal(match[1])] = block = [line]
        elif line.startswith(" "):
            block.append(line)
    return blocks


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dropped(installed: set[str], locks: list[str]) -> list[str]:
    """What is installed though no lock names it any more; pip itself stays."""
    named = {name for lock in locks for name in locked(lock)}
    return sorted(name for name in installed if normal(name) not in {*named, "pip"})


def _stamped() -> list[str]:
    return STAMP.read_text().splitlines() if STAMP.exists() else []


def _create() -> bool:
    """Make `.venv`; False, leaving nothing, when this Python cannot put pip into it."""
    print("Creating .venv ...", flush=True)
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError):
        shutil.rmtree(VENV, ignore_errors=True)
        return False
    return True


def _uninstall_dropped() -> int:
    """Take away what an older lock brought: the code must not find what a fresh machine does not have.

    Both locks count, whichever was asked for: `make run` after `make test` leaves the tools of the tests alone.
    """
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    if listed.returncode:
        return listed.returncode
    installed = {package["name"] for package in json.loads(listed.stdout)}
    gone = dropped(installed, [path.read_text() for path in sorted(ROOT.glob("requirements*.lock"))])
    if not gone:
        return 0
    print(f"Removing {', '.join(gone)} ...", flush=True)
    return subprocess.run(
        [PYTHON, "-m", "pip", "uninstall", "--quiet", "--yes", *gone], cwd=ROOT, check=False
    ).returncode


def _install_backend(python: Path, lock: str) -> int:
    """Install the locked setuptools first: what comes as source is then built by it, not by one fetched unchecked."""
    lines = locked((ROOT / lock).read_text())["setuptools"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as block:
        block.write("\n".join(lines))
        block.flush()
        return _install("-r", block.name, python=python)


def _install(*arguments: str, python: Path | None = None) -> int:
    """Install what a lock names and nothing else, into `.venv` unless told otherwise.

    The lock is complete, so nothing is resolved: pip would otherwise look at releases newer than the locked ones, and
    stop because they have no hash here.
    """
    python = python or PYTHON
    options = ("--quiet", "--require-hashes", "--no-deps", "--no-build-isolation", *arguments)
    if UV.exists():
        asked = [UV, "pip", "install", "--python", python, *options]
        if subprocess.run(asked, cwd=ROOT, env=uv_settings(_pip_settings(), os.environ), check=False).returncode == 0:
            return 0
        print("uv could not; pip tries, which takes a few minutes ...", flush=True)
    return subprocess.run([python, "-m", "pip", "install", *options], cwd=ROOT, check=False).returncode


def _pip_settings() -> str:
    asked = [PYTHON, "-m", "pip", "config", "list"]
    return subprocess.run(asked, cwd=ROOT, check=False, capture_output=True, text=True).stdout


def uv_settings(pip_config: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: it asks the registry that `pip config list` names, unless it was told another one."""
    told = dict(environment)
    for line in pip_config.splitlines():
        name, _, value = line.partition("=")
        if ours := _TO_UV.get(name.rpartition(".")[2]):
            told.setdefault(ours, value.strip("'"))
    return told


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
