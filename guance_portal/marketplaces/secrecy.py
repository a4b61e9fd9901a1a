"""Which parts of a notice are never stored: tokens, passwords and keys, under any name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

MASKED = "***"
_SECRET = re.compile(r"token|secret|password|passwd|signature|credential|access.?key|private.?key", re.IGNORECASE)


def without_secrets(said: Mapping[str, object]) -> dict[str, object]:
    """The same, with a mask in the place of everything whose name says that it is secret."""
    return {name: MASKED if _SECRET.search(name) else _within(value) for name, value in said.items()}


def _within(value: object) -> object:
    if isinstance(value, dict):
        return without_secrets(cast("dict[str, object]", value))
    if isinstance(value, list):
        return [_within(one) for one in cast("list[Any]", value)]
    return value
