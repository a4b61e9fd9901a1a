"""Reads the letters that a portal without an SMTP server writes into its data folder."""

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
    """The letters of a portal, by whom they are to."""

    def __init__(self, server: PortalServer) -> None:
        self._folder: Path = server.data_dir / "mail"

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to an address that have arrived, oldest first."""
        letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self._files()]
        return [letter for letter in letters if address in str(letter["To"])]

    def wait_for(self, address: str, count: int = 1) -> EmailMessage:
        """The newest letter once there are `count`; fails after ten seconds."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while len(letters := self.to(address)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(letters)} letters to {address} instead of {count}")
            time.sleep(0.05)
        return letters[-1]

    def link_for(self, address: str, count: int = 1) -> str:
        """The link of the newest letter once there are `count`."""
        return next(link for link in links(self.wait_for(address, count)) if "#" in link)

    def tokens(self) -> set[str]:
        """What stands behind the # of every link that was ever sent."""
        letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self._files()]
        found = {link.partition("#")[2] for letter in letters for link in links(letter)}
        return found - {""}

    def _files(self) -> list[Path]:
        # By when they were written: their names and dates know seconds only.
        return (
            sorted(self._folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
            if self._folder.is_dir()
            else []
        )


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def links(letter: EmailMessage) -> list[str]:
    """The addresses in the plain text of a letter."""
    return _LINK.findall(text_of(letter))
