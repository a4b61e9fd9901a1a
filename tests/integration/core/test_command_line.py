"""Every command, given what it cannot use: one line says so, and nothing is left behind that breaks the portal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guance_portal.build.publish import ROOT
from guance_portal.cli import app

NUMBERS = ("nan", "inf", "-inf", "1e308", "-1e308", "9" * 400, "1e12", "-999999", "999999", "x", "")
MOMENTS = (
    "0001-01-01",
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:59",
    "9999-12-31T23:59-12:00",
    "1969-12-31",
    "2106-02-07",
    "2026-02-30",
    "2026-12-01T25:00",
    "2026-12-01T08:00+99:00",
    "tomorrow",
    "",
    "9" * 50,
)
WRONG: tuple[tuple[str, ...], ...] = (
    *(("clock", "advance", name, number) for name in ("--days", "--hours") for number in NUMBERS),
    *(("clock", "set", moment) for moment in MOMENTS),
    *(("clock", "set", "2026-12-01", "--site", site) for site in ("", "mars", "cn1 ", "../cn1")),
    *(("clock", act, "--site", "mars") for act in ("show", "reset", "advance")),
    *(
        ("operator", "add", email, "王工")
        for email in ("", "x", "@", "a@", "a@b@c", "x" * 5000 + "@y.example", "a b@c.example")
    ),
    *(("operator", "add", "ops@portal.example", name) for name in ("", "   ")),
    *(("operator", "reset", email) for email in ("", "x", "nobody@portal.example", "x" * 5000, "%")),
    *(("mail", "resend", one) for one in ("", "x", "mail_0", "x" * 5000, "'", "%")),
    ("operator", "add"),
    ("operator", "remove", "x"),
    ("mail",),
    ("clock", "stop"),
    ("serve", "now"),
    ("demo", "--days", "-1"),
    ("demo", "--days", "x"),
    ("migrate", "down"),
    ("x",),
)


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> CliRunner:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(data_dir))
    for name in ("PORTAL_DATABASE_URL", "PORTAL_SANDBOX", "PORTAL_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["portal"])
    monkeypatch.chdir(ROOT)
    return CliRunner()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of all of them is."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("arguments", WRONG, ids=lambda given: " ".join(given)[:60])
def test_what_a_command_cannot_use_is_refused_in_a_line(runner: CliRunner, arguments: tuple[str, ...]) -> None:
    answer = runner.invoke(app, list(arguments))
    assert isinstance(answer.exception, SystemExit), answer.exception
    assert answer.exit_code in {1, 2}
    assert "Traceback" not in answer.output
    if answer.stderr.startswith("portal: "):
        assert len(answer.stderr.splitlines()) == 1
    else:
        assert "Usage:" in answer.output
    shown = runner.invoke(app, ["clock", "show"])
    assert shown.exit_code == 0
    assert "moved" not in shown.output


@pytest.mark.parametrize("days", ["-7000", "7000"])
def test_business_time_may_be_moved_by_years(runner: CliRunner, days: str) -> None:
    try:
        assert runner.invoke(app, ["clock", "advance", "--days", days]).exit_code == 0
    finally:
        assert runner.invoke(app, ["clock", "reset"]).exit_code == 0


def test_bytes_that_are_no_text_are_refused_in_a_line(data_dir: Path) -> None:
    command = [sys.executable, "-m", "guance_portal", "operator", "reset", b"\xff"]
    answer = subprocess.run(command, cwd=ROOT, env={"PORTAL_DATA_DIR": str(data_dir)}, capture_output=True, check=False)
    assert answer.returncode == 2
    assert answer.stderr.startswith(b"portal: an argument")
