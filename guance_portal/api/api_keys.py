"""Whose program asks, and for which days: the API key of a request, and refusals in the words of the API."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guance_portal.accounts.keys.rules import KeyHolder, Scope
from guance_portal.bootstrap import services
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import of_workspace

LONGEST_PERIOD = timedelta(days=366)


class ApiRefusalError(Exception):
    """The request is answered with this and changes nothing. `code` is for programs, `message` for people."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> Response:
        """As JSON."""
        return JSONResponse({"error": self.code, "message": self.message}, self.status, self.headers)


async def holder(request: Request, scope: Scope) -> KeyHolder:
    """Whom the key of the request stands for; raises ApiRefusalError when it may not do this."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    found = await services().api_keys.holder(key.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise ApiRefusalError(
            401, "invalidKey", "send a key that is in force as Authorization: Bearer", www_authenticate="Bearer"
        )
    if scope not in found.scopes:
        raise ApiRefusalError(403, "missingScope", f"the key lacks the scope {scope.value}")
    try:
        await services().rate_limits.hit("api_requests_per_workspace", of_workspace(found.workspace_id))
    except TooManyAttemptsError:
        raise ApiRefusalError(429, "tooManyRequests", "too many requests, send again", retry_after="30") from None
    return found


def period(request: Request) -> tuple[date, date]:
    """The first and last day that a request asks for; raises ApiRefusalError."""
    try:
        first, last = (date.fromisoformat(request.query_params.get(name, "")) for name in ("from", "to"))
    except ValueError:
        raise ApiRefusalError(
            400, "invalidPeriod", "from and to are days, as in from=2026-11-01&to=2026-11-30"
        ) from None
    if first > last or last - first > LONGEST_PERIOD:
        raise ApiRefusalError(
            400, "invalidPeriod", f"from is not after to, and at most {LONGEST_PERIOD.days} days before"
        )
    return first, last
