"""A mail server that can be told to misbehave, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from guance_portal.mail.message_builder import MessageBuilder


@pytest.fixture
def message_builder() -> MessageBuilder:
    """Emails from a Chinese name."""
    return MessageBuilder(sender="观测云 <no-reply@portal.example>", public_url="https://portal.example")


class WallClock:
    """The time at which emails are queued, plus however far a test has moved it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moved moment."""
        return datetime.now(UTC) + self._ahead

    def move(self, ahead: timedelta) -> None:
        """Let this much time pass at once."""
        self._ahead += ahead


@pytest.fixture
def clock() -> WallClock:
    """A clock that tests can move."""
    return WallClock()


@dataclass
class MailServer:
    """A real SMTP server: what it received, and the answers it has been told to give first."""

    received: list[EmailMessage] = field(default_factory=list["EmailMessage"])
    recipients: list[str] = field(default_factory=list[str])
    to_recipient: list[str] = field(default_factory=list[str])
    to_content: list[str] = field(default_factory=list[str])
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Take the recipient, or give the next answer prepared."""
        del server, session, rcpt_options
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the content, or give the next answer prepared."""
        del server, session
        if self.to_content:
            return self.to_content.pop(0)
        raw = cast("bytes", envelope.original_content)
        self.received.append(message_from_bytes(raw, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """The server, started."""
    server = MailServer()
    controller = start(server)
    yield server
    stop(controller)


def start(server: MailServer, port: int = 0) -> Controller:
    """Let the server listen, on a free port or the one given."""
    controller = Controller(server, hostname="127.0.0.1", port=port or free_port(), enable_SMTPUTF8=True)
    controller.start()
    server.port = controller.port
    return controller


def stop(controller: Controller) -> None:
    """Stop the server, once it has noticed which of its clients are gone: aiosmtpd leaves their sockets open else."""
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), controller.loop).result()
    controller.stop(no_assert=True)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
