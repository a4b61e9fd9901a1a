"""The 统一社会信用代码 of an organisation, GB 32100-2015, and the tax id that stands in its place in other countries."""

from __future__ import annotations

import re

from guance_portal.core import plain
from guance_portal.core.errors import PortalError

_FIELD = "uscc"
LENGTH, SHORTEST_TAX_ID, LONGEST_TAX_ID = 18, 4, 30
_TAX_ID = re.compile(rf"(?=.{{{SHORTEST_TAX_ID},{LONGEST_TAX_ID}}}$)[A-Z0-9](?:[ .\-/]?[A-Z0-9])*")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


class UsccLengthError(PortalError, code="errors.uscc_length"):
    """Not 18 characters. Parameter: count."""


class UsccCharacterError(PortalError, code="errors.uscc_character"):
    """A character the code never has: I, O, S, V, Z and what is no digit or Latin capital. Parameter: character."""


class UsccCheckError(PortalError, code="errors.uscc_check"):
    """The last character does not fit the others: something was mistyped."""


class TaxIdError(PortalError, code="errors.tax_id"):
    """Not letters and digits with spaces, dots, hyphens or slashes between, too few or too many. Parameters: least, most."""


def clean(typed: str) -> str:
    """The code in capitals without spaces; empty when none was typed.

    Departments of every kind are let through: A, N and Y stand at the first place besides digits. Nothing but zeros
    fits its own check character and is nobody's: no department has the number 0 (GB 32100-2015, table 1).
    Raises UsccLengthError, UsccCharacterError, UsccCheckError.
    """
    code = plain.code(typed).upper()
    if not code:
        return ""
    if len(code) != LENGTH:
        raise UsccLengthError(field=_FIELD, count=len(code))
    for character in code:
        if character not in _ALPHABET:
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            raise UsccCharacterError(field=_FIELD, character=shown)
    if not code.strip("0") or code[-1] != check_character(code[:-1]):
        raise UsccCheckError(field=_FIELD)
    return code


def clean_tax_id(typed: str) -> str:
    """The tax id of another country in capitals, as written: each has its own form. Raises TaxIdError."""
    written = " ".join(plain.identifier(typed).upper().split())
    if written and not _TAX_ID.fullmatch(written):
        raise TaxIdError(field=_FIELD, least=SHORTEST_TAX_ID, most=LONGEST_TAX_ID)
    return written


def check_character(body: str) -> str:
    """The last character that belongs to the first seventeen."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    # The outer remainder matters: without it a sum divisible by 31 would look for a 32nd letter.
    return _ALPHABET[(31 - total % 31) % 31]
