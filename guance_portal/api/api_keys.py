"""Whose program asks: the API key of a request, and refusals in the words of the API."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from guance_portal.accounts.keys.rules import KeyHolder, Scope
from guance_portal.bootstrap import services
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import of_workspace


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
