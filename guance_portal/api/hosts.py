"""Which host names the portal answers to, and what counts as the same origin.

A foreign name that resolves to this machine (DNS rebinding) must not pass for us, least of all in the sandbox.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from guance_portal.api.answers import refusal
from guance_portal.core.settings import Settings

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PROBES = {"/healthz", "/readyz"}
_FIGURES = "/metrics"
# A name or an address, and a port (RFC 9110, 7.2); no user, no path.
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]+)(?::[0-9]{0,5})?")


class KnownHosts:
    """Refuses requests for a host that is not ours, and those that name two or none (RFC 9112, 3.2).

    Probes come by any name or address and are let through; so are metrics, where a token guards them.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        ours = {urlsplit(url).hostname or "" for url in (settings.public_url, settings.gateway_url) if url}
        self._names = _LOOPBACK | ours
        self._any = not settings.public_url and settings.host not in _LOOPBACK
        self._open = _PROBES | ({_FIGURES} if settings.metrics_token.get_secret_value() else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 400 or 421."""
        if not _has_one_host(scope):
            await _refuse(400, "A request names its host once.", scope, receive, send)
        elif self._any or host_name(Headers(scope=scope)["host"]) in self._names or scope["path"] in self._open:
            await self._app(scope, receive, send)
        else:
            reason = "This host name is not served here; PORTAL_PUBLIC_URL says which is."
            await _refuse(421, reason, scope, receive, send)


async def _refuse(status: int, reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await refusal(status, reason)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})


def _has_one_host(scope: Scope) -> bool:
    """Whether there is exactly one readable Host; the server tells an empty one where a request has none."""
    given = Headers(scope=scope).getlist("host")
    is_old = scope.get("http_version") in {"1", "1.0"}
    return len(given) == 1 and bool(_HOST.fullmatch(given[0]) or (is_old and not given[0]))


def host_name(host: str) -> str:
    """The name or address in a Host header, without its port; empty for nonsense."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower() if _HOST.fullmatch(host) else ""
    except ValueError:
        return ""


def is_same_origin(scope: Scope, settings: Settings) -> bool:
    """Whether the Origin header names us: the public address, or the very host the request was sent to.

    A request without Origin is not ours: every browser sends it with a POST and a WebSocket.
    """
    headers = Headers(scope=scope)
    origin, host = headers.get("origin", "").lower(), headers.get("host", "").lower()
    if settings.public_url:
        own = {settings.effective_public_url.lower(), *_loopback_origins(host)}
    else:
        own = {f"http://{host}"}
    return bool(host) and origin in own


def _loopback_origins(host: str) -> set[str]:
    return {f"http://{host}"} if host_name(host) in _LOOPBACK else set()
