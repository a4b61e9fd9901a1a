"""What an API key is and what it may do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guance_portal.accounts.keys.errors import KeyNameMissingError, KeyNameTooLongError
from guance_portal.core import names, plain

MOST_KEYS = 20
"""Keys in force of one workspace."""
LONGEST_NAME = 60
PREFIX = "gck_"
_SHOWN = 8
"""Characters of a key that lists show, the prefix included: enough to tell keys apart, worth nothing."""


class Scope(StrEnum):
    """What a key may do."""

    WRITE_USAGE = "usage.write"
    READ_USAGE = "usage.read"
    READ_BILLS = "bills.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Whom a presented key stands for: the workspace, and the person whose share of the machine its requests take."""

    key_id: str
    workspace_id: str
    person: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key as lists show it; `creator` is the name of who made it, `beginning` the first characters of the key."""

    id: str
    name: str
    beginning: str
    scopes: frozenset[Scope]
    creator: str
    created_at: datetime
    last_used_at: datetime | None


def key_name(typed: str) -> str:
    """The name of a key: it stands in the audit, so it holds no address. Raises PortalError."""
    name = plain.line(typed)
    if not name:
        raise KeyNameMissingError(field="name")
    if len(name) > LONGEST_NAME:
        raise KeyNameTooLongError(field="name", most=LONGEST_NAME, count=len(name))
    return names.choose(plain.require_visible(name, field="name"), field="name")


def new_key() -> str:
    """A key of 192 random bits."""
    return PREFIX + secrets.token_hex(24)


def beginning_of(key: str) -> str:
    """What lists show of a key."""
    return key[:_SHOWN]
