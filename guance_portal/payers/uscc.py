"""The 统一社会信用代码 of an organisation, GB 32100-2015."""

from __future__ import annotations

from guance_portal.core import plain
from guance_portal.core.errors import PortalError

_FIELD = "uscc"
LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


class UsccLengthError(PortalError):
    """Not 18 characters. Parameter: count."""

    code = "errors.uscc_length"


class UsccCharacterError(PortalError):
    """A character the code never has: I, O, S, V, Z and what is no digit or Latin capital. Parameter: character."""

    code = "errors.uscc_character"


class UsccCheckError(PortalError):
    """The last character does not fit the others: something was mistyped."""

    code = "errors.uscc_check"


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


def check_character(body: str) -> str:
    """The last character that belongs to the first seventeen."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    # The outer remainder matters: without it a sum divisible by 31 would look for a 32nd letter.
    return _ALPHABET[(31 - total % 31) % 31]
