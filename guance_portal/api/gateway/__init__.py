"""`POST /v1/write/{category}?token=`: takes line protocol and protobuf from DataKits, as the product's data gateway does.

A request is taken whole or not at all. DataKit drops what a 4xx refuses and sends again what a 5xx does.
"""

from __future__ import annotations

from contextlib import ExitStack

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from guance_portal import bootstrap
from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.api import exchange
from guance_portal.api.gateway import asked, bodies, calls, places, reading
from guance_portal.api.gateway.refusals import RefusalError, dissolved, locked, over_quota
from guance_portal.api.limits import BODY_LIMITS
from guance_portal.metering.categories import category_named
from guance_portal.metering.counting import RequestCounts
from guance_portal.metering.errors import OverQuotaError, WorkspaceLockedError
from guance_portal.metering.repeats import Sending
from guance_portal.metering.service import RequestReceipt
from guance_portal.metering.tokens import TokenHolder

PATH = "/v1/write/"

# The gateway measures by itself, and says in its own way what is too much.
BODY_LIMITS[PATH] = 2 * bodies.MAX_BODY


async def write(request: Request) -> Response:
    """Take the points of one request; 200 with how many."""
    exchange.of(request.scope).kind = "gateway"
    try:
        return await _take(request)
    except RefusalError as refusal:
        return refusal.answer()
    except ClientDisconnect:
        return Response(status_code=400)


async def _take(request: Request) -> Response:
    named = request.path_params["category"]
    holder = await asked.holder(request.query_params.get("token", ""), named)
    try:
        return await _count(request, holder)
    except RefusalError as refusal:
        if refusal.status < 500:  # what is sent again is not lost
            category = category_named(named) or ""
            await bootstrap.services().refusals.note(holder.workspace_id, refusal.code, category, refusal.message)
        raise


async def _count(request: Request, holder: TokenHolder) -> Response:
    category, form, precision = asked.category(request), asked.form(request), asked.precision(request)
    coding, name = asked.coding(request), asked.package_name(request)
    is_retry, began_at = asked.is_retry(request), bootstrap.services().clock.now()
    with ExitStack() as held:
        body = await bodies.received(request, holder.person, held)
        async with places.under_way.turn(holder.person):
            sent = reading.ReadBody(
                category=category,
                form=form,
                precision=precision,
                name=name,
                is_remembered=asked.is_datakit(request) or is_retry,
                is_retry=is_retry,
                began_at=began_at,
                coding=coding,
                body=body,
            )
            batch, sending = await reading.read(holder.person, sent)
            del body, sent
            held.close()
            receipt = await _record(holder.workspace_id, batch, sending, is_datakit=asked.is_datakit(request))
    return JSONResponse({"accepted": receipt.points, "repeated": receipt.is_repeated})


async def _record(workspace_id: str, batch: RequestCounts, sending: Sending, *, is_datakit: bool) -> RequestReceipt:
    try:
        return await bootstrap.services().usage.record(workspace_id, batch, sending)
    except WorkspaceDissolvedError:
        raise dissolved() from None
    except WorkspaceLockedError:
        raise locked() from None
    except OverQuotaError as full:
        raise over_quota(full, is_datakit=is_datakit) from None


ROUTES = (
    Route(PATH + "{category}", write, methods=["POST"]),
    Route(PATH + "{category}/", write, methods=["POST"]),
    *calls.ROUTES,
)
