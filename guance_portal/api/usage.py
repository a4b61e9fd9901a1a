"""`/api/v1/usage`: takes usage as CloudEvents 1.0 and tells what was counted, for programs with an API key.

Events come one by one, structured or in binary form, or as a batch. Each gets a verdict; what is refused keeps nothing else
from being counted. An answer of 2xx means that everything that was sent is counted, now or before.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, cast
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.accounts.keys.rules import Scope
from guance_portal.api import api_keys, exchange
from guance_portal.api.api_keys import ApiRefusalError
from guance_portal.api.gateway.places import UnderWay
from guance_portal.api.gateway.refusals import RefusalError
from guance_portal.bootstrap import services
from guance_portal.metering.errors import WorkspaceLockedError
from guance_portal.metering.events.rules import MOST_EVENTS, Reason
from guance_portal.metering.events.service import EventVerdict, Fate
from guance_portal.metering.events.stream import report

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
_STATUS = {Reason.LOCKED: 403, Reason.OTHER_CONTENT: 409, Reason.OVER_QUOTA: 429}
"""How a request is answered of which everything was refused; 400 for all other reasons."""
_under_way = UnderWay(16)


async def take_usage(request: Request) -> Response:
    """Count the events of one request; a verdict for each."""
    exchange.of(request.scope).kind = "usage"
    try:
        holder = await api_keys.holder(request, Scope.WRITE_USAGE)
        body = await request.body()
        async with _under_way.turn(holder.person):
            verdicts = await services().usage_events.record(holder.workspace_id, _envelopes(request, body))
        await report(services().refusals, holder.workspace_id, verdicts)
    except ClientDisconnect:
        return Response(status_code=400)
    except ApiRefusalError as refusal:
        return refusal.answer()
    except RefusalError as busy:
        return ApiRefusalError(busy.status, busy.code, busy.message, **busy.headers).answer()
    except (WorkspaceLockedError, WorkspaceDissolvedError):
        return ApiRefusalError(403, "workspaceGone", "the workspace takes no usage any more").answer()
    return _answer(verdicts)


async def tell_usage(request: Request) -> Response:
    """What was counted, per day and item."""
    exchange.of(request.scope).kind = "usage"
    try:
        holder = await api_keys.holder(request, Scope.READ_USAGE)
        first, last = api_keys.period(request)
        counted = await services().usage_events.counted(holder.workspace_id, first, last)
    except ApiRefusalError as refusal:
        return refusal.answer()
    return JSONResponse(
        {
            "workspace": holder.workspace_id,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "usage": [
                {"day": one.day.isoformat(), "item": one.item.value, "edition": one.edition.value, "quantity": quantity}
                for one, quantity in counted
            ],
        }
    )


def _envelopes(request: Request, body: bytes) -> list[object]:
    """The envelopes of a body by its content type, which decides, whatever else the headers say."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiRefusalError(400, "invalidJson", "the body is not JSON") from None
    if kind == STRUCTURED:
        return [said]
    if kind != BATCH:
        return [_binary(request, kind, said)]
    if not isinstance(said, list):
        raise ApiRefusalError(400, "invalidBatch", "a batch is a JSON array of events")
    batch = cast("list[object]", said)
    if len(batch) > MOST_EVENTS:
        raise ApiRefusalError(413, "tooManyEvents", f"a request has at most {MOST_EVENTS} events")
    if not batch:
        raise ApiRefusalError(400, "emptyBatch", "the batch holds no event")
    return batch


def _binary(request: Request, kind: str, data: object) -> dict[str, object]:
    if kind != "application/json":
        raise ApiRefusalError(
            415, "unsupportedContentType", f"send {STRUCTURED}, {BATCH}, or application/json with ce- headers"
        )
    attributes = {name[3:]: unquote(value) for name, value in request.headers.items() if name.startswith("ce-")}
    return {**attributes, "datacontenttype": kind, "data": data}


def _answer(verdicts: list[EventVerdict]) -> Response:
    fates = Counter(verdict.fate for verdict in verdicts)
    status = 200
    if fates[Fate.REFUSED]:
        first = next(verdict.reason for verdict in verdicts if verdict.reason)
        status = 207 if fates[Fate.REFUSED] < len(verdicts) else _STATUS.get(first, 400)
    return JSONResponse(
        {**{fate.value: fates[fate] for fate in Fate}, "events": [_told(verdict) for verdict in verdicts]},
        status_code=status,
    )


def _told(verdict: EventVerdict) -> dict[str, str]:
    told = {"source": verdict.source, "id": verdict.id, "status": verdict.fate.value}
    return {**told, "reason": verdict.reason.value, "message": verdict.message} if verdict.reason else told


ROUTES = (
    Route(routes.API_USAGE, take_usage, methods=["POST"]),
    Route(routes.API_USAGE, tell_usage, methods=["GET"]),
)
