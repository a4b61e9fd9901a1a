"""`make test-pythons`: the tests that need no browser, on every Python from 3.11 on that this machine has.

Each gets an environment of its own below `.make/pythons`, with exactly the locks. Names on the command line choose folders of tests;
without any, all but the browser's. The last lines say which passed, and which versions are not here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import install

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".make" / "pythons"
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
LOCKS = ["requirements.lock", "requirements-dev.lock"]
TESTS = ("tests/unit", "tests/integration")


def main(chosen: list[str]) -> int:
    """Run them on each; 1 when one failed."""
    found = interpreters()
    outcomes = {version: _outcome(version, found[version], chosen or list(TESTS)) for version in found}
    for version in SUPPORTED:
        print(f"-- Python {version}: {outcomes.get(version, 'not on this machine, not run')}")
    return 1 if "failed" in outcomes.values() or not outcomes else 0


def interpreters() -> dict[str, Path]:
    """An interpreter for each supported version that is here: on the path, or one that pyenv keeps."""
    found: dict[str, Path] = {}
    for version in SUPPORTED:
        pyenv = sorted(_pyenv().glob(f"versions/{version}.*/bin/python"), key=_patch)
        on_path = shutil.which(f"python{version}")
        if path := next((one for one in [*reversed(pyenv), on_path] if one and _says(Path(one)) == version), None):
            found[version] = Path(path)
    return found


def _pyenv() -> Path:
    return Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


def _patch(path: Path) -> int:
    return int((re.findall(r"\d+", path.parts[-3]) or ["0"])[-1])


def _says(path: Path) -> str:
    """The version that an interpreter says it is; empty for one that does not start."""
    asked = [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def _outcome(version: str, python: Path, tests: list[str]) -> str:
    print(f"-- Python {version} ({python})", flush=True)
    home = HOME / version
    environment = home / "bin" / "python"
    if not environment.exists():
        subprocess.run([python, "-m", "venv", "--clear", home], check=True)
    if install.fill(environment, LOCKS):
        return "failed"
    path = f"{environment.parent}{os.pathsep}{os.environ['PATH']}"
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
    command = [environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--numprocesses=2", *tests]
    return "failed" if subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode else "passed"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
