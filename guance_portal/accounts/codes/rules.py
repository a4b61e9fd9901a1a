"""Decisions about codes sent by e-mail that need neither database nor clock."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from guance_portal.core import plain
from guance_portal.core.errors import PortalError

LIFE = timedelta(minutes=10)
RESEND_AFTER = timedelta(seconds=60)
ONE_PRESS = timedelta(seconds=2)
"""Anyone who asks for the same code once more within it has pressed twice, and means it once."""
TRIES = 5
PER_DAY = 10
"""Emails with a code that an address gets in a day, for whatever purpose."""
OF_STRANGERS = 7
"""Of these, as many may be asked for by browsers that nobody was ever signed in at with this address…"""
OF_STRANGERS_EACH = 5
"""…and of these, as many for one purpose at one site: anyone who uses them up shuts the owner out of nothing else."""
DAY = timedelta(days=1)
DIGITS = 6
FIELD = "code"


class CodePurpose(StrEnum):
    """What a code proves the e-mail for; one given for one purpose is worth nothing for another."""

    SIGN_UP = "sign_up"
    BIND_FEE_ACCOUNT = "bind_fee_account"
    OPEN_FEE_ACCOUNT = "open_fee_account"
    FEE_EMAIL_OLD = "fee_email_old"
    FEE_EMAIL_NEW = "fee_email_new"

    @property
    def is_own(self) -> bool:
        """Whether only the address's owner can ask: for all else anybody names the address, or the account it belongs to."""
        return self is CodePurpose.FEE_EMAIL_OLD


class CodeEnd(StrEnum):
    """How a code's life ended before its time."""

    USED = "used"
    SUPERSEDED = "superseded"
    VOID = "void"
    SPENT = "spent"


class CodeMissingError(PortalError, code="errors.code_missing"):
    """No code was typed."""


class CodeFormatError(PortalError, code="errors.code_format"):
    """Not six digits; costs no try."""


class CodeNotSentError(PortalError, code="errors.code_not_sent"):
    """No code was asked for yet."""


class CodeWrongError(PortalError, code="errors.code_wrong"):
    """Not the code. Parameter: left, the tries that remain."""


class CodeSpentError(PortalError, code="errors.code_spent"):
    """Too many wrong tries: the code is dead."""


class CodeSupersededError(PortalError, code="errors.code_superseded"):
    """The code of an earlier mail; a newer one was sent."""


class CodeExpiredError(PortalError, code="errors.code_expired"):
    """Older than LIFE."""


class CodeDeadError(PortalError, code="errors.code_dead"):
    """Used before, or sent to another address than the one now given."""


class CodeTooSoonError(PortalError, code="errors.code_too_soon"):
    """The last code was sent less than RESEND_AFTER ago. Parameter: seconds to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(field=FIELD, seconds=seconds)
        self.seconds = seconds


class CodeJustSentError(CodeTooSoonError):
    """This holder was sent the code just now, less than ONE_PRESS ago. Parameter: seconds to wait."""


class CodeLimitError(PortalError, code="errors.code_limit"):
    """The address has had all its codes of this kind in a day. Parameter: most."""


def read(typed: str) -> str:
    """The six digits of a code as typed; raises CodeMissingError, CodeFormatError."""
    code = plain.code(typed).replace("-", "")
    if not code:
        raise CodeMissingError(field=FIELD)
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        raise CodeFormatError(field=FIELD)
    return code


def seconds_to_wait(last_sent: datetime | None, now: datetime) -> int:
    """Whole seconds until the next code may be sent; 0 for at once."""
    if last_sent is None:
        return 0
    return max(0, math.ceil((last_sent + RESEND_AFTER - now).total_seconds()))


def limit_reached(sent: Sequence[tuple[CodePurpose, str]], purpose: CodePurpose, site: str, *, is_own: bool) -> int:
    """The limit that speaks against another code for an address, after those of the last day (purpose, site); 0 for none.

    `is_own`: its owner asks, as far as can be known.
    """
    if is_own:
        return PER_DAY if len(sent) >= PER_DAY else 0
    if len(sent) >= OF_STRANGERS:
        return OF_STRANGERS
    return OF_STRANGERS_EACH if sent.count((purpose, site)) >= OF_STRANGERS_EACH else 0


def after_wrong_try(tries: int) -> PortalError:
    """What is said after so many wrong tries."""
    return CodeWrongError(field=FIELD, left=TRIES - tries) if tries < TRIES else CodeSpentError(field=FIELD)
