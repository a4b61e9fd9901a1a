"""Serves the portal as `make run` does, on a database of its own with signed-in people in it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.support import people
from benchmarks.support.people import Person
from benchmarks.support.served import Served, Visit
from guance_portal.accounts.rules import Edition
from guance_portal.state.devices import DevicesState
from tests.support.portal_server import PortalServer

# Reads the database twice: the gate finds the session, the handler lists the person's devices.
READING_EVENT = f"{DevicesState.get_full_name()}.load_devices"
READING_ANSWER = '"rows_rx_state_"'


@dataclass(frozen=True, slots=True)
class Portal:
    """The served portal and those who are signed in to its console."""

    served: Served
    people: list[Person]

    def visit(self, path: str, *, person: int | None = None) -> Visit:
        """A page as a stranger sees it, or as one of the signed-in people."""
        return Visit(self.served.base, path, {} if person is None else self.people[person].cookies)


@contextmanager
def serve(*, signed_in: int, editions: Sequence[Edition] = ()) -> Generator[Portal]:
    """The portal in one worker behind one trusted proxy, with this many people signed in (see `people.sign_in`)."""
    with PortalServer.start(env={"PORTAL_TRUSTED_PROXIES": "1"}) as server:
        yield Portal(Served(server.base, server.pid), people.sign_in(server.data_dir, signed_in, editions=editions))
