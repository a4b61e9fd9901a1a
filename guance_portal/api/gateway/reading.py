"""From the content of a body to its counts, by turns with other workspaces' bodies."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from guance_portal.api.gateway.asked import Coding
from guance_portal.api.gateway.bodies import MAX_BODY, inflating, too_large
from guance_portal.api.gateway.refusals import RefusalError
from guance_portal.api.limits import MEGABYTE
from guance_portal.api.round_robin import RoundRobin
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import BodyFormat, RequestCounts, counting
from guance_portal.metering.points import UnreadableError
from guance_portal.metering.repeats import Sending

LARGE = MEGABYTE
"""Bytes after inflating. The lines and counts of a larger body take 100 MB: one of them is read at a time."""
SMALL_AT_ONCE = 8

# Reading lines holds the interpreter: a second thread would read no faster, and take turns from the event loop.
_reader = RoundRobin("gateway")
_large, _small = asyncio.Semaphore(1), asyncio.Semaphore(SMALL_AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBody:
    """One body and what its request said about it; `name` is empty when the sender gave it none.

    `is_remembered`: its sender is one that sends again what it got no answer for.
    """

    category: Category
    form: BodyFormat
    precision: str
    name: str
    is_remembered: bool
    is_retry: bool
    began_at: datetime
    coding: Coding
    body: bytes


async def read(person: str, sent: ReadBody) -> tuple[RequestCounts, Sending]:
    """The counts of a body, and what tells its repetition; waits until no other body of the person is read."""
    async with _reader.alone(person):
        async with _small:
            if (read := await _reader.run(_inflating_and_reading(sent, LARGE))) is not None:
                return read
        async with _large:
            if (read := await _reader.run(_inflating_and_reading(sent))) is None:
                raise too_large("after inflating")
            return read


def _inflating_and_reading(
    sent: ReadBody, most: int = MAX_BODY
) -> Generator[None, None, tuple[RequestCounts, Sending] | None]:
    """What `read` returns; None for a body of more than so many bytes after inflating."""
    body = yield from inflating(sent.body, sent.coding, most)
    if body is None or len(body) > most:
        return None
    return (yield from _reading(sent, body))


def _reading(sent: ReadBody, body: bytes) -> Generator[None, None, tuple[RequestCounts, Sending]]:
    """The counts of a body, and what tells its repetition."""
    try:
        batch = yield from counting(sent.category, body, sent.precision, sent.form)
    except UnreadableError as problem:
        raise RefusalError(400, f"invalid{problem.place.capitalize()}", str(problem)) from None
    if not batch.points:
        raise RefusalError(400, "emptyBody", "the body holds no point")
    return batch, Sending(
        name=_digest(sent.name.encode(), sent.category, body) if sent.name else b"",
        content=_digest(b"", sent.category, body) if sent.is_remembered else b"",
        is_retry=sent.is_retry,
        began_at=sent.began_at,
    )


def _digest(name: bytes, category: Category, body: bytes) -> bytes:
    digest = blake2b(b"\n".join((name, category.encode(), b"")), digest_size=16)
    digest.update(body)
    return digest.digest()
