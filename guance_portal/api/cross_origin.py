"""Browsers of other sites may send their visits and logs straight to the gateway, and read its answers.

Without `Access-Control-Allow-Origin` the RUM SDK takes a batch for lost and sends it again by another way, so every
answer at those addresses has it, whichever wrapper made it. They need no cookie: the token in the address is the proof.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_TO_BROWSERS = frozenset({"/v1/write/rum", "/v1/write/rum/replay", "/v1/write/logging"})
"""`/v1/write/rum/replay` does not exist here; a browser that tries it shall read that."""
_ANSWERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after, x-request-id",
    # `sendBeacon` asks without CORS, and the browser blocks what belongs to one origin alone.
    "cross-origin-resource-policy": "cross-origin",
}
_PREFLIGHT = {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "*",
    "access-control-max-age": "7200",
}


def is_open(scope: Scope) -> bool:
    """Whether pages of any origin may call this address."""
    return scope["type"] == "http" and scope["path"].rstrip("/") in OPEN_TO_BROWSERS


class CrossOrigin:
    """The outermost wrapper that answers anything: lets browsers read what comes from the addresses open to them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding the headers to the answer of an open address."""
        if not is_open(scope):
            await self._app(scope, receive, send)
            return

        async def allow(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_ANSWERS)
            await send(message)

        await self._app(scope, receive, allow)


class PastReflex:
    """Stands around Reflex, whose own wrapper would refuse every preflight: it knows origins, and no addresses.

    It takes for a preflight what says which method will follow. At an open address there is but one, so that goes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if is_open(scope) and scope["method"] == "OPTIONS":
            kept = [(name, value) for name, value in scope["headers"] if name != b"access-control-request-method"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, send)


class Preflights:
    """Answers the question that a browser asks before a request with headers of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the preflight of an open address; pass everything else on."""
        if is_open(scope) and scope["method"] == "OPTIONS" and "origin" in Headers(scope=scope):
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
