"""Why an operator did something, as it is kept in the audit."""

from __future__ import annotations

from guance_portal.core.errors import PortalError

LONGEST_REASON = 500


class ReasonMissingError(PortalError, code="errors.reason_missing"):
    """An operator has to say why, in 1 to LONGEST_REASON characters."""


def reason(typed: str) -> str:
    """A reason on one line; raises ReasonMissingError (field `reason`) for none, or for a longer one than is kept."""
    why = " ".join(typed.split())
    if not 0 < len(why) <= LONGEST_REASON:
        raise ReasonMissingError(field="reason")
    return why
