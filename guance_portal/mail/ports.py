"""What a transport for emails must do."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Literal, Protocol

Outcome = Literal["sent", "retried", "dead"]


class TransientMailError(Exception):
    """The email did not leave now but may later: server away, busy, or refusing us rather than the email."""


class PermanentMailError(Exception):
    """The email will never leave: the server refuses this recipient or this content."""


class Transport(Protocol):
    """A way out: SMTP, or files in a folder."""

    async def deliver(self, message: EmailMessage) -> None:
        """Hand the message over for good; raises TransientMailError or PermanentMailError."""
        ...

    async def check(self) -> None:
        """Raise TransientMailError with the reason when nothing could be delivered now."""
        ...


class OutcomeCounter(Protocol):
    """Counts what became of each attempt."""

    def __call__(self, outcome: Outcome, /) -> None:
        """Count one attempt."""
        ...
