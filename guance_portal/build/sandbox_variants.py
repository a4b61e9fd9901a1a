"""Writes every page a second time for sandbox mode, with what the strip that warns of it is shown by."""

from __future__ import annotations

import reflex as rx
from reflex_base.plugins.base import PostBuildContext
from typing_extensions import Unpack

from guance_portal.core.prerendered import pages_in

FOLDER = "sandbox"
"""In `build/`: holds a folder for each language, as `build/` does."""


class SandboxVariants(rx.plugins.Plugin):
    """Must stand after the plugins that write HTML; scripts are the same, and so is what the policy admits."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Write the variants of all pages in both languages: a worker that starts has better things to do."""
        build = context["static_dir"].parent
        for folder in (context["static_dir"], build / "en"):
            for page in pages_in(folder):
                variant = build / FOLDER / page.relative_to(build)
                variant.parent.mkdir(parents=True, exist_ok=True)
                variant.write_text(as_sandbox(page.read_text("utf-8")), "utf-8")


def as_sandbox(html: str) -> str:
    """The page whose root says that this is the sandbox; raises ValueError when there is not one root."""
    if html.count("<html ") != 1:
        raise ValueError("a prerendered page does not have one root")
    return html.replace("<html ", '<html data-sandbox="" ')
