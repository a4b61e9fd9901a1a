"""`make test`: every step runs, a failure is never lost, and few tests with servers get a second chance."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools import check

BROWSER = ("pytest", "-q", "--numprocesses=2", "--dist=loadfile", "tests/e2e")


@pytest.fixture
def failed_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a run notes what failed."""
    path = tmp_path / "lastfailed"
    monkeypatch.setattr(check, "FAILED_LAST", path)
    return path


class Runs:
    """Stands in for the commands: each run fails some tests, or none."""

    def __init__(self, notes: Path, *outcomes: int | list[str]) -> None:
        self._notes, self._outcomes = notes, list(outcomes)
        self.commands: list[tuple[str, ...]] = []

    def __call__(self, *command: str) -> Runs:
        self.commands.append(command)
        return self

    def wait(self) -> int:
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, int):
            return outcome
        self._notes.write_text(json.dumps(dict.fromkeys(outcome, True)))
        return 1 if outcome else 0


@pytest.mark.parametrize(("codes", "code"), [((0, 0), 0), ((2, 0), 1), ((0, 2), 1)])
def test_every_step_runs_and_any_failure_counts(
    monkeypatch: pytest.MonkeyPatch, failed_last: Path, codes: tuple[int, int], code: int
) -> None:
    runs = Runs(failed_last, *codes)
    monkeypatch.setattr(check, "_start", runs)
    monkeypatch.setattr(check, "STEPS", {"style": (("ruff",),), "types": (("pyright",),)})
    assert check.main([]) == code
    assert runs.commands == [("ruff",), ("pyright",)]


def test_a_step_can_be_chosen(monkeypatch: pytest.MonkeyPatch, failed_last: Path) -> None:
    runs = Runs(failed_last, 0)
    monkeypatch.setattr(check, "_start", runs)
    monkeypatch.setattr(check, "STEPS", {"style": (("ruff",),), "types": (("pyright",),)})
    assert check.main(["types"]) == 0
    assert runs.commands == [("pyright",)]


def test_the_real_steps_know_where_everything_is() -> None:
    assert set(check.STEPS) > set().union(*check.AHEAD.values())
    assert (check.ROOT / "tests" / "e2e").is_dir()


def test_a_test_that_passes_alone_is_named_and_forgiven(
    monkeypatch: pytest.MonkeyPatch, failed_last: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = Runs(failed_last, ["t.py::a"], 0)
    monkeypatch.setattr(check, "_start", runs)
    assert check._run(BROWSER) == 0
    assert runs.commands == [BROWSER, ("pytest", "-q", "tests/e2e", "--last-failed")]
    assert "-- passed at the second try only: t.py::a" in capsys.readouterr().out


@pytest.mark.parametrize(
    "outcomes",
    [
        (["a"], 1),  # it fails again
        ([str(n) for n in range(check.MOST_SECOND_CHANCES + 1)],),  # too many
        ([],),
        (2,),  # interrupted, or a usage error: nothing is run again
    ],
)
def test_everything_else_stays_a_failure(
    monkeypatch: pytest.MonkeyPatch, failed_last: Path, outcomes: tuple[int | list[str], ...]
) -> None:
    runs = Runs(failed_last, *outcomes)
    monkeypatch.setattr(check, "_start", runs)
    code = check._run(BROWSER)
    assert bool(code) is (outcomes != ([],))
    assert len(runs.commands) == len(outcomes)


def test_other_tests_get_no_second_chance(monkeypatch: pytest.MonkeyPatch, failed_last: Path) -> None:
    runs = Runs(failed_last, ["t.py::a"])
    monkeypatch.setattr(check, "_start", runs)
    assert check._run(("pytest", "-q", "tests/unit")) == 1
    assert len(runs.commands) == 1


@pytest.mark.parametrize(("built", "code"), [(0, 0), (1, 1)])
def test_the_pages_are_built_for_the_steps_that_serve_them(
    monkeypatch: pytest.MonkeyPatch, failed_last: Path, built: int, code: int
) -> None:
    runs = Runs(failed_last, built, 0, 0)
    monkeypatch.setattr(check, "_start", runs)
    monkeypatch.setattr(check, "STEPS", {"integration": (("pytest", "tests/integration"),)})
    assert check.main([]) == code
    assert runs.commands == [("guance_portal", "build"), ("tools.pooler",), ("pytest", "tests/integration")]


def test_pages_and_browser_are_made_beside_the_first_steps(monkeypatch: pytest.MonkeyPatch, failed_last: Path) -> None:
    runs = Runs(failed_last, 0, 0, 0, 0)
    monkeypatch.setattr(check, "_start", runs)
    monkeypatch.setattr(check, "STEPS", {"style": (("ruff",),), "browser": (("pytest", "tests/e2e"),)})
    assert check.main([]) == 0
    assert runs.commands == [("guance_portal", "build"), ("tools.browser",), ("ruff",), ("pytest", "tests/e2e")]


def test_what_failed_before_does_not_count(monkeypatch: pytest.MonkeyPatch, failed_last: Path) -> None:
    failed_last.write_text(json.dumps({"old": True}))
    monkeypatch.setattr(check, "_start", Runs(failed_last, 1))
    assert check._run(BROWSER) == 1
    assert not failed_last.exists()


def test_a_command_runs_as_a_module_of_this_python(failed_last: Path) -> None:
    started = check._start("this")
    assert started.wait() == 0
    assert started.args == [sys.executable, "-m", "this"]
