"""What a DataKit asks its gateway beside sending data: elections, its workspace, the time, what to filter.

The answers hold what DataKit 1.84 reads of them. No body is read: everything that matters stands in the address.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from guance_portal import bootstrap
from guance_portal.accounts.rules import Edition
from guance_portal.api import exchange
from guance_portal.api.gateway import asked
from guance_portal.api.gateway.refusals import RefusalError, busy
from guance_portal.api.limits import BODY_LIMITS
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import of_workspace
from guance_portal.metering.elections import INTERVAL, Election
from guance_portal.metering.errors import TooManyNamespacesError, WorkspaceLockedError
from guance_portal.metering.items import Item

ELECTION = "/v1/election"
HEARTBEAT = "/v1/election/heartbeat"
WORKSPACE = "/v1/workspace"
USAGE_TRACE = "/v1/datakit/usage_trace"
PULL = "/v1/datakit/pull"
CHECK_TOKEN = "/v1/check/token/"
NTP = "/v1/ntp"

for _path in (ELECTION, WORKSPACE, USAGE_TRACE):
    BODY_LIMITS[_path] = 64 * 1024

_LONGEST_NAME = 128
_NANOSECONDS = 10**9
# The portal keeps no filters, pipelines or variables for DataKits: an answer that changes nothing, asked for rarely.
# Version 0 is the one that every DataKit begins with; -1 leaves the relations of pipelines as they are.
_NOTHING_TO_PULL: dict[str, Any] = {
    "filters": {},
    "pull_interval": 60 * _NANOSECONDS,
    "remote_pipelines": {"update_time": 0, "pipelines": [], "relation_update_time": -1, "relation": []},
    "kv": {"version": 0, "value": ""},
}


async def elect(request: Request, workspace_id: str) -> Response:
    """Stand for election in a namespace."""
    namespace, candidate = _named(request)
    try:
        election = await bootstrap.services().elections.stand(workspace_id, namespace, candidate)
    except TooManyNamespacesError:
        raise RefusalError(403, "tooManyNamespaces", "the workspace has as many namespaces as it may have") from None
    return _elected(election, namespace, candidate)


async def keep_election(request: Request, workspace_id: str) -> Response:
    """Tell that the elected DataKit is alive."""
    namespace, candidate = _named(request)
    election = await bootstrap.services().elections.heartbeat(workspace_id, namespace, candidate)
    return _elected(election, namespace, candidate)


async def tell_workspace(_request: Request, workspace_id: str) -> Response:
    """Which workspace the token belongs to, and what it sent today."""
    try:
        facts = await bootstrap.services().workspace_facts.of(workspace_id)
    except WorkspaceLockedError:
        raise RefusalError(403, "workspaceLocked", "the workspace is gone") from None
    token = {
        "ws_uuid": facts.workspace_id,
        "bill_state": "locked" if facts.is_locked else "normal",
        "ver_type": "pay" if facts.edition is Edition.COMMERCIAL else "free",
        "status": 0,
        "expire_at": -1,
        "create_at": int(facts.created_at.timestamp()),
    }
    usage = {
        "data_metric": facts.used.get(Item.TIME_SERIES, 0),
        "data_logging": facts.used.get(Item.LOGS, 0),
        "data_tracing": facts.used.get(Item.TRACES, 0),
        "data_rum": facts.used.get(Item.PAGE_VIEWS, 0),
        "is_over_usage": facts.is_over_quota,
    }
    return JSONResponse({"content": [{"token": token, "data_usage": usage}]})


async def take_usage_trace(_request: Request, _workspace_id: str) -> Response:
    """A DataKit tells how it runs: nothing here is billed by it."""
    return JSONResponse({"content": {}})


async def pull(_request: Request, _workspace_id: str) -> Response:
    """What a DataKit shall filter, process and replace."""
    return JSONResponse(_NOTHING_TO_PULL)


async def tell_time(_request: Request, _workspace_id: str) -> Response:
    """The machine's time: DataKit sets its points right by it, and business time may be moved."""
    return JSONResponse({"timestamp_sec": int(time.time())})


async def check_token(request: Request) -> Response:
    """Whether a dial test may send with this token: whatever names no `errorCode` counts as yes."""
    exchange.of(request.scope).kind = "gateway"
    try:
        await _let_in(request.path_params["token"])
    except RefusalError as refusal:
        return refusal.answer(code=refusal.status, errorCode=refusal.code)
    return JSONResponse({"code": 200, "errorCode": "", "message": "the token is in force"})


def _call(answer: Callable[[Request, str], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """For senders with a token that is in force, as often as their workspace may ask."""

    async def endpoint(request: Request) -> Response:
        exchange.of(request.scope).kind = "gateway"
        try:
            return await answer(request, await _let_in(request.query_params.get("token", "")))
        except RefusalError as refusal:
            return refusal.answer()

    return endpoint


async def _let_in(token: str) -> str:
    workspace_id = (await asked.holder(token)).workspace_id
    try:
        await bootstrap.services().rate_limits.hit("datakit_calls_per_workspace", of_workspace(workspace_id))
    except TooManyAttemptsError:
        raise busy() from None  # a 4xx would tell a dial test that its token is wrong
    return workspace_id


def _named(request: Request) -> tuple[str, str]:
    """The namespace and the DataKit of an election."""
    namespace, candidate = request.query_params.get("namespace", ""), request.query_params.get("id", "")
    if not candidate or max(len(namespace), len(candidate)) > _LONGEST_NAME or "\0" in namespace + candidate:
        raise RefusalError(400, "invalidElection", f"an election names an id, of {_LONGEST_NAME} characters at most")
    return namespace, candidate


def _elected(election: Election, namespace: str, candidate: str) -> Response:
    content = {
        "status": "success" if election.is_elected else "defeat",
        "namespace": namespace,
        "id": candidate,
        "incumbency_id": election.holder,
        "interval": int(INTERVAL.total_seconds()),
    }
    return JSONResponse({"content": content})


ROUTES = (
    Route(ELECTION, _call(elect), methods=["POST"]),
    Route(HEARTBEAT, _call(keep_election), methods=["POST"]),
    Route(WORKSPACE, _call(tell_workspace), methods=["GET", "POST"]),
    Route(USAGE_TRACE, _call(take_usage_trace), methods=["POST"]),
    Route(PULL, _call(pull), methods=["GET"]),
    Route(NTP, _call(tell_time), methods=["GET"]),
    Route(CHECK_TOKEN + "{token:path}", check_token, methods=["GET"]),
)
