"""Requests that the gateway answers with an error, in the words of DataKit's own API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from guance_portal.core.words import text

if TYPE_CHECKING:
    from guance_portal.metering.errors import OverQuotaError


class RefusalError(Exception):
    """The request is answered with this and changes nothing."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> Response:
        """In the words of DataKit's own API."""
        body = {"error_code": f"gateway.{self.code}", "message": self.message}
        return JSONResponse(body, status_code=self.status, headers=self.headers)


def busy(**headers: str) -> RefusalError:
    """More bodies are under way than the process, or the person, may have."""
    return RefusalError(503, "busy", "too many requests under way, send again", retry_after="1", **headers)


def over_quota(full: OverQuotaError) -> RefusalError:
    """The request does not fit the quota of the day."""
    return RefusalError(
        429,
        "beyondDataUsage",
        f"{text(full.item.words).en}: {full.used} of today's {full.quota} are used, and this request does not fit",
        retry_after=str(full.retry_after),
    )
