"""What may go into an email, how it reads there, and when a failed one is tried again: pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

MAX_ATTEMPTS = 21
"""Attempts before an email is given up: with the delays below about a day."""

SCRUBBED_LINK, SCRUBBED_CODE = "https://removed.invalid/", "******"
"""What stands in the row for a secret value once the email has left; `.invalid` never resolves (RFC 2606)."""

_FIRST_DELAY = timedelta(seconds=15)
_LONGEST_DELAY = timedelta(hours=2)
_LONGEST_VALUE = 4000
_LONGEST_ADDRESS = 320
# Narrower than RFC 5322, which also knows quoted names and comments: nobody's mailbox needs them.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")
_ENDS_A_LINE = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Marks that turn the reading direction: a name could rearrange the sentence around it with them.
_TURNS_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MAILBOXES = frozenset({"old", "new"})
_CONTINUES_A_CHARACTER = ("Mn", "Me", "Mc")
_JOINERS = "\u200d\ufe0f"


KEPT_FOR = timedelta(days=180)
"""How long an email that has left or was given up stays, as a row and as a file. Whatever sent it cannot happen again
by then, so the row's idempotency key may go with it."""

LONGEST_REASON = 500
"""Characters kept of what a mail server said."""


class EmailError(ValueError):
    """The caller asked for an email that cannot be written: a bug of the caller, not of the person."""


def delay_after(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the given number of failed attempts: doubling from 15 s, at most 2 h.

    `jitter` in [0, 1) spreads it over 75 % to 125 %, so that emails held up together do not come back together.
    """
    doubled = _FIRST_DELAY * 2 ** min(attempts - 1, 16)
    return min(doubled, _LONGEST_DELAY) * (0.75 + jitter / 2)


def is_address(text: str) -> bool:
    """Whether the text is one mailbox address and nothing else: no name, no second one, no line break."""
    return len(text) <= _LONGEST_ADDRESS and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def is_link(name: str) -> bool:
    """Whether a value of this name is an address to follow."""
    return name == "link" or name.endswith("_link")


def is_mailbox(name: str) -> bool:
    """Whether a value of this name is the e-mail of somebody whom the email is about."""
    return name.endswith("email") or name in _MAILBOXES


def is_secret(name: str) -> bool:
    """Whether a value of this name lets its reader in, so that it must not stay in the database."""
    return is_link(name) or name == "code"


def check_values(values: Mapping[str, str], needed: frozenset[str], in_subject: frozenset[str]) -> None:
    """Raise EmailError unless the values are exactly the needed ones and each can stand in an email."""
    if problem := (needed - values.keys()) or (values.keys() - needed):
        raise EmailError(f"missing or unknown values: {', '.join(sorted(problem))}")
    for name, value in values.items():
        if not value or len(value) > _LONGEST_VALUE:
            raise EmailError(f"the value {name} must have 1 to {_LONGEST_VALUE} characters")
        if name in in_subject and _ENDS_A_LINE.search(value):
            raise EmailError(f"the value {name} stands in the subject and must be one line")
        if is_link(name) and not _is_web_address(value):
            raise EmailError(f"the value {name} must be an http or https address")


def shown(value: str, longest: int = 120) -> str:
    """A value as it may stand in a sentence: one line, no control or direction marks, at most `longest` characters."""
    harmless = "".join(_harmless(character) for character in _TURNS_DIRECTION.sub("", value))
    clean = " ".join(harmless.split())
    if len(clean) <= longest:
        return clean
    end = longest - 1
    while end and (unicodedata.category(clean[end]) in _CONTINUES_A_CHARACTER or clean[end] in _JOINERS):
        end -= 1
    return clean[:end].rstrip(_JOINERS) + "…"


def isolated(value: str) -> str:
    """A value for plain text: one that reads right to left is fenced, so that it cannot turn its sentence."""
    turns = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in value)
    return f"\u2068{value}\u2069" if turns else value


def scrubbed(values: Mapping[str, str]) -> dict[str, str]:
    """The values without the secret ones."""
    return {name: _scrubbed(name) if is_secret(name) else value for name, value in values.items()}


def is_scrubbed(values: Mapping[str, str]) -> bool:
    """Whether a secret value is gone, so that the email would say nothing any more."""
    return any(is_secret(name) and value == _scrubbed(name) for name, value in values.items())


def _scrubbed(name: str) -> str:
    return SCRUBBED_LINK if is_link(name) else SCRUBBED_CODE


def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    return "\ufffd" if category == "Cs" else "" if category == "Cc" else character


def _is_web_address(value: str) -> bool:
    if not value.isascii() or not value.isprintable() or " " in value:
        return False
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
