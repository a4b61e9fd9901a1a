"""`/healthz`: the process lives. `/readyz`: it can do its work. `/metrics`: how it has been doing."""

from __future__ import annotations

import hmac
import ipaddress

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from guance_portal import bootstrap
from guance_portal.core import metrics
from guance_portal.core.settings import settings


async def healthz(_request: Request) -> Response:
    """Always 200: the answer itself is the sign of life."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


async def readyz(_request: Request) -> Response:
    """200 when database, migrations and Redis are in order; else 503, naming what is not."""
    problems = await bootstrap.services().readiness.problems()
    body = {"ready": not problems, "problems": problems}
    return JSONResponse(body, status_code=503 if problems else 200, headers={"cache-control": "no-store"})


async def exposition(request: Request) -> Response:
    """The metrics, for the bearer of PORTAL_METRICS_TOKEN or, without one, for a portal that is this machine's alone."""
    if not _may_read(request):
        return PlainTextResponse("not found\n", status_code=404)
    return Response(await metrics.exposition(), media_type="text/plain; version=0.0.4")


def _may_read(request: Request) -> bool:
    if token := settings().metrics_token.get_secret_value():
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    # Behind a proxy of this machine everybody comes from loopback: with a public address only the token opens it.
    try:
        is_near = bool(request.client) and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_near and settings().is_loopback


ROUTES = (Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", exposition))
