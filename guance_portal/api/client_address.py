"""The address a request comes from, believed only as far as the operator's own proxies vouch for it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from guance_portal.core.networks import plain_address


class ClientAddress:
    """Sets `scope["client"]` for everything behind it, Reflex included, and takes the forwarding headers away."""

    def __init__(self, app: ASGIApp, hops: int) -> None:
        self._app, self._hops = app, hops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the true client."""
        peer = scope.get("client") or ("", 0)
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        scope["client"] = (client_of(_plain(peer[0]), forwarded, self._hops), peer[1])
        scope["headers"] = [
            (n, v) for n, v in scope["headers"] if n != b"forwarded" and not n.startswith(b"x-forwarded-")
        ]
        await self._app(scope, receive, send)


def _plain(peer: str) -> str:
    """The peer's address; listening on `::`, the server tells IPv4 in the form of IPv6."""
    try:
        return str(plain_address(peer))
    except ValueError:
        return peer


def client_of(peer: str, forwarded_for: str, hops: int) -> str:
    """The client's address behind `hops` trusted proxies, each of which appends the address it was called from.

    What stands further left was written by the client and is worth nothing. The peer itself when there are
    fewer entries than proxies, or no address where one must be: then somebody came around the proxies.
    """
    entries = [entry.strip() for entry in forwarded_for.split(",") if entry.strip()]
    if not 0 < hops <= len(entries):
        return peer
    try:
        return str(plain_address(entries[-hops].removeprefix("[").removesuffix("]")))
    except ValueError:
        return peer
