"""Visits of a page that are closed as soon as it has loaded, and what they leave in a worker."""

from __future__ import annotations

import asyncio
from pathlib import Path
from secrets import token_hex

from tests.support.portal_server import PortalServer
from tests.support.raw_socket import BOOT, RawSocket

AT_ONCE = 20
_WARMING = 200


async def visit(portal: PortalServer) -> None:
    """Open /login as a browser would that comes for the first time, and close it at once."""
    async with RawSocket(portal.base, cookies={"gc_visitor": token_hex(8)}) as socket:
        await socket.call_until(BOOT, {}, '"is_hydrated_rx_state_":true', path="/login")


async def visit_often(portal: PortalServer, number: int) -> None:
    """So many visits, some of them at once."""
    for _ in range(number // AT_ONCE):
        await asyncio.gather(*(visit(portal) for _ in range(AT_ONCE)))


async def growth(portal: PortalServer, number: int) -> float:
    """By how many MB the only worker grows with so many visits, once it has had some."""
    await visit_often(portal, _WARMING)
    [worker] = portal.workers()
    before = _resident(worker)
    await visit_often(portal, number)
    return _resident(worker) - before


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")
