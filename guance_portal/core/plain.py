"""Text that people typed: one form for what looks the same, and nothing that cannot be seen."""

from __future__ import annotations

import unicodedata

LONGEST_LINE, LONGEST_TEXT = 2_000, 10_000
"""Characters that a field of one line, or of several, lets through: far more than any rule, so that too many are
refused in words and not cut off in silence."""
# Format characters that belong to words: joiners of Indic, Arabic and emoji sequences.
_JOINERS = frozenset("\u200c\u200d")


def line(typed: str) -> str:
    """One line in composed form, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def paragraphs(typed: str) -> str:
    """Several lines in composed form, without spaces at the ends of a line or blank lines around."""
    lines = unicodedata.normalize("NFC", typed).splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def has_hidden(text: str) -> bool:
    """Whether the text holds what nobody can see: controls, direction marks, halves of characters."""
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c not in _JOINERS | {"\n"} for c in text)
