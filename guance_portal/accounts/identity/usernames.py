"""Usernames: RFC 8265 UsernameCaseMapped, and no letters that look like those of another script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from precis_i18n import get_profile

from guance_portal.core import names, plain
from guance_portal.core.errors import PortalError

MIN_LENGTH, MAX_LENGTH = 2, 32
_FIELD = "username"
_LONGEST_TYPED = 256
_PROFILE = get_profile("UsernameCaseMapped")
# Their letters look alike; in one name they can only deceive.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
# Letters without a shape (Default_Ignorable_Code_Point); what else is ignorable is no letter.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")


class UsernameMissingError(PortalError, code="errors.username_missing"):
    """Nothing was typed."""


class UsernameTooShortError(PortalError, code="errors.username_too_short"):
    """Fewer than MIN_LENGTH characters remain. Parameter: least."""


class UsernameTooLongError(PortalError, code="errors.username_too_long"):
    """More than MAX_LENGTH characters. Parameter: most."""


class UsernameSpaceError(PortalError, code="errors.username_space"):
    """A space stands in the name."""


class UsernameCharacterError(PortalError, code="errors.username_character"):
    """A character that no username may have. Parameter: character, as U+XXXX when it cannot be seen."""


class UsernameDirectionError(PortalError, code="errors.username_direction"):
    """Letters read from left to right and letters read from right to left in one name: it could be read as another."""


class UsernameMixedScriptsError(PortalError, code="errors.username_mixed_scripts"):
    """Latin, Cyrillic and Greek letters in one name."""


class UsernameTakenError(PortalError, code="errors.username_taken"):
    """Somebody else has this fee-centre username. `suggestions` are free ones like it."""

    def __init__(self, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(field=_FIELD)
        self.suggestions = suggestions


def clean(typed: str) -> str:
    """The username as it is stored and compared: 张三 stays, ＡＢＣ becomes abc.

    An @ is refused as well: the fee centre is entered with a username or an e-mail, and one must never
    pass for the other. Raises one of the errors above, `UsernameTakenError` excepted.
    """
    name = typed.strip()
    if not name:
        raise UsernameMissingError(field=_FIELD)
    if len(name) > _LONGEST_TYPED:
        raise UsernameTooLongError(field=_FIELD, most=MAX_LENGTH)
    if any(character.isspace() for character in name):
        raise UsernameSpaceError(field=_FIELD)
    try:
        name = _PROFILE.enforce(name)
    except UnicodeEncodeError as problem:
        if problem.reason.endswith("bidi_rule"):
            raise UsernameDirectionError(field=_FIELD) from None
        raise _refused(problem.object[problem.start : problem.end] or name) from None
    if "@" in name or unicodedata.category(name[0]).startswith("M"):
        raise _refused("@" if "@" in name else name[0])
    if len(_ALIKE & set(_scripts(name))) > 1:
        raise UsernameMixedScriptsError(field=_FIELD)
    if len(name) < MIN_LENGTH:
        raise UsernameTooShortError(field=_FIELD, least=MIN_LENGTH)
    if len(name) > MAX_LENGTH:
        raise UsernameTooLongError(field=_FIELD, most=MAX_LENGTH)
    return name


def choose(typed: str) -> str:
    """A username that somebody gives themselves, as it is stored; raises what `clean` and `names.choose_username` do.

    What was given before these rules keeps its name, and is looked up by `clean` alone.
    """
    return names.choose_username(clean(typed), field=_FIELD)


def key(typed: str) -> str:
    """A username as it is looked up: the stored form, or empty for text that no account can have.

    What nobody sees only came along: a name that somebody gives themselves could not hold it.
    """
    for name in (typed, plain.without_hidden(typed)):
        try:
            return clean(name)
        except PortalError:
            continue
    return ""


def alternatives(name: str, numbers: Iterable[int]) -> tuple[str, ...]:
    """Names like a taken one: the same with each number behind it, cut where it grew too long."""
    longer = (f"{name[: MAX_LENGTH - len(str(number))]}{number}" for number in numbers)
    return tuple(candidate for candidate in longer if _is_free_form(candidate))


def _is_free_form(candidate: str) -> bool:
    try:
        return choose(candidate) == candidate
    except PortalError:
        return False


def _refused(characters: str) -> UsernameCharacterError:
    first = characters[0]
    is_seen = first.isprintable() and first not in _FILLERS and not unicodedata.category(first).startswith("M")
    shown = first if is_seen else f"U+{ord(first):04X}"
    return UsernameCharacterError(field=_FIELD, character=shown)


def _scripts(name: str) -> Iterator[str]:
    return (unicodedata.name(character, "").split(" ")[0] for character in name if character.isalpha())
