"""Which files of a build are pages: Reflex writes `account.html` too, but what is served is `account/index.html`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SHELL = "__spa-fallback.html"
"""The empty page: drawn by scripts alone where an address holds a variable, and for what is not there."""


def pages_in(folder: Path) -> Iterator[Path]:
    """The pages of one language, in no order."""
    return (path for path in folder.rglob("*.html") if path.name in {"index.html", SHELL})
