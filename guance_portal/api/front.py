"""The order of all wrappers around the application, and what answers behind them.

Outermost first: client address, what other sites' pages may read, security headers, log and ids, pace, known hosts,
preflights, limits, and then by the path the event socket behind its guard, Reflex's ping, our own routes, or the built
site. Reflex's other routes do not exist.
"""

from __future__ import annotations

from pathlib import Path

from reflex.utils.prerequisites import get_web_dir
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from guance_portal import bootstrap
from guance_portal.api import (
    bill_files,
    bill_proofs,
    bills,
    change_files,
    exchange,
    gateway,
    health,
    marketplace_aliyun,
    marketplace_aws,
    operator_statements,
    payment_notices,
    sandbox_aliyun,
    sandbox_aws,
    session,
    shortcuts,
    statement_files,
    usage,
    workspace_files,
)
from guance_portal.api.answers import missing
from guance_portal.api.client_address import ClientAddress
from guance_portal.api.cross_origin import CrossOrigin, Preflights
from guance_portal.api.hosts import KnownHosts
from guance_portal.api.limits import RequestLimits
from guance_portal.api.pace import PacedApp
from guance_portal.api.request_log import RequestLog
from guance_portal.api.security_headers import SecurityHeaders
from guance_portal.api.site import StaticPages
from guance_portal.api.socket_frames import OwnFrames
from guance_portal.api.socket_guard import SocketGuard
from guance_portal.api.socket_link import LastingLinks
from guance_portal.api.visitor import VisitorCookies
from guance_portal.core.limit_keys import of_network
from guance_portal.core.settings import Settings, settings

ROUTES: tuple[BaseRoute, ...] = (
    *health.ROUTES,
    *session.ROUTES,
    *shortcuts.ROUTES,
    *gateway.ROUTES,
    *usage.ROUTES,
    *bills.ROUTES,
    *marketplace_aliyun.ROUTES,
    *marketplace_aws.ROUTES,
    *payment_notices.ROUTES,
    *operator_statements.ROUTES,
    *statement_files.ROUTES,
    *bill_proofs.ROUTES,
    *bill_files.ROUTES,
    *workspace_files.ROUTES,
    *change_files.ROUTES,
)
"""Our own HTTP routes, of every module that has some."""
SANDBOX_ROUTES: tuple[BaseRoute, ...] = (*sandbox_aliyun.ROUTES, *sandbox_aws.ROUTES)
"""Those of the simulators; outside the sandbox they do not exist."""


def front(reflex: ASGIApp) -> ASGIApp:
    """Wrap Reflex's own application; handed to `rx.App(api_transformer=...)`."""
    ours = settings()
    return wrapped(_Door(reflex, ours), ours)


def wrapped(door: ASGIApp, ours: Settings) -> ASGIApp:
    """The application behind every wrapper, in their order."""
    door = RequestLog(PacedApp(KnownHosts(Preflights(RequestLimits(door)), ours)))
    return ClientAddress(CrossOrigin(SecurityHeaders(door, is_https=ours.is_https)), ours.trusted_proxies)


class _Door:
    def __init__(self, reflex: ASGIApp, ours: Settings) -> None:
        self._reflex, self._is_sandbox = reflex, ours.is_sandbox
        self._socket = SocketGuard(OwnFrames(LastingLinks(reflex)), ours, _count_socket)
        self._site = _site(is_sandbox=ours.is_sandbox)
        pages = VisitorCookies(self._site or _no_site, is_https=ours.is_https)
        served = [*ROUTES, *SANDBOX_ROUTES] if ours.is_sandbox else list(ROUTES)
        self._rest = Router(routes=served, default=pages, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["type"] == "websocket":
            exchange.of(scope).kind = "socket"
            answers = self._socket if path.rstrip("/") == "/_event" else _no_socket
        elif "//" in path or (not self._is_sandbox and (path == "/sandbox" or path.startswith("/sandbox/"))):
            # An address with an empty part in between is another one than a comparison takes it for.
            answers = self._site.not_found if self._site else _no_site
        elif path == "/ping":
            answers = self._reflex
        else:
            answers = self._rest
        # Told of an application around it, the router would raise a 405 where it should answer it.
        await answers({name: value for name, value in scope.items() if name != "app"}, receive, send)


def _site(*, is_sandbox: bool) -> StaticPages | None:
    """The built site; None under `reflex run`, where Vite serves the pages."""
    web = Path(get_web_dir()).resolve()
    return StaticPages(web, is_sandbox=is_sandbox) if (web / "build" / "scripts.json").exists() else None


async def _count_socket(address: str) -> None:
    await bootstrap.services().rate_limits.hit("sockets_per_address", of_network(address))


async def _no_site(scope: Scope, receive: Receive, send: Send) -> None:
    await missing(scope)(scope, receive, send)


async def _no_socket(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008})
