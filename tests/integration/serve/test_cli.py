"""What an operator sees on the command line."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Generator
from contextlib import closing

import pytest

from tests.support.portal_server import PortalServer, free_port

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only looked at


@pytest.fixture
def machine() -> Generator[PortalServer]:
    """A data folder and settings, with nothing running."""
    server = PortalServer(0, {})
    yield server
    server.stop()


def findings(output: str) -> dict[str, tuple[str, str]]:
    """Mark and state of each thing the doctor looked at."""
    return {subject: (mark, state) for mark, subject, state in re.findall(r"^([✓✗]) ([^:]+): (.*)$", output, re.M)}


@pytest.mark.usefixtures("portal")
def test_the_doctor_finds_a_prepared_machine_well_and_shows_no_secret(machine: PortalServer) -> None:
    machine._env["PORTAL_SECRET_KEY"] = "needle" + secrets.token_urlsafe(24)
    assert machine.portal("migrate").returncode == 0
    answer = machine.portal("doctor")
    found = findings(answer.stdout)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert {mark for mark, _ in found.values()} == {"✓"}
    assert {"PORT", "PORTAL_WORKERS", "database", "Redis", "mail", "pages", "data folder"} <= set(found)
    assert found["PORTAL_SECRET_KEY"] == ("✓", "set")
    assert "needle" not in answer.stdout + answer.stderr


def test_the_doctor_names_everything_that_is_wrong_and_what_to_do(machine: PortalServer) -> None:
    machine._env["REFLEX_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}"
    machine._env["PORTAL_SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    answer = machine.portal("doctor")
    ill = {subject for subject, (mark, _) in findings(answer.stdout).items() if mark == "✗"}
    assert answer.returncode == 1
    assert {"database", "Redis", "mail"} <= ill
    for remedy in ("portal migrate", "REFLEX_REDIS_URL", "PORTAL_SMTP_URL"):
        assert remedy in answer.stdout


def test_the_doctor_says_which_database_cannot_be_reached(machine: PortalServer) -> None:
    machine._env |= {
        "PORTAL_DATABASE_URL": f"postgresql+psycopg://portal:needle@127.0.0.1:{free_port()}/portal",
        "PORTAL_SECRET_KEY": "k" * 40,
    }
    answer = machine.portal("doctor")
    mark, state = findings(answer.stdout)["database"]
    assert (answer.returncode, mark) == (1, "✗")
    assert "unreachable" in state
    assert "needle" not in answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("environment", "subject"),
    [
        ({"PORTAL_HOST": "no-such-host.invalid"}, "host"),
        ({"PORTAL_HOST": EVERYWHERE}, "address"),
        ({"PORTAL_PUBLIC_URL": "http://portal.example"}, "address"),
        ({"PORTAL_HOST": EVERYWHERE, "PORTAL_PUBLIC_URL": "https://portal.example"}, "visitors"),
        ({"PORTAL_PUBLIC_URL": "https://portal.example"}, "sender"),
        ({"PORTAL_SECRET_KEY": "a" * 40}, "secret key"),
        ({"PORTAL_METRICS_TOKEN": "x"}, "metrics token"),
        ({"PORTAL_DATABASE_URL": "sqlite+aiosqlite:////dev/null/x.sqlite3"}, "database"),
    ],
)
def test_the_doctor_names_a_setting_that_cannot_work(
    machine: PortalServer, environment: dict[str, str], subject: str
) -> None:
    machine._env |= environment
    answer = machine.portal("doctor")
    assert (answer.returncode, answer.stderr) == (1, "")
    assert findings(answer.stdout)[subject][0] == "✗"


def test_a_data_folder_that_is_open_to_others_hides_nothing_else(machine: PortalServer) -> None:
    machine.data_dir.chmod(0o755)
    machine._env["PORTAL_SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    found = findings(machine.portal("doctor").stdout)
    assert {subject for subject in ("data folder", "database", "mail") if found[subject][0] == "✗"} == {
        "data folder",
        "database",
        "mail",
    }


def test_a_database_of_a_newer_version_is_left_alone_and_said_so(machine: PortalServer) -> None:
    assert machine.portal("migrate").returncode == 0
    with closing(sqlite3.connect(machine.data_dir / "portal.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    mark, state = findings(machine.portal("doctor").stdout)["database"]
    assert (mark, "another version" in state) == ("✗", True)
    for command in (["migrate"], ["serve"], ["operator", "add", "ops@portal.example", "王工"]):
        answer = machine.portal(*command)
        assert answer.returncode == 1
        [line] = answer.stderr.splitlines()
        assert "another version" in line


def test_a_data_folder_that_cannot_be_written_is_named(machine: PortalServer) -> None:
    in_the_way = machine.data_dir / "file"
    in_the_way.write_text("")
    machine._env["PORTAL_DATA_DIR"] = str(in_the_way / "below")
    answer = machine.portal("doctor")
    assert answer.returncode == 1
    assert findings(answer.stdout)["data folder"][0] == "✗"


def test_an_operator_is_made_once_with_a_password_shown_once(machine: PortalServer) -> None:
    made = machine.portal("operator", "add", "ops@portal.example", "王工")
    assert made.returncode == 0, made.stderr
    password = made.stdout.rsplit(" ", 1)[1].strip()
    assert len(password) >= 20
    assert password not in made.stderr
    again = machine.portal("operator", "add", "ops@portal.example", "王工")
    assert again.returncode == 1
    assert again.stdout == ""
    assert again.stderr.startswith("portal: ")
    assert len(again.stderr.splitlines()) == 1
    reset = machine.portal("operator", "reset", "ops@portal.example")
    assert reset.returncode == 0
    assert password not in reset.stdout


def test_an_unknown_operator_cannot_be_reset(machine: PortalServer) -> None:
    answer = machine.portal("operator", "reset", "nobody@portal.example")
    assert answer.returncode == 1
    assert answer.stderr.startswith("portal: ")


def test_the_clock_moves_business_time_and_back(machine: PortalServer) -> None:
    moved = machine.portal("clock", "set", "2026-12-31T23:30")
    assert moved.returncode == 0, moved.stderr
    assert "2026-12-31 23:30:0" in moved.stdout
    further = machine.portal("clock", "advance", "--days", "1", "--hours", "1", "--site", "us1")
    assert "2027-01-01 08:3" in further.stdout
    assert "-0800 at us1, moved" in further.stdout
    assert "moved" not in machine.portal("clock", "reset").stdout
    assert "moved" not in machine.portal("clock", "show").stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(("set", "tomorrow"), "the moment must look like"), (("show", "--site", "mars"), "portal: ")],
)
def test_a_clock_that_cannot_be_read_is_refused_in_one_line(
    machine: PortalServer, arguments: tuple[str, ...], complaint: str
) -> None:
    answer = machine.portal("clock", *arguments)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_the_clock_is_the_sandboxs_alone(machine: PortalServer) -> None:
    machine._env["PORTAL_SANDBOX"] = "0"
    answer = machine.portal("clock", "advance", "--days", "1")
    assert answer.returncode == 1
    assert "PORTAL_SANDBOX" in answer.stderr
