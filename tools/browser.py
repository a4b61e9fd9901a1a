"""Finds Chromium for the browser tests, installing it when there is none: by apt as root, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

# The first is Chromium without the windows nobody sees: journeys take two thirds of the time.
PACKAGES = ("chromium-headless-shell", "chromium")
_NAMES = (*PACKAGES, "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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
        apt, install = partial(subprocess.run, env=environment, check=False), ("apt-get", "install", "-y", "-qq")
        apt(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL)
        for name in PACKAGES:  # the first is not everywhere one
            packages = ("--no-install-recommends", name, "fonts-noto-cjk")
            if apt([*install, *packages], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                return


def _by_playwright() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


if __name__ == "__main__":
    raise SystemExit(0 if ensure() else 1)
