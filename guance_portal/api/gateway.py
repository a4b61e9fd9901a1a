"""`POST /v1/write/{category}?token=`: takes line protocol from DataKits, as the product's data gateway does.

A request is taken whole or not at all. DataKit drops what a 4xx refuses and sends again what a 5xx does.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections import Counter
from contextlib import asynccontextmanager, contextmanager, nullcontext
from hashlib import blake2b
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from guance_portal import bootstrap
from guance_portal.api import exchange
from guance_portal.api.limits import BODY_LIMITS, MEGABYTE
from guance_portal.api.round_robin import RoundRobin
from guance_portal.core.words import text
from guance_portal.metering.counting import Batch, counting
from guance_portal.metering.errors import OverQuotaError, WorkspaceLockedError
from guance_portal.metering.line_protocol import NANOSECONDS, BadLineError
from guance_portal.metering.rules import Category, category_named

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from starlette.requests import Request

MAX_BODY = 10 * MEGABYTE
"""Bytes, as sent and after inflating."""
MAX_MEMBERS = 64
"""Parts of one gzip body."""
MAX_UNDER_WAY = 32
"""Requests whose bodies one process holds at a time; a quarter is for workspaces that have none among them."""
MAX_EACH = 4
"""As many of them may belong to one workspace; further ones wait their turn unread."""
LARGE = MEGABYTE
"""Bytes after inflating. Larger bodies are counted LARGE_AT_ONCE at a time: lines and counts of one may take 300 MB."""
LARGE_AT_ONCE = 4
TURN_SECONDS = 10
BODY_SECONDS = 60
BODY_GRACE = 10
"""Seconds that a body has to begin with; each BODY_RATE bytes that came give it another, up to BODY_SECONDS in all."""
BODY_RATE = 32 * 1024
PATH = "/v1/write/"

# The gateway measures by itself, and says in its own way what is too much.
BODY_LIMITS[PATH] = 2 * MAX_BODY

_PACKAGE_HEADERS = ("idempotency-key", "x-pkg-id")
_PACKAGE = re.compile(r"[!-~]{1,200}")
# Reading lines holds the interpreter: a second thread would read no faster, and take turns from the event loop.
_reader = RoundRobin("gateway")
_large = asyncio.Semaphore(LARGE_AT_ONCE)


class _RefusalError(Exception):
    """The request is answered with this and changes nothing."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> Response:
        """In the words of DataKit's own API."""
        body = {"error_code": f"gateway.{self.code}", "message": self.message}
        return JSONResponse(body, status_code=self.status, headers=self.headers)


class _UnderWay:
    """How many bodies this process is reading or counting: nobody's slow senders take the places of everybody."""

    def __init__(self, limit: int, each: int = MAX_EACH) -> None:
        self._limit, self._each, self._held = limit, each, Counter[str]()
        self._places = WeakValueDictionary[str, asyncio.Semaphore]()

    @asynccontextmanager
    async def turn(self, workspace_id: str) -> AsyncGenerator[None]:
        """Hold a place of the workspace and of the process; refuses what waits for it longer than TURN_SECONDS."""
        places = self._places.setdefault(workspace_id, asyncio.Semaphore(self._each))
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await places.acquire()
        except TimeoutError:
            raise _busy() from None
        try:
            with self._counted(workspace_id):
                yield
        finally:
            places.release()

    @contextmanager
    def _counted(self, workspace_id: str) -> Generator[None]:
        kept = self._limit // 4 if workspace_id in self._held else 0
        if self._held.total() >= self._limit - kept:
            raise _busy()
        place = Counter((workspace_id,))
        self._held += place
        try:
            yield
        finally:
            self._held -= place


def _busy() -> _RefusalError:
    return _RefusalError(503, "busy", "too many requests under way, send again", retry_after="1")


_under_way = _UnderWay(MAX_UNDER_WAY)


async def write(request: Request) -> Response:
    """Take the points of one request; 200 with how many."""
    exchange.of(request.scope).kind = "gateway"
    try:
        return await _take(request)
    except _RefusalError as refusal:
        return refusal.answer()
    except ClientDisconnect:
        return Response(status_code=400)


