"""Finds PgBouncer for the tests, taking it from Debian's packages when there is none: unpacked under .make, not installed.

Installed, it would start a service of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_NAME = "pgbouncer"
_LIBRARIES = ("libevent", "libc-ares")
"""How those are named that a small system may lack."""
_HERE = Path(__file__).resolve().parents[1] / ".make" / _NAME
_HELP = "No PgBouncer was found and none could be fetched: its tests are skipped. Install the package pgbouncer to run them."


def find() -> Path | None:
    """The path of the program: on PATH, where Debian puts it, or unpacked here."""
    places = (shutil.which(_NAME), f"/usr/sbin/{_NAME}", str(_HERE / "usr/sbin" / _NAME))
    return next((Path(place) for place in places if place and Path(place).exists()), None)


def environment() -> dict[str, str]:
    """Where the program finds its libraries, when they were unpacked with it."""
    folders = [str(path) for path in (_HERE / "usr/lib").glob("*-linux-*")]
    return {"LD_LIBRARY_PATH": ":".join(folders)} if folders else {}


def ensure() -> Path | None:
    """The path of the program, fetched now if need be; None, with one line of help said, when that fails."""
    if found := find():
        return found
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        print("Fetching PgBouncer ...", flush=True)
        if not _fetch() and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
            _fetch()
    if not (found := find()):
        print(_HELP, file=sys.stderr)
    return found


def _fetch() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        asked = ["apt-get", "download", "-qq", _NAME, *_libraries()]
        if subprocess.run(asked, cwd=folder, check=False, stderr=subprocess.DEVNULL).returncode:
            return False
        _HERE.mkdir(parents=True, exist_ok=True)
        for package in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(_HERE)], check=True)
    return True


def _libraries() -> list[str]:
    known = subprocess.run(["apt-cache", "depends", _NAME], capture_output=True, text=True, check=False).stdout
    needed = [line.split()[-1] for line in known.splitlines() if line.strip().startswith("Depends:")]
    return [name for name in needed if name.startswith(_LIBRARIES)]


if __name__ == "__main__":
    # Without it some tests are skipped; nothing else waits for it.
    ensure()
