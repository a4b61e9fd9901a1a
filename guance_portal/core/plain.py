"""Text that people typed or pasted: one form for what looks the same, and nothing that cannot be seen.

What nobody sees comes along with what is copied from chats, tables and web pages. Where it cannot be meant (an address, a
number, a code, a search) it is dropped; where it could be (a name) it is refused, and named.
"""

from __future__ import annotations

import unicodedata

from guance_portal.core.errors import PortalError

LONGEST_LINE, LONGEST_TEXT = 2_000, 10_000
"""Characters that a field of one line, or of several, lets through: far more than any rule, so that too many are
refused in words and not cut off in silence."""
_JOINERS = frozenset("\u200c\u200d")
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co")
# Letters, marks and a sign that are drawn as nothing, or as a space.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Letters of these scripts are not joined by format characters; a joiner behind one of them only hides.
_UNJOINED = ("LATIN", "CJK", "DIGIT", "GREEK", "CYRILLIC", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "IDEOGRAPHIC")


class HiddenCharacterError(PortalError, code="errors.hidden_character"):
    """A character that cannot be seen. Parameters: character, as U+XXXX; place, counted from 1."""


def line(typed: str) -> str:
    """One line in composed form, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def paragraphs(typed: str) -> str:
    """Several lines in composed form, without spaces at the ends of a line or blank lines around."""
    lines = unicodedata.normalize("NFC", typed).splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def require_visible(text: str, *, field: str) -> str:
    """The text; raises HiddenCharacterError when it holds what nobody can see: controls, direction marks, blanks."""
    for place, character in enumerate(text):
        if character != "\n" and _is_hidden(text, place):
            raise HiddenCharacterError(field=field, character=f"U+{ord(character):04X}", place=place + 1)
    return text


def without_hidden(text: str) -> str:
    """The text without what nobody can see; spaces and the ends of lines stay."""
    return "".join(one for place, one in enumerate(text) if one.isspace() or not _is_hidden(text, place))


def identifier(typed: str) -> str:
    """What names a mailbox or a number: forms of other widths made plain, nothing unseen, no spaces at the ends."""
    seen = without_hidden(unicodedata.normalize("NFKC", typed))
    return "".join(one for one in seen if one not in _JOINERS).strip()


def code(typed: str) -> str:
    """A code or an id as it is compared: the same, and no spaces at all."""
    return "".join(identifier(typed).split())


def search(typed: str) -> str:
    """What somebody looks for: one line without anything unseen."""
    return line(without_hidden(typed))


def _is_hidden(text: str, place: int) -> bool:
    character = text[place]
    if character in _JOINERS:
        return not place or unicodedata.name(text[place - 1], "SPACE").startswith((*_UNJOINED, "SPACE"))
    return character in _BLANKS or unicodedata.category(character) in _HIDDEN_CATEGORIES
