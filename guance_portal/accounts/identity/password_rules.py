"""What a password must be (NIST SP 800-63B §5.1.1, OWASP ASVS 6.2): long enough, hard to guess, not one's own name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from zxcvbn_rs_py import zxcvbn

from guance_portal.accounts.identity import usernames
from guance_portal.accounts.rules import email_key
from guance_portal.core.errors import PortalError

SHORTEST, LONGEST = 8, 128
LEAST_SCORE = 3
# zxcvbn refuses or crawls beyond this; what follows can only make a password stronger.
_SCORED = 72
_BRAND = ["guance", "观测云", "datakit", "dataflux"]


class PasswordTooShortError(PortalError, code="errors.password_too_short"):
    """Fewer characters than `shortest`."""


class PasswordTooLongError(PortalError, code="errors.password_too_long"):
    """More characters than `longest`."""


class PasswordHasNameError(PortalError, code="errors.password_has_name"):
    """It contains the username or the part of the e-mail before the @."""


class PasswordWeakError(PortalError, code="errors.password_weak"):
    """It scores under 3 of 4: easy to guess."""


@dataclass(frozen=True, slots=True)
class PasswordVerdict:
    """A password's score from 0 to 4, for the meter, and what is wrong with it, if anything."""

    score: int
    problem: PortalError | None

    def require(self) -> None:
        """Raise the problem, if there is one."""
        if self.problem:
            raise self.problem


def judge(password: str, *, username: str = "", email: str = "", field: str = "password") -> PasswordVerdict:
    """Decide whether a person may take this password; takes up to 20 ms, so call it in a thread.

    `field` is the form field that a problem is shown at.
    """
    own = _own(username, email)
    score = int(zxcvbn(password[:_SCORED], [*own, *_BRAND]).score)
    return PasswordVerdict(score, _problem(password, score, own, field))


def stands_under(taken_under: str, username: str) -> bool:
    """Whether a password that was taken under one username may stay under another, as far as nobody sees it any more.

    It has not the first in it, and so nothing that is longer by something: a suggestion like the name, for one.
    """
    before, after = usernames.key(taken_under), usernames.key(username)
    return before == after or (_is_telling(before) and before in after)


def _own(username: str, email: str) -> list[str]:
    """What is the person's own, as it was typed and as it will be stored."""
    typed, address = email.strip(), email_key(email)
    own = (
        username.strip(),
        usernames.key(username),
        typed,
        typed.partition("@")[0],
        address,
        address.partition("@")[0],
    )
    return list(dict.fromkeys(filter(None, own)))


def _problem(password: str, score: int, own: list[str], field: str) -> PortalError | None:
    if len(password) < SHORTEST:
        return PasswordTooShortError(field=field, shortest=SHORTEST)
    if len(password) > LONGEST:
        return PasswordTooLongError(field=field, longest=LONGEST)
    folded = _folded(password)
    if any(_is_telling(name) and _folded(name) in folded for name in own):
        return PasswordHasNameError(field=field)
    return PasswordWeakError(field=field) if score < LEAST_SCORE else None


def _folded(text: str) -> str:
    """Without case and width, by which nobody's name becomes another."""
    return unicodedata.normalize("NFKC", text).casefold()


def _is_telling(name: str) -> bool:
    # One or two Latin letters occur in passwords by chance; two Chinese characters do not.
    return len(name) >= (3 if name.isascii() else 2)
