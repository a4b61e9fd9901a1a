"""Finds Chromium for the browser tests, installing it when there is none: by apt as root, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The first is Chromium without the windows nobody sees: journeys take two thirds of the time.
_WITHOUT_WINDOWS = "chromium-headless-shell"
_NAMES = (_WITHOUT_WINDOWS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_HELP = "No Chromium was found and none could be installed: install chromium, or run `.venv/bin/playwright install chromium`."


def find() -> str | None:
    """The path of a Chromium: PORTAL_TEST_BROWSER, else one on PATH, else Playwright's own."""
    named = os.environ.get("PORTAL_TEST_BROWSER")
    found = named or next((path for name in _NAMES if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def ensure() -> str | None:
    """The path of a Chromium, installed now if need be; None, with one line of help said, when that fails."""
    if found := find():
        return found
    print("Installing Chromium ...", flush=True)
    for install in (_by_apt, _by_playwright):
        install()
        if found := find():
            return found
    print(_HELP, file=sys.stderr)
    return None


def _by_apt() -> None:
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ("install", "-y", "-qq", "--no-install-recommends")
        for arguments in (
            ("update", "-qq"),
            (*install, "chromium", "fonts-noto-cjk"),
            (*install, _WITHOUT_WINDOWS),  # not everywhere a package
        ):
            subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)


def _by_playwright() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


if __name__ == "__main__":
    raise SystemExit(0 if ensure() else 1)
