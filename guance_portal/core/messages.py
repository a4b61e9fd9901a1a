"""The messages of the product in both languages, kept side by side in `messages/*.toml`."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, cast

_FOLDER = Path(__file__).parents[1] / "messages"


class Language(StrEnum):
    """The languages the portal speaks, as BCP 47 tags."""

    ZH = "zh-CN"
    EN = "en"

    @classmethod
    def of(cls, tag: str | None) -> Language:
        """The language for a cookie value or BCP 47 tag; anything unknown is Chinese."""
        return cls.EN if (tag or "").lower().startswith("en") else cls.ZH


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in both languages, so that a page can switch without asking the server."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.zh)

    def in_(self, language: Language) -> str:
        """The words in one language."""
        return self.en if language is Language.EN else self.zh


@cache
def catalogue() -> dict[str, Text]:
    """Every entry by its dotted key; raises ValueError for an entry that lacks a language."""
    entries: dict[str, Text] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for key, text in _flatten("", tomllib.loads(path.read_text("utf-8"))):
            if key in entries:
                raise ValueError(f"{path.name}: {key} is already defined elsewhere")
            entries[key] = text
    return entries


def text(key: str, /, **params: object) -> Text:
    """The message of a key with its placeholders filled; raises KeyError for an unknown key.

    A value that is a `Text` itself appears in the language of the sentence it stands in.
    """
    entry = catalogue()[key]
    if not params:
        return entry
    return Text(zh=_fill(entry, Language.ZH, params), en=_fill(entry, Language.EN, params))


def _fill(entry: Text, language: Language, params: dict[str, object]) -> str:
    values = {name: value.in_(language) if isinstance(value, Text) else value for name, value in params.items()}
    return entry.in_(language).format(**values)


def placeholders(sentence: str) -> set[str]:
    """The names of the placeholders in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _flatten(prefix: str, node: dict[str, Any]) -> list[tuple[str, Text]]:
    if set(node) & {"zh", "en"} and all(isinstance(v, str) for v in node.values()):
        if set(node) != {"zh", "en"}:
            raise ValueError(f"{prefix} must have exactly zh and en")
        return [(prefix, Text(**cast("dict[str, str]", node)))]
    found: list[tuple[str, Text]] = []
    for name, child in node.items():
        found += _flatten(f"{prefix}.{name}" if prefix else name, child)
    return found
