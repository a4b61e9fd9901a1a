"""What the ledger refuses."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class OtherContentError(PortalError, code="errors.ledger_other_content"):
    """The reference, or the key of the command, was used before for something else; nothing was written."""


class BooksStoppedError(PortalError, code="errors.ledger_books_stopped"):
    """A rule of these books does not hold, so nothing is posted to them. Parameter: rule, its words."""


class OverdrawnError(PortalError, code="errors.ledger_overdrawn"):
    """The act would take more from an account than is there; nothing was written."""
