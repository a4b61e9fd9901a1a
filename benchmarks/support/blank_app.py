"""Builds the blank Reflex app once per state of its sources, and serves it."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from benchmarks.support.served import Served, free_port, wait_until_ready

_SOURCES = Path(__file__).parents[1] / "blank"
_CACHE = Path(__file__).parents[2] / ".make" / "bench"
COUNTING_EVENT = "reflex___state____state.blank___blank____counter.increase"
COUNTING_ANSWER = '"count_rx_state_"'
_BAKED_IN = "localhost:43210"
_REFLEX = {"REFLEX_TELEMETRY_ENABLED": "false", "REFLEX_CHECK_LATEST_VERSION": "false"}


def ensure_built() -> Path:
    """The folder of the built app, made now if need be; a failed build shows its output."""
    app = _CACHE / f"blank-{_fingerprint()}"
    if not app.is_dir():
        fresh = _copy_of_sources(app.with_name(f".{app.name}"))
        export(fresh)
        fresh.rename(app)
    return app


def build_seconds() -> float:
    """How long one production build takes when its packages are already there."""
    app = ensure_built()
    shutil.rmtree(app / ".web" / "build")
    start = time.perf_counter()
    export(app)
    return time.perf_counter() - start


def export(app: Path) -> None:
    """Make the production build of the app in a folder, with bun alone, as the portal's is made."""
    environment = {"HOME": os.environ.get("HOME", ""), "PATH": str(Path(sys.executable).parent), **_REFLEX}
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    outcome = subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise RuntimeError(f"the blank app was not built:\n{outcome.stdout}\n{outcome.stderr}")


@contextmanager
def serve() -> Generator[Served]:
    """The built app behind one granian worker, its tab states in memory as the portal's are."""
    app, port = ensure_built(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        web = _copy_for_port(app / ".web", Path(folder) / "web", port)
        environment = {
            "PATH": str(Path(sys.executable).parent),
            "PYTHONPATH": str(app),
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_STATE_MANAGER_MODE": "memory",
            "REFLEX_WEB_WORKDIR": str(web),
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
            "__REFLEX_SKIP_COMPILE": "true",
            **_REFLEX,
        }
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1"]
        command += ["--host", "127.0.0.1", "--port", str(port), "blank.blank:app"]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=app, env=environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                yield wait_until_ready(port, process)
            finally:
                process.terminate()
                process.wait(15)


def _fingerprint() -> str:
    digest = hashlib.sha256(version("reflex").encode())
    for path in sorted(path for path in _SOURCES.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _copy_of_sources(target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_SOURCES, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def _copy_for_port(built: Path, web: Path, port: int) -> Path:
    """Reflex bakes its own address into the build: a copy with another one, compressed again."""
    shutil.copytree(built, web, ignore=shutil.ignore_patterns("node_modules"))
    for path in (web / "build" / "client" / "assets").glob("*.js"):
        source = path.read_text("utf-8")
        if _BAKED_IN in source:
            path.write_text(source.replace(_BAKED_IN, f"localhost:{port}"), "utf-8")
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return web
