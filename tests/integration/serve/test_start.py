"""Starting and stopping: what is wrong is said in one line, and several may start at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator

import httpx
import pytest

from guance_portal.build.publish import ensure_built
from tests.support.databases import fresh_postgresql
from tests.support.portal_server import PortalServer, free_port


@pytest.fixture
def stopped() -> Generator[PortalServer]:
    """A portal that has not been started."""
    server = PortalServer(0, {})
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "70000"),
        ("PORTAL_WORKERS", "0"),
        ("PORTAL_WORKERS", "2"),
        ("PORTAL_DATABASE_URL", "mysql://somewhere/else"),
        ("PORTAL_DATABASE_URL", "postgresql+psycopg://u:p@127.0.0.1:notaport/x"),
        ("PORTAL_MAIL_FROM", "Portal <portal@>"),
        ("PORTAL_SMTP_URL", "mail.example"),
        ("PORTAL_PUBLIC_URL", "portal.example"),
        ("PORTAL_LOG_FORMAT", "poetry"),
        ("PORTAL_TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line_that_names_it(name: str, value: str) -> None:
    answer = PortalServer(0, {name: value}).portal("serve")
    assert answer.returncode == 2
    assert answer.stdout == ""
    [line] = answer.stderr.splitlines()
    assert line.startswith(f"portal: {name} ")
    assert value not in line or name == "PORTAL_WORKERS"


def test_a_taken_port_stops_the_start_with_one_line(stopped: PortalServer) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", stopped.port))
        other.listen()
        answer = stopped.portal("serve")
    assert answer.returncode == 1
    [line] = answer.stderr.splitlines()
    assert str(stopped.port) in line


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORTAL_DATA_DIR": "/dev/null/x"}, "PORTAL_DATA_DIR"),
        ({"PORTAL_DATABASE_URL": "sqlite+aiosqlite:////dev/null/x.sqlite3"}, "database"),
        (
            {
                "PORTAL_DATABASE_URL": f"postgresql+psycopg://portal:needle@127.0.0.1:{free_port()}/portal",
                "PORTAL_SECRET_KEY": "k" * 40,
            },
            "database",
        ),
    ],
)
def test_what_cannot_be_written_or_reached_stops_the_start_with_one_line(
    stopped: PortalServer, environment: dict[str, str], named: str
) -> None:
    ensure_built()
    stopped._env |= environment
    answer = stopped.portal("serve")
    assert answer.returncode == 1
    [line] = answer.stderr.splitlines()
    assert line.startswith("portal: ")
    assert named in line
    assert "needle" not in line


def test_a_start_finds_the_pages_built_and_ends_cleanly(stopped: PortalServer) -> None:
    """How long it takes is measured by `python -m benchmarks start`."""
    ensure_built()
    stopped.begin()
    assert stopped.stop() == 0
    assert '"worker_stopped"' in stopped.log()
    assert "Building" not in stopped.log()


def _start_together(servers: list[PortalServer]) -> None:
    failures: list[BaseException] = []

    def begin(server: PortalServer) -> None:
        try:
            server.begin()
        except AssertionError as problem:
            failures.append(problem)

    threads = [threading.Thread(target=begin, args=(server,)) for server in servers]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures[0]
    finally:
        for server in servers:
            server.stop()


def test_several_may_start_at_once_on_one_new_data_folder() -> None:
    first, second, third = PortalServer(0, {}), PortalServer(0, {}), PortalServer(0, {})
    for later in (second, third):
        later._env["PORTAL_DATA_DIR"] = str(first.data_dir)
    _start_together([first, second, third])


def test_several_may_start_at_once_on_one_empty_postgresql() -> None:
    with fresh_postgresql() as url:
        _start_together(
            [PortalServer(0, {"PORTAL_DATABASE_URL": url, "PORTAL_SECRET_KEY": "k" * 40}) for _ in range(3)]
        )


def test_readiness_names_what_cannot_be_reached() -> None:
    ensure_built()
    server = PortalServer(0, {"REFLEX_REDIS_URL": f"redis://127.0.0.1:{free_port()}"})
    try:
        server.spawn()
        answer = server.first_answer("/readyz")
        assert httpx.get(f"{server.base}/healthz").status_code == 200
        assert answer.status_code == 503
        assert list(answer.json()["problems"]) == ["redis"]
        server.wait_for_log("The portal waits: redis is unreachable", 30)
    finally:
        server.stop()
