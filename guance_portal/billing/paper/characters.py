"""Which characters can be printed: those that one of the fonts has. Names are people's own, so any character can come."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

GETA = "〓"
"""Stands for a character that no font has, as printers set it (U+3013)."""
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls, marks of direction and joining, and what is no character: they print nothing."""
_SELECTORS = range(0xFE00, 0xFE10)


def font_folder() -> Path:
    """Where the fonts are: Noto Sans for Chinese, Japanese and Korean, with Latin, of the package justmytype-intl-cjk."""
    return Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl"


@cache
def _known() -> frozenset[int]:
    """Every code point of every font."""
    found: set[int] = set()
    for path in sorted(font_folder().glob("*/*.ttf")):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap() or ())
    return frozenset(found)


def printable(text: str) -> str:
    """A text of one line without what prints nothing, and a geta for what no font has."""
    kept = (
        character
        for character in " ".join(text.split())
        if unicodedata.category(character) not in _UNSEEN and ord(character) not in _SELECTORS
    )
    return "".join(character if ord(character) in _known() else GETA for character in kept)
