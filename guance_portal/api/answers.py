"""Short answers that are not pages: JSON for programs, a sentence for people."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from guance_portal.api.language import language_of
from guance_portal.core.messages import text

_OUTAGE_SECONDS = "30"
_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:16px/1.6 system-ui,sans-serif;max-width:36rem;
margin:20vh auto;padding:0 1.5rem}}code{{user-select:all}}</style><h1>{title}</h1><p>{body}</p><p><a href="/">{back}</a></p></html>"""


def wants_page(scope: Scope) -> bool:
    """Whether the caller would rather read a page than JSON."""
    return "text/html" in Headers(scope=scope).get("accept", "")


def fault(scope: Scope, error_id: str, *, is_outage: bool = False) -> Response:
    """The answer to a bug (500) or an outage (503): nothing of what went wrong, and the id it is logged under."""
    status, headers = (503, {"retry-after": _OUTAGE_SECONDS}) if is_outage else (500, None)
    if not wants_page(scope):
        error = "unavailable" if is_outage else "internal"
        return JSONResponse({"error": error, "id": error_id}, status_code=status, headers=headers)
    language, kind = language_of(scope), "outage" if is_outage else "fault"
    page = _PAGE.format(
        language=language,
        title=text(f"http.{kind}_title").in_(language),
        body=text(f"http.{kind}_body", id=error_id).in_(language),
        back=text("http.back").in_(language),
    )
    return HTMLResponse(page, status_code=status, headers=headers)


def refusal(status: int, reason: str, **headers: str) -> Response:
    """A refusal in one plain line, for what no page of the portal ever causes."""
    return PlainTextResponse(
        f"{reason}\n", status_code=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def missing(scope: Scope) -> Response:
    """The answer for an address that does not exist when there is no built 404 page."""
    if wants_page(scope):
        return PlainTextResponse(text("http.missing").in_(language_of(scope)), status_code=404)
    return JSONResponse({"error": "not_found"}, status_code=404)
