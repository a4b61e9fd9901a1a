"""Chromium: what is there is used, else one is installed, else one line says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import browser


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PORTAL_TEST_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_playwrights_own", lambda: None)


def install_nothing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ways to install that fail, and a note of which were tried."""
    tried: list[str] = []
    monkeypatch.setattr(browser, "_by_apt", lambda: tried.append("apt"))
    monkeypatch.setattr(browser, "_by_playwright", lambda: tried.append("playwright"))
    return tried


def put_on_path(folder: Path, name: str) -> str:
    """A program of that name."""
    program = folder / name
    program.touch(mode=0o755)
    return str(program)


def test_the_named_one_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_on_path(tmp_path, "chromium")
    monkeypatch.setenv("PORTAL_TEST_BROWSER", "/opt/chromium")
    assert browser.find() == "/opt/chromium"


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"])
def test_one_on_the_path_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    there = put_on_path(tmp_path, name)
    tried = install_nothing(monkeypatch)
    assert browser.ensure() == there
    assert not tried


def test_playwrights_own_is_found_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "_playwrights_own", lambda: "/own/chrome")
    assert browser.find() == "/own/chrome"
    assert browser.find() != put_on_path(tmp_path, "chromium")
    assert browser.find() != "/own/chrome"


def test_debians_package_is_tried_before_playwrights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tried = install_nothing(monkeypatch)
    monkeypatch.setattr(browser, "_by_apt", lambda: tried.append(put_on_path(tmp_path, "chromium")))
    assert browser.ensure() == str(tmp_path / "chromium")
    assert tried == [str(tmp_path / "chromium")]


def test_chromium_without_windows_is_asked_for_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What asks apt is real; apt is a script that knows some packages and notes what it was asked for."""
    for known, asked in (("chromium-headless-shell", ["chromium-headless-shell"]), ("nothing", browser.PACKAGES)):
        script = f'case "$*" in *update*|*{known}*) echo "$*" >> {tmp_path}/asked;; *) echo "$*" >> {tmp_path}/asked; exit 100;; esac'
        Path(put_on_path(tmp_path, "apt-get")).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "asked").write_text("")
        monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
        browser._by_apt()
        lines = (tmp_path / "asked").read_text().splitlines()[1:]
        assert [line.split()[-2] for line in lines] == [*asked]


def test_when_nothing_helps_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = install_nothing(monkeypatch)
    assert browser.ensure() is None
    assert tried == ["apt", "playwright"]
    [line] = capsys.readouterr().err.splitlines()
    assert "install chromium" in line
