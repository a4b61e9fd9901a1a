"""Requests that the gateway answers with an error, in the words of DataKit's own API."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from guance_portal.core.messages import text
from guance_portal.metering.errors import OverQuotaError
from guance_portal.metering.refusals import LOCKED, OVER_QUOTA


class RefusalError(Exception):
    """The request is answered with this and changes nothing."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self, **more: str | int) -> Response:
        """In the words of DataKit's own API, and what else one of its calls reads."""
        body = {"error_code": f"gateway.{self.code}", "message": self.message, **more}
        return JSONResponse(body, status_code=self.status, headers=self.headers)


def dissolved() -> RefusalError:
    """The workspace of the token was dissolved by its owner."""
    return RefusalError(
        403, "workspaceDissolved", "the workspace was dissolved and takes no data; use the token of another workspace"
    )


def locked() -> RefusalError:
    """The workspace is locked by the debt of its payer. A DataKit drops the data and shows these words in its log."""
    return RefusalError(
        403,
        LOCKED,
        "the workspace is locked: its Billing Center account has owed money for 14 days. Data is refused until the debt is"
        " paid; see Billing in the console",
    )


def busy(**headers: str) -> RefusalError:
    """More bodies are under way than the process, or the person, may have."""
    return RefusalError(503, "busy", "too many requests under way, send again", retry_after="1", **headers)


def unknown_token() -> RefusalError:
    """The same for every token that is not in force, and for none at all."""
    return RefusalError(403, "tokenNotFound", "the token is missing, wrong, or has been replaced")


def over_quota(full: OverQuotaError, *, is_datakit: bool) -> RefusalError:
    """The request does not fit the quota of the day.

    A DataKit knows it by 403 with this very code and shows it in its monitor; to it 429 is a fault like any other 4xx.
    """
    return RefusalError(
        403 if is_datakit else 429,
        OVER_QUOTA,
        f"{text(full.item.message_key).en}: {full.used} of today's {full.quota} are used, and this request does not fit",
        retry_after=str(full.retry_after),
    )
