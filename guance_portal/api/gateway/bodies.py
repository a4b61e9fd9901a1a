"""The body of a request: received within its time, inflated within its size."""

from __future__ import annotations

import zlib
from collections.abc import Generator
from contextlib import ExitStack

from starlette.requests import Request

from guance_portal.api.gateway.asked import Coding
from guance_portal.api.gateway.refusals import RefusalError, busy
from guance_portal.api.limits import MEGABYTE
from guance_portal.api.pace import SlowBodyError
from guance_portal.api.shares import NoShareError, Shares

MAX_BODY = 10 * MEGABYTE
"""Bytes, as sent and after inflating."""
MAX_MEMBERS = 64
"""Parts of one gzip body."""
BYTES, BYTES_EACH = 64 * MEGABYTE, 4 * MAX_BODY
"""What one process holds of bodies until they are read, in all and of one person's workspaces."""

_bytes = Shares(BYTES, BYTES_EACH)


async def received(request: Request, person: str, held: ExitStack) -> bytes:
    """The body as it was sent; refuses one that is too large, or comes too slowly.

    Its bytes count for the person as they come, whatever was announced, until `held` is closed.
    """
    if int(request.headers.get("content-length", "0")) > MAX_BODY:  # the wrappers know that it is a number
        raise too_large("as sent")
    body = bytearray()
    try:
        async for chunk in request.stream():
            held.enter_context(_bytes.held(person, len(chunk)))
            body += chunk
            if len(body) > MAX_BODY:
                raise too_large("as sent")
    except SlowBodyError:
        # DataKit drops what a 4xx refuses, 408 included; its network may be better at the next attempt.
        message = "the body came too slowly, send again"
        raise RefusalError(503, "bodyTimeout", message, connection="close", retry_after="30") from None
    except NoShareError:
        raise busy(connection="close") from None
    return bytes(body)


def inflating(sent: bytes, coding: Coding, most: int = MAX_BODY) -> Generator[None, None, bytes | None]:
    """The content of a body, with a pause behind each part of gzip; None when it is larger than `most`."""
    if coding is Coding.IDENTITY:
        return sent
    if coding is Coding.GZIP:
        return (yield from _members(sent, most))
    inflated, stream = b"", zlib.decompressobj()
    try:
        inflated = stream.decompress(sent, most + 1)
    except zlib.error:
        raise RefusalError(400, "invalidDeflate", "the body is not deflate in zlib's form") from None
    if len(inflated) > most:
        return None
    if not stream.eof or stream.unused_data:
        raise RefusalError(400, "invalidDeflate", "the deflate body is cut off, or something follows it")
    return inflated


def _members(sent: bytes, most: int) -> Generator[None, None, bytes | None]:
    rest, inflated = memoryview(sent), bytearray()
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            inflated += member.decompress(rest, most + 1 - len(inflated))
        except zlib.error:
            raise RefusalError(400, "invalidGzip", "the body is not gzip") from None
        if len(inflated) > most:
            return None
        if not member.eof:
            raise RefusalError(400, "invalidGzip", "the gzip body is cut off")
        if not (left := len(member.unused_data)):
            return bytes(inflated)
        rest = rest[-left:]
        yield
    raise RefusalError(400, "invalidGzip", f"the gzip body has more than {MAX_MEMBERS} parts")


def too_large(how: str) -> RefusalError:
    """The body has more bytes than one may have."""
    return RefusalError(413, "bodyTooLarge", f"the body is larger than {MAX_BODY} bytes {how}", connection="close")
