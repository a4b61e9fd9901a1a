"""When a second operator must decide, and for how long a request waits. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

LIFE = timedelta(days=7)
"""So long a request waits for its second operator, by business time."""
PERIOD = timedelta(hours=24)
"""The acts of one operator for one payer are summed over this time."""
LIMITED = frozenset({"grant", "batch", "revoke", "refund", "correct"})
"""Acts that one operator may do alone up to the limit. All others always need two."""


class State(StrEnum):
    """Where an act of an operator stands. DIRECT was below the limit and was done at once."""

    ASKED = "asked"
    DIRECT = "direct"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"


COUNTED = (State.ASKED, State.DIRECT, State.APPROVED)
"""What counts for the limit: all that was done, or may still be."""


def needs_second(kind: str, minor: int, before: int, limit: int) -> bool:
    """Whether an act needs a second operator: `before` is the sum of those of the last 24 hours without it."""
    return kind not in LIMITED or before + minor > limit
