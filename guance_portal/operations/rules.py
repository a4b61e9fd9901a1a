"""Decisions of the operators' pages that need neither database nor clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ACCOUNTS_A_PAGE = 20
ENTRIES_A_PAGE = 50
ACTS_A_PAGE = 20
ACTS_A_LIST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are asked for; what is empty narrows nothing. `since` is included, `until` is not.

    `subject` and `actor` are an id, a username, an e-mail or the name of a workspace.
    """

    subject: str = ""
    actor: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None


def literal(typed: str) -> str:
    """A text to look for with LIKE, whatever it holds; `!` is the escape."""
    return typed.replace("!", "!!").replace("%", "!%").replace("_", "!_")
