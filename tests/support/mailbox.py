"""Reads the emails that a portal without an SMTP server writes into its data folder."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.support.portal_server import PortalServer

_WAIT_SECONDS = 10
_LINK = re.compile(r"https?://\S+")


class Mailbox:
    """The emails of a portal, by whom they are to."""

    def __init__(self, server: PortalServer) -> None:
        self._folder: Path = server.data_dir / "mail"

    def to(self, address: str) -> list[EmailMessage]:
        """The emails to an address that have arrived, oldest first."""
        emails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self._files()]
        return [email for email in emails if address in str(email["To"])]

    def wait_for(self, address: str, count: int = 1) -> EmailMessage:
        """The newest email once there are `count`; fails after ten seconds."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while len(emails := self.to(address)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(emails)} emails to {address} instead of {count}")
            time.sleep(0.05)
        return emails[-1]

    def link_for(self, address: str, count: int = 1) -> str:
        """The link of the newest email once there are `count`."""
        return next(link for link in links(self.wait_for(address, count)) if "#" in link)

    def tokens(self) -> set[str]:
        """What stands behind the # of every link that was ever sent."""
        emails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self._files()]
        found = {link.partition("#")[2] for email in emails for link in links(email)}
        return found - {""}

    def _files(self) -> list[Path]:
        # By when they were written: their names and dates know seconds only.
        return (
            sorted(self._folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
            if self._folder.is_dir()
            else []
        )


def text_of(email: EmailMessage) -> str:
    """The plain text of an email."""
    body = email.get_body(("plain",))
    return str(body.get_content()) if body else ""


def links(email: EmailMessage) -> list[str]:
    """The addresses in the plain text of an email."""
    return _LINK.findall(text_of(email))
