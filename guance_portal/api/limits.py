"""How much and in what way a request may ask: methods and size of the body."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guance_portal.api.answers import refusal

METHODS = ("GET", "HEAD", "POST")
MEGABYTE = 1024 * 1024

BODY_LIMITS: dict[str, int] = {"/session/": 8 * 1024}
"""Bytes by the beginning of the path, where it is not one megabyte."""


class _TooLargeError(Exception):
    """The body outgrew its limit while it was being read."""


class RequestLimits:
    """Refuses other methods (405) and bodies over their limit (413), announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = body_limit(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if scope["method"] not in METHODS:
            await refusal(405, "This method is not used here.", allow=", ".join(METHODS))(scope, receive, send)
        elif not announced.isdecimal() or int(announced) > limit:
            await refusal(413, "The body is too large.")(scope, receive, send)
        else:
            await self._measured(limit, scope, receive, send)

    async def _measured(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        read, has_answered = 0, False

        async def measure() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _TooLargeError
            return message

        async def watch(message: Message) -> None:
            nonlocal has_answered
            has_answered = True
            await send(message)

        try:
            await self._app(scope, measure, watch)
        except _TooLargeError:
            if has_answered:
                raise
            await refusal(413, "The body is too large.", connection="close")(scope, receive, send)


def body_limit(path: str) -> int:
    """The most bytes a body sent to this path may have."""
    return next((limit for start, limit in BODY_LIMITS.items() if path.startswith(start)), MEGABYTE)
