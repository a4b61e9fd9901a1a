"""Lists the hashes of every page's inline scripts, so that the content security policy admits them alone."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import reflex as rx
from reflex_base.plugins.base import PostBuildContext
from typing_extensions import Unpack

from guance_portal.core.prerendered import pages_in

MANIFEST = "scripts.json"
"""In `build/`: for each HTML file its sources for `script-src`."""


class ScriptHashes(rx.plugins.Plugin):
    """Writes the manifest; must stand after the plugins that write HTML."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Hash the inline scripts of all pages in both languages."""
        build = context["static_dir"].parent
        (build / MANIFEST).write_text(json.dumps(hashes_of_pages(build), indent=1))


def hashes_of_pages(build: Path) -> dict[str, list[str]]:
    """For each HTML file under `build`, by its path there, the sources of its inline scripts.

    Raises ValueError for a page the policy would break: no inline script at all, or an inline event handler.
    """
    pages: dict[str, list[str]] = {}
    for folder in ("client", "en"):
        for path in sorted(pages_in(build / folder)):
            name = path.relative_to(build).as_posix()
            try:
                sources = inline_scripts(path.read_text("utf-8"))
            except ValueError as problem:
                raise ValueError(f"{name}: {problem}") from None
            if not sources:
                raise ValueError(f"{name} has no inline script: Reflex has changed how it starts a page")
            pages[name] = sorted({source_of(script) for script in sources})
    return pages


def inline_scripts(html: str) -> list[str]:
    """The text of each inline script; raises ValueError for an inline event handler."""
    reader = _Scripts()
    reader.feed(html)
    reader.close()
    return reader.found


def source_of(script: str) -> str:
    """The CSP source expression that admits exactly this script."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._parts: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if handlers := sorted(name for name in names if name.startswith("on")):
            raise ValueError(f"<{tag} {handlers[0]}> is an inline event handler, which the policy forbids")
        if tag == "script" and "src" not in names:
            self._parts = []

    def handle_data(self, data: str) -> None:
        if self._parts is not None:
            self._parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._parts is not None:
            self.found.append("".join(self._parts))
            self._parts = None
