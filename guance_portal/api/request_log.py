"""Every request gets an id, a line in the log, a count in the metrics, and a plain answer when it fails."""

from __future__ import annotations

from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guance_portal.api import answers, exchange
from guance_portal.core import metrics, outages
from guance_portal.core.logs import without_secrets

log = structlog.get_logger(__name__)
_QUIET = {"/healthz", "/readyz", "/metrics", "/ping"}


class RequestLog:
    """Logs method and path, never the query string, a header or a body: those carry tokens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, observing."""
        noted = exchange.begin(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=noted.request_id)
        status, started = 0, perf_counter()

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = noted.request_id
            elif message["type"] == "websocket.accept":
                status = 101
            elif message["type"] == "websocket.close" and not status:
                status = 403
            await send(message)

        try:
            await self._app(scope, receive, observe)
        except Exception as problem:  # the outermost layer: whatever escapes must be logged and answered
            error_id = f"e-{noted.request_id}"
            is_outage = outages.is_outage(problem)
            if is_outage:
                log.error(  # noqa: TRY400 - the trace of an outage says nothing
                    "request_failed", path=_path(scope), error_id=error_id, outage=outages.reason(problem)
                )
            else:
                metrics.count_fault("request")
                log.exception("request_failed", path=_path(scope), error_id=error_id)
            if scope["type"] == "http" and not status:
                await answers.fault(scope, error_id, is_outage=is_outage)(scope, receive, observe)
        finally:
            seconds = perf_counter() - started
            _write(scope, status, seconds)
            metrics.observe_request(scope.get("method", "WEBSOCKET"), noted.kind, status, seconds)


def _write(scope: Scope, status: int, seconds: float) -> None:
    path = _path(scope)
    if status < 400 and (path in _QUIET or path.startswith("/assets/")):
        return
    log.info(
        "request",
        method=scope.get("method", "WEBSOCKET"),
        path=path,
        status=status,
        ms=round(seconds * 1000, 1),
        client=(scope.get("client") or ("", 0))[0],
    )


def _path(scope: Scope) -> str:
    return without_secrets(scope["path"])[:200]  # one call of DataKit has its token in the path
