"""What the event socket is told of its caller: hashes instead of tokens, and nothing it does not need.

Reflex keeps the handshake's headers in its state store and writes them into logs, and anyone who knows the token
of a tab whose page is gone gets its state. So every cookie of the portal is replaced by its SHA-256, and the tab's
token by an HMAC over itself and those hashes: a token alone, or with somebody else's cookies, addresses nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from guance_portal.api.cookie_names import outside_name
from guance_portal.api.hosts import is_same_origin
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.settings import Settings
from guance_portal.core.tokens import digest
from guance_portal.state.connection import CLAIM_COOKIE, DRAFT_COOKIE, LANGUAGE_COOKIE, REALM_COOKIES, VISITOR_COOKIE

_HASHED = (*REALM_COOKIES.values(), VISITOR_COOKIE, DRAFT_COOKIE, CLAIM_COOKIE)
_KEPT_HEADERS = {
    b"host",
    b"origin",
    b"user-agent",
    b"accept-language",
    b"connection",
    b"upgrade",
    b"sec-websocket-key",
    b"sec-websocket-version",
    b"sec-websocket-protocol",
    b"sec-websocket-extensions",
}
_MAX_TOKEN = 100
# What Engine.IO asks for, and which page it is and what it has received (socket_link.py).
_TOLD = {
    "EIO": re.compile(r"\d"),
    "transport": re.compile(r"[a-z]{1,20}"),
    "page": re.compile(r"[0-9a-f]{24}"),
    "got": re.compile(r"\d{1,9}"),
}


class SocketGuard:
    """Admits a socket from our own pages alone, and cleans its handshake."""

    def __init__(self, app: ASGIApp, settings: Settings, count: Callable[[str], Awaitable[None]]) -> None:
        """`count` counts a handshake from an address; it raises TooManyAttemptsError when that is one too many."""
        self._app, self._settings, self._count = app, settings, count
        self._key = hashlib.sha256(b"event socket\0" + settings.signing_key().encode()).digest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a clean handshake on, or refuse it."""
        token = _token(scope)
        if not token or not is_same_origin(scope, self._settings) or not await self._is_within_limit(scope):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        cookies = self._hashed_cookies(scope)
        guarded = {
            **scope,
            "query_string": self._query(scope, token, cookies),
            "headers": self._headers(scope, cookies),
        }
        await self._app(guarded, receive, send)

    async def _is_within_limit(self, scope: Scope) -> bool:
        try:
            await self._count((scope.get("client") or ("", 0))[0])
        except TooManyAttemptsError:
            return False
        return True

    def _hashed_cookies(self, scope: Scope) -> dict[str, str]:
        jar = cookie_parser(Headers(scope=scope).get("cookie", ""))
        found = {name: jar.get(outside_name(name, is_https=self._settings.is_https)) for name in _HASHED}
        return {name: digest(value) for name, value in found.items() if value}

    def _headers(self, scope: Scope, cookies: dict[str, str]) -> list[tuple[bytes, bytes]]:
        language = cookie_parser(Headers(scope=scope).get("cookie", "")).get(LANGUAGE_COOKIE, "")
        if language in {"zh", "zh-CN", "en"}:
            cookies = {**cookies, LANGUAGE_COOKIE: language}
        line = "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()
        kept = [(name, value) for name, value in scope["headers"] if name in _KEPT_HEADERS]
        return [*kept, (b"cookie", line)] if line else kept

    def _query(self, scope: Scope, token: str, cookies: dict[str, str]) -> bytes:
        holder = "\0".join((token, *(f"{name}={cookies[name]}" for name in sorted(cookies))))
        bound = hmac.new(self._key, holder.encode(), hashlib.sha256).hexdigest()[:32]
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        told = {name: asked[name][0] for name, form in _TOLD.items() if form.fullmatch(asked.get(name, [""])[0])}
        return urlencode({**told, "token": bound}).encode()


def _token(scope: Scope) -> str:
    given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
    return given[0] if len(given) == 1 and len(given[0]) <= _MAX_TOKEN else ""
