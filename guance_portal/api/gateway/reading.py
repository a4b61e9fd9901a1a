"""From the content of a body to its counts, by turns with other workspaces' bodies."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from guance_portal.api.gateway.bodies import inflating
from guance_portal.api.gateway.refusals import RefusalError
from guance_portal.api.limits import MEGABYTE
from guance_portal.api.round_robin import RoundRobin
from guance_portal.metering.counting import Batch, counting
from guance_portal.metering.line_protocol import BadLineError

if TYPE_CHECKING:
    from collections.abc import Generator

    from guance_portal.metering.rules import Category

LARGE = MEGABYTE
"""Bytes after inflating. Larger bodies are counted LARGE_AT_ONCE at a time: lines and counts of one may take 300 MB."""
LARGE_AT_ONCE = 4

# Reading lines holds the interpreter: a second thread would read no faster, and take turns from the event loop.
_reader = RoundRobin("gateway")
_large = asyncio.Semaphore(LARGE_AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One body and what its request said about it; `name` is empty when the sender gave it none."""

    category: Category
    precision: str
    name: str
    is_gzip: bool
    body: bytes


async def read(workspace_id: str, sent: Sent) -> tuple[Batch, bytes]:
    """The counts of a body, and what tells its repetition; waits until no other body of the workspace is read."""
    async with _reader.alone(workspace_id):
        body = await _reader.run(inflating(sent.body)) if sent.is_gzip else sent.body
        async with _large if len(body) > LARGE else nullcontext():
            return await _reader.run(_reading(sent, body))


def _reading(sent: Sent, body: bytes) -> Generator[None, None, tuple[Batch, bytes]]:
    """The counts of a body, and what tells its repetition: the name it was given together with all it says."""
    try:
        batch = yield from counting(sent.category, body, sent.precision)
    except BadLineError as problem:
        raise RefusalError(400, "invalidLine", str(problem)) from None
    if not batch.points:
        raise RefusalError(400, "emptyBody", "the body holds no point")
    if not sent.name:
        return batch, b""
    return batch, blake2b(b"\n".join((sent.name.encode(), sent.category.encode(), body)), digest_size=16).digest()
