"""Builds the message that is sent from a row of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from guance_portal.core.words import Language
from guance_portal.mail.tables import Letter
from guance_portal.mail.templates import Rendered, letterbook


@dataclass(frozen=True, slots=True)
class MessageBuilder:
    """Builds messages from letters; knows the sender (`观测云 <no-reply@example.com>`) and the portal's address."""

    sender: str
    public_url: str

    @property
    def domain(self) -> str:
        """The sender's domain: the right side of every Message-ID, and the name given to the mail server."""
        return parseaddr(self.sender)[1].rpartition("@")[2]

    def message_id(self, letter: Letter) -> str:
        """The Message-ID of a letter, the same for every attempt; Message-IDs sort by the time of writing.

        Short, so that the header stays on one line: some servers lose an identifier that is folded.
        """
        random = letter.id.rpartition("_")[2][:16]
        return f"<{letter.created_at:%y%m%d%H%M%S%f}.{random}@{self.domain}>"

    def render(self, letter: Letter) -> Rendered:
        """What the letter says; raises LetterError when it cannot be written any more."""
        language = Language.of(letter.language)
        return letterbook().render(letter.template, language, letter.params, public_url=self.public_url)

    def compose(self, letter: Letter) -> EmailMessage:
        """The message of a leased letter: every attempt gives the same one. Raises LetterError like `render`."""
        said = self.render(letter)
        name, address = parseaddr(letter.sender)
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = _address(address, name)
        message["To"] = _address(letter.recipient)
        message["Subject"] = said.subject
        message["Date"] = format_datetime(letter.created_at)
        message["Message-ID"] = letter.message_id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(said.text)
        message.add_alternative(said.html, subtype="html")
        message.set_boundary(f"part-of-{letter.id}")
        message["Content-Language"] = letter.language
        return message


def _address(address: str, name: str = "") -> Address:
    username, _, domain = address.rpartition("@")
    return Address(name, username, domain)