async def _take(request: Request) -> Response:
    services = bootstrap.services()
    workspace_id = await services.tokens.holder(request.query_params.get("token", ""))
    if workspace_id is None:
        raise _RefusalError(403, "tokenNotFound", "the token is missing, wrong, or has been replaced")
    category, precision = _category(request), _precision(request)
    is_gzip, name = _is_gzip(request), _package_name(request)
    async with _under_way.turn(workspace_id):
        sent = await _body(request)
        async with _reader.alone(workspace_id):
            body = await _reader.run(_inflating(sent)) if is_gzip else sent
            async with _large if len(body) > LARGE else nullcontext():
                batch, package = await _reader.run(_reading(category, body, precision, name))
        try:
            receipt = await services.usage.record(workspace_id, batch, package)
        except WorkspaceLockedError:
            raise _RefusalError(403, "workspaceLocked", "the workspace is locked and takes no data") from None
        except OverQuotaError as full:
            raise _over_quota(full) from None
    return JSONResponse({"accepted": receipt.points, "repeated": receipt.is_repeated})


def _over_quota(full: OverQuotaError) -> _RefusalError:
    return _RefusalError(
        429,
        "beyondDataUsage",
        f"{text(full.item.words).en}: {full.used} of today's {full.quota} are used, and this request does not fit",
        retry_after=str(full.retry_after),
    )


def _category(request: Request) -> Category:
    category = category_named(request.path_params["category"])
    if category is None:
        raise _RefusalError(404, "invalidCategory", f"there is no such category; there are {', '.join(Category)}")
    return category


def _precision(request: Request) -> str:
    precision = request.query_params.get("precision", "n")
    if precision not in NANOSECONDS:
        raise _RefusalError(400, "invalidPrecision", f"precision must be one of {', '.join(NANOSECONDS)}")
    return precision


def _is_gzip(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/json", "application/pbjson", "application/protobuf", "application/x-protobuf"}:
        raise _RefusalError(415, "unsupportedContentType", "only line protocol is taken here")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise _RefusalError(415, "unsupportedEncoding", "only gzip is taken here", accept_encoding="gzip")
    return coding.endswith("gzip")


def _package_name(request: Request) -> str:
    name = next((value for header in _PACKAGE_HEADERS if (value := request.headers.get(header, ""))), "")
    if name and not _PACKAGE.fullmatch(name):
        raise _RefusalError(400, "invalidPackageId", "a package id is 1 to 200 visible ASCII characters")
    return name


async def _body(request: Request) -> bytes:
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
        raise _RefusalError(408, "bodyTimeout", "the body came too slowly") from None
    return bytes(body)


def seconds_for(received: int) -> float:
    """How long after its beginning a body may go on that has come so far, in bytes."""
    return min(BODY_SECONDS, BODY_GRACE + received / BODY_RATE)


def _too_large(how: str) -> _RefusalError:
    return _RefusalError(413, "bodyTooLarge", f"the body is larger than {MAX_BODY} bytes {how}", connection="close")


def _reading(category: Category, body: bytes, precision: str, name: str) -> Generator[None, None, tuple[Batch, bytes]]:
    """The counts of a body, and what tells its repetition: the name it was given together with all it says."""
    try:
        batch = yield from counting(category, body, precision)
    except BadLineError as problem:
        raise _RefusalError(400, "invalidLine", str(problem)) from None
    if not batch.points:
        raise _RefusalError(400, "emptyBody", "the body holds no point")
    if not name:
        return batch, b""
    return batch, blake2b(b"\n".join((name.encode(), category.encode(), body)), digest_size=16).digest()


def _inflating(sent: bytes) -> Generator[None, None, bytes]:
    rest, inflated = memoryview(sent), bytearray()
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            inflated += member.decompress(rest, MAX_BODY + 1 - len(inflated))
        except zlib.error:
            raise _RefusalError(400, "invalidGzip", "the body is not gzip") from None
        if len(inflated) > MAX_BODY:
            raise _too_large("after inflating")
        if not member.eof:
            raise _RefusalError(400, "invalidGzip", "the gzip body is cut off")
        if not (left := len(member.unused_data)):
            return bytes(inflated)
        rest = rest[-left:]
        yield
    raise _RefusalError(400, "invalidGzip", f"the gzip body has more than {MAX_MEMBERS} parts")


ROUTES = (
    Route(PATH + "{category}", write, methods=["POST"]),
    Route(PATH + "{category}/", write, methods=["POST"]),
)
