"""Somebody who does harm to a running portal, and a neighbour who uses it meanwhile: what each attack costs the other."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

import guance_portal.guance_portal
from guance_portal.accounts.opening import NewWorkspace, open_workspace
from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import Services
from guance_portal.core.messages import Language
from guance_portal.state.sign_in import SignInState
from tests.support.people import People, Person
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged

assert guance_portal.guance_portal.app  # its import registers every state

HARMFUL = "127.0.0.66"
"""Where the attacks come from: all of 127/8 is this machine."""
_SIGN_IN = f"{SignInState.get_full_name()}.sign_in_to_console"


@dataclass(slots=True)
class Felt:
    """What the neighbour met: seconds of each sign-in, status and seconds of each request with data.

    `harm` is the status of each answer to the harmful requests: what is refused at once harms nobody, and proves nothing.
    """

    sign_ins: list[float] = field(default_factory=list[float])
    sent: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    harm: list[int] = field(default_factory=list[int])

    @property
    def refused(self) -> int:
        """Requests whose data was not taken."""
        return sum(status != 200 for status, _ in self.sent)


class Street:
    """A running portal with a paying neighbour in it."""

    def __init__(self, server: PortalServer, people: People) -> None:
        self.server, self._people = server, people
        self._person = people.user()
        [self._token] = self.tokens(self._person, 1, Edition.COMMERCIAL)

    def person(self) -> Person:
        """Somebody else."""
        return self._people.user()

    def tokens(self, owner: Person, number: int, edition: Edition) -> list[str]:
        """The tokens of so many new workspaces of one person."""

        async def make(services: Services) -> list[str]:
            made: list[str] = []
            for _ in range(number):
                async with services.database.writing() as work:
                    new = NewWorkspace(
                        site="cn1", name="云帆", language=Language.ZH, owner_id=owner.id, edition=edition
                    )
                    workspace_id = await open_workspace(work, new, services.clock.now())
                    made.append(await services.tokens.issue(work, workspace_id))
                    await work.commit()
            return made

        return self._people.do(make)

    async def quiet(self) -> float:
        """The seconds of a sign-in while nobody does harm: on a machine that is busy with other things, many."""
        return median([await self.sign_in() for _ in range(5)])

    async def felt_during(self, harm: Coroutine[Any, Any, list[int]], *, at_least: int = 1) -> Felt:
        """What the neighbour met from the beginning of the harm to its end, who signs in and sends all the time."""
        felt, doing = Felt(), asyncio.create_task(harm)
        async with httpx.AsyncClient(base_url=self.server.base, timeout=60) as client:
            while not doing.done() or len(felt.sign_ins) < at_least:
                felt.sign_ins.append(await self.sign_in())
                felt.sent.append(await self.send(client))
                await asyncio.sleep(0.2)
        felt.harm = await doing
        return felt

    async def sign_in(self) -> float:
        """Sign in as a browser does: the form over the event socket, then the ticket for a cookie. Returns the seconds."""
        person, visitor = self._person, {"gc_visitor": "neighbour"}
        form = {"site": person.site, "login": person.login, "password": person.password, "keep": False}
        began = time.perf_counter()
        async with RawSocket(self.server.base, cookies=visitor) as page:
            await page.call(_SIGN_IN, {"form": form}, path="/login")
            ticket = merged(await page.settle())[SignInState.get_full_name()]["ticket_rx_state_"]
        async with httpx.AsyncClient(base_url=self.server.base, cookies=visitor, timeout=60) as browser:
            answer = await browser.post("/session/open", data={"ticket": ticket}, headers={"origin": self.server.base})
        assert answer.status_code == 303, answer.text
        assert "gc_console" in answer.headers["set-cookie"]
        return time.perf_counter() - began

    async def send(self, client: httpx.AsyncClient) -> tuple[int, float]:
        """Send some data. Returns the answer's status and the seconds."""
        began = time.perf_counter()
        answer = await client.post("/v1/write/metric", params={"token": self._token}, content="cpu,host=web-1 usage=1")
        return answer.status_code, time.perf_counter() - began

    def megabytes(self) -> float:
        """The most memory that any worker has had."""
        peaks = [Path(f"/proc/{pid}/status").read_text() for pid in self.server.workers()]
        return max(int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) for status in peaks) / 1024

    async def harm(self, token: str, body: bytes, number: int = 1) -> list[int]:
        """Send a body of metrics from where the attacks come from, so many times at once. Returns the answers' status."""
        return await asyncio.gather(*(self._harm(token, body) for _ in range(number)))

    async def _harm(self, token: str, body: bytes) -> int:
        transport = httpx.AsyncHTTPTransport(local_address=HARMFUL)
        async with httpx.AsyncClient(base_url=self.server.base, transport=transport, timeout=300) as client:
            answer = await client.post("/v1/write/metric", params={"token": token}, content=body)
        return answer.status_code

    @asynccontextmanager
    async def held_open(self, heads: list[bytes]) -> AsyncGenerator[list[asyncio.StreamReader]]:
        """A connection for each beginning of a request; nothing follows."""
        async with AsyncExitStack() as stack:
            readers: list[asyncio.StreamReader] = []
            for head in heads:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.server.port, local_addr=(HARMFUL, 0), family=socket.AF_INET
                )
                stack.callback(writer.close)
                writer.write(head)
                readers.append(reader)
            yield readers

    def head(self, path: str, *, length: int, body: bytes = b"") -> bytes:
        """The beginning of a POST whose body is announced, with what comes of it."""
        return (
            f"POST {path} HTTP/1.1\r\nHost: localhost:{self.server.port}\r\nContent-Length: {length}\r\n\r\n".encode()
            + body
        )


def series(measurement: str, number: int = 700_000) -> bytes:
    """A legal body of so many new series, 10 MB by default."""
    return b"".join(b"%s,i=%x v=1\n" % (measurement.encode(), n) for n in range(number))


async def ended(readers: list[asyncio.StreamReader]) -> list[bytes]:
    """What the server answered on each connection until it closed it."""
    return await asyncio.gather(*(_until_closed(reader) for reader in readers))


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""
