"""Which host names the portal answers to, and what counts as the same origin.

A foreign name that resolves to this machine (DNS rebinding) must not pass for us, least of all in the sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from guance_portal.api.answers import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from guance_portal.core.settings import Settings

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PROBES = {"/healthz", "/readyz", "/metrics"}


class KnownHosts:
    """Refuses requests for a host that is not ours; probes come by address and are let through."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        ours = {urlsplit(url).hostname or "" for url in (settings.public_url, settings.gateway_url) if url}
        self._names = _LOOPBACK | ours
        self._any = not settings.public_url and settings.host not in _LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 421."""
        name = host_name(Headers(scope=scope).get("host", ""))
        if self._any or name in self._names or scope["path"] in _PROBES:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(421, "This host name is not served here; PORTAL_PUBLIC_URL says which is.")(
                scope, receive, send
            )
        else:
            await send({"type": "websocket.close", "code": 1008})


def host_name(host: str) -> str:
    """The name or address in a Host header, without its port; empty for nonsense."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
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
