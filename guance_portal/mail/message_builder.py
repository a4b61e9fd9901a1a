"""Builds the message that is sent from a row of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from guance_portal.core.messages import Language
from guance_portal.mail.tables import Email
from guance_portal.mail.templates import NO_SUPPORT, Rendered, Support, email_templates


@dataclass(frozen=True, slots=True)
class MessageBuilder:
    """Builds messages from emails; knows the sender (`观测云 <no-reply@example.com>`) and the portal's address."""

    sender: str
    public_url: str
    support: Support = NO_SUPPORT

    @property
    def domain(self) -> str:
        """The sender's domain: the right side of every Message-ID, and the name given to the mail server."""
        return parseaddr(self.sender)[1].rpartition("@")[2]

    def message_id(self, email: Email) -> str:
        """The Message-ID of an email, the same for every attempt; Message-IDs sort by the time of writing.

        Short, so that the header stays on one line: some servers lose an identifier that is folded.
        """
        random = email.id.rpartition("_")[2][:16]
        return f"<{email.created_at:%y%m%d%H%M%S%f}.{random}@{self.domain}>"

    def render(self, email: Email) -> Rendered:
        """What the email says; raises EmailError when it cannot be written any more."""
        language = Language.of(email.language)
        return email_templates().render(
            email.template, language, email.params, public_url=self.public_url, support=self.support
        )

    def compose(self, email: Email) -> EmailMessage:
        """The message of a leased email: every attempt gives the same one. Raises EmailError like `render`."""
        said = self.render(email)
        name, address = parseaddr(email.sender)
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = _address(address, name)
        message["To"] = _address(email.recipient)
        message["Subject"] = said.subject
        message["Date"] = format_datetime(email.created_at)
        message["Message-ID"] = email.message_id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(said.text)
        message.add_alternative(said.html, subtype="html")
        message.set_boundary(f"part-of-{email.id}")
        message["Content-Language"] = email.language
        return message


def _address(address: str, name: str = "") -> Address:
    username, _, domain = address.rpartition("@")
    return Address(name, username, domain)
