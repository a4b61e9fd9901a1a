"""The body of a request: received within its time, inflated within its size."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

from guance_portal.api.gateway.refusals import RefusalError
from guance_portal.api.limits import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.requests import Request

MAX_BODY = 10 * MEGABYTE
"""Bytes, as sent and after inflating."""
MAX_MEMBERS = 64
"""Parts of one gzip body."""
BODY_SECONDS = 60
BODY_GRACE = 10
"""Seconds that a body has to begin with; each BODY_RATE bytes that came give it another, up to BODY_SECONDS in all."""
BODY_RATE = 32 * 1024


async def received(request: Request) -> bytes:
    """The body as it was sent; refuses one that is too large, or comes too slowly."""
    if int(request.headers.get("content-length", "0")) > MAX_BODY:  # the wrappers know that it is a number
        raise _too_large("as sent")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds_for(0)) as limit:
            began = asyncio.get_running_loop().time()
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise _too_large("as sent")
                limit.reschedule(began + seconds_for(len(body)))
    except TimeoutError:
        raise RefusalError(408, "bodyTimeout", "the body came too slowly") from None
    return bytes(body)


def seconds_for(length: int) -> float:
    """How long after its beginning a body may go on that has come so far, in bytes."""
    return min(BODY_SECONDS, BODY_GRACE + length / BODY_RATE)


def inflating(sent: bytes) -> Generator[None, None, bytes]:
    """The content of a gzip body, with a pause behind each of its parts."""
    rest, inflated = memoryview(sent), bytearray()
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            inflated += member.decompress(rest, MAX_BODY + 1 - len(inflated))
        except zlib.error:
            raise RefusalError(400, "invalidGzip", "the body is not gzip") from None
        if len(inflated) > MAX_BODY:
            raise _too_large("after inflating")
        if not member.eof:
            raise RefusalError(400, "invalidGzip", "the gzip body is cut off")
        if not (left := len(member.unused_data)):
            return bytes(inflated)
        rest = rest[-left:]
        yield
    raise RefusalError(400, "invalidGzip", f"the gzip body has more than {MAX_MEMBERS} parts")


def _too_large(how: str) -> RefusalError:
    return RefusalError(413, "bodyTooLarge", f"the body is larger than {MAX_BODY} bytes {how}", connection="close")
