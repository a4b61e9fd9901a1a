"""A portal is killed in the middle of a delivery: another one sends the email within 20 seconds."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from guance_portal.bootstrap import Services
from tests.integration.mail.conftest import MailServer, start, stop
from tests.integration.mail.test_outbox import queue_reset
from tests.support.databases import fresh_postgresql
from tests.support.people import People
from tests.support.portal_server import PortalServer, kill
from tests.support.sizes import LONG, size

SECONDS = 20


@dataclass
class Hanging(MailServer):
    """A mail server that never answers the first sender's DATA."""

    begun: list[float] = field(default_factory=list[float])

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keep the first waiting until its connection is gone."""
        self.begun.append(time.monotonic())
        if len(self.begun) == 1:
            await asyncio.Event().wait()
        return await super().handle_DATA(server, session, envelope)


async def queue(services: Services) -> None:
    async with services.database.writing() as work:
        await queue_reset(work, to="lin@yunfan.example")
        await work.commit()


def wait_until(server: Hanging, begun: int, received: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (len(server.begun), len(server.received)) != (begun, received):
        assert time.monotonic() < deadline, (server.begun, server.received)
        time.sleep(0.05)


@LONG
@pytest.mark.parametrize("kill_number", range(size(1, 10)))
def test_an_email_under_way_leaves_within_20_seconds_of_a_kill_and_once(kill_number: int) -> None:
    assert kill_number >= 0
    server = Hanging()
    controller = start(server)
    try:
        with fresh_postgresql() as url:
            env = {"PORTAL_SMTP_URL": server.url, "PORTAL_DATABASE_URL": url, "PORTAL_SECRET_KEY": "k" * 40}
            with PortalServer.start(env=env) as portal, People(portal) as people, PortalServer.start(env=env) as other:
                [waiting] = other.workers()
                os.kill(waiting, signal.SIGSTOP)  # so that it is the first that takes the email
                people.do(queue)
                wait_until(server, 1, 0, 10)
                portal.kill_worker()
                kill(portal.pid)
                killed = time.monotonic()
                os.kill(waiting, signal.SIGCONT)
                wait_until(server, 2, 1, SECONDS)
            assert server.begun[1] - killed < SECONDS
            assert server.recipients == ["lin@yunfan.example"]
    finally:
        stop(controller)
