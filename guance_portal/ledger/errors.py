"""What the ledger refuses."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class OtherContentError(PortalError):
    """The reference, or the key of the command, was used before for something else; nothing was written."""

    code = "errors.ledger_other_content"


class BooksStoppedError(PortalError):
    """A rule of these books does not hold, so nothing is posted to them. Parameter: rule, its words."""

    code = "errors.ledger_books_stopped"


class OverdrawnError(PortalError):
    """The act would take more from an account than is there; nothing was written."""

    code = "errors.ledger_overdrawn"
