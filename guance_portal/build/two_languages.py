"""Prerenders every page a second time in English, so that nobody sees the other language first."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import reflex as rx
from reflex.utils.js_runtimes import get_js_package_executor
from reflex.utils.prerequisites import get_web_dir
from reflex_base.plugins.base import PostBuildContext
from typing_extensions import Unpack

from guance_portal.core.messages import Language
from guance_portal.core.prerendered import pages_in

VARIABLE = "PORTAL_PRERENDER_LANGUAGE"
"""Read by assets/i18n.js while prerendering."""


class TwoLanguages(rx.plugins.Plugin):
    """Writes `build/en/`, the English variant of every HTML file in `build/client/`."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Prerender again in English; everything but the HTML must come out the same."""
        chinese = context["static_dir"]
        build, kept = chinese.parent, get_web_dir() / "build-zh"
        shutil.rmtree(kept, ignore_errors=True)
        build.rename(kept)
        subprocess.run(
            [*get_js_package_executor(raise_on_none=True)[0], "run", "export"],
            cwd=get_web_dir(),
            env={**os.environ, VARIABLE: "en"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        _require_same_assets(chinese / "assets", kept / "client" / "assets")
        for page in pages_in(chinese):
            variant = kept / "en" / page.relative_to(chinese)
            variant.parent.mkdir(parents=True, exist_ok=True)
            variant.write_text(in_english(page.read_text("utf-8")), "utf-8")
        shutil.rmtree(build)
        kept.rename(build)


def in_english(html: str) -> str:
    """The page with its language declared as English.

    Raises ValueError when the declaration is not where it is expected.
    """
    declared = f'<html lang="{Language.ZH}"'
    if html.count(declared) != 1:
        raise ValueError(f"a prerendered page does not begin with {declared}")
    return html.replace(declared, f'<html lang="{Language.EN}"')


def _require_same_assets(one: Path, other: Path) -> None:
    if differing := {path.name for path in one.iterdir()} ^ {path.name for path in other.iterdir()}:
        raise ValueError(f"the two languages were built into different files: {sorted(differing)}")
