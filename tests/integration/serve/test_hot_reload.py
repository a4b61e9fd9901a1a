"""`reflex run`, for developers: it starts, and Vite passes on what is the backend's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from guance_portal.build.publish import ROOT, ensure_built
from tests.support.portal_server import free_port

SECONDS = 420
_SOURCES = ("guance_portal", "assets", "migrations", "reflex.lock")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of Vite, with the backend behind it; a copy of the project, so that the build of this one stays."""
    ensure_built()
    place = tmp_path_factory.mktemp("hot")
    for name in _SOURCES:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "rxconfig.py", place)
    _take_packages(place / ".web")
    front, back = free_port(), free_port()
    log = (place / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "reflex", "run", "--frontend-port", str(front), "--backend-port", str(back)],
        cwd=place,
        env=_environment(place),
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait(f"http://localhost:{front}/readyz", process, place / "log")
        yield f"http://localhost:{front}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


@pytest.mark.timeout(SECONDS + 60)
def test_it_starts_and_serves_pages_and_what_is_the_backends(pages: str) -> None:
    with httpx.Client(base_url=pages, timeout=60) as client:
        page = client.get("/login", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert '<html lang="zh-CN">' in page.text
        assert client.get("/healthz").text == "ok\n"
        assert client.post("/v1/write/metric").json()["error_code"].startswith("gateway.")
        assert client.get("/api/marketplace/aliyun").json()["success"] == "false"
        assert "__type" in client.post("/sandbox/aws/api/cn").json()
        assert client.post("/session/open").status_code == 403
        # What Vite serves brings the cookies that a sign-in is bound to.
        client.get("/@vite/client")
        assert {"gc_visitor", "gc_draft"} <= set(client.cookies)


def _take_packages(web: Path) -> None:
    """The JavaScript packages that the build installed, by links: nothing is fetched."""
    web.mkdir()
    shutil.copytree(ROOT / ".web" / "node_modules", web / "node_modules", copy_function=os.link, symlinks=True)
    for name in ("package.json", "bun.lock", "reflex.install_frontend_packages.cached"):
        if (ROOT / ".web" / name).exists():
            shutil.copy2(ROOT / ".web" / name, web)


def _environment(place: Path) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PORTAL_", "REFLEX_", "__REFLEX")) and n != "PORT"}
    return {
        **kept,
        "PATH": str(Path(sys.executable).parent),
        "PYTHONPATH": str(place),
        "PORTAL_DATA_DIR": str(place / "var"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"reflex run did not serve:\n{log.read_text()[-4000:]}")
