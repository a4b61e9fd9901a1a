"""Builds the browser's part once per state of the sources and keeps each build apart.

A running server keeps its own build while a newer one is made, and several may be asked for at once.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from guance_portal.build.fingerprint import fingerprint

ROOT = Path(__file__).parents[2]
"""The project folder, the one with rxconfig.py."""

BUILDS = ROOT / ".make" / "builds"
_WEB = ROOT / ".web"
_LOG = ROOT / ".make" / "build.log"
_NEEDED = (
    "build/client",
    "build/en",
    "build/sandbox",
    "build/scripts.json",
    "backend",
    "routes.json",
    "env.json",
    "reflex.json",
)
_KEPT = 4


class BuildError(Exception):
    """The build failed; the message says where its output is."""


def current_build() -> Path | None:
    """The build of the present sources, or None when it has not been made."""
    build = BUILDS / fingerprint(ROOT)
    return build if build.is_dir() else None


def ensure_built() -> Path:
    """The build of the present sources, made now if need be; raises BuildError."""
    if build := current_build():
        return build
    with _alone():
        if build := current_build():
            return build
        print("Building the pages (once per state of the sources) ...", file=sys.stderr, flush=True)
        name = fingerprint(ROOT)
        _export()
        return _save(name)


@contextmanager
def _alone() -> Generator[None]:
    BUILDS.mkdir(parents=True, exist_ok=True)
    with (BUILDS.parent / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _export() -> None:
    """Run Reflex's own export with bun as the only JavaScript runtime it can see, whatever the machine has."""
    environment = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("REFLEX_", "__REFLEX", "PORTAL_"))
        },
        "PATH": str(Path(sys.executable).parent),
        "PYTHONPATH": str(ROOT),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    package = ROOT / "reflex.lock" / "package.json"
    layout = package.read_bytes()
    with _LOG.open("wb") as log:
        outcome = subprocess.run(
            [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    _restore_layout(package, layout)
    if outcome.returncode:
        raise BuildError(f"the build failed, see {_LOG.relative_to(ROOT)}:\n{_last_lines(_LOG)}")


def _restore_layout(package: Path, layout: bytes) -> None:
    """Undo a mere change of white space in the committed package.json."""
    import json

    if json.loads(package.read_bytes()) == json.loads(layout):
        package.write_bytes(layout)


def _save(name: str) -> Path:
    fresh = BUILDS / f".{name}.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    for part in _NEEDED:
        source, target = _WEB / part, fresh / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    fresh.rename(BUILDS / name)
    by_age = sorted((path for path in BUILDS.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return BUILDS / name


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-25:])
