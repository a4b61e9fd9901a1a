"""Short answers that are no page: JSON for programs, a calm sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from guance_portal.api.language import language_of
from guance_portal.core.words import text

if TYPE_CHECKING:
    from starlette.types import Scope

_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:16px/1.6 system-ui,sans-serif;max-width:36rem;
margin:20vh auto;padding:0 1.5rem}}code{{user-select:all}}</style><h1>{title}</h1><p>{body}</p><p><a href="/">{back}</a></p></html>"""


def wants_page(scope: Scope) -> bool:
    """Whether whoever asks would rather read a page than JSON."""
    return "text/html" in Headers(scope=scope).get("accept", "")


def fault(scope: Scope, error_id: str) -> Response:
    """The answer to a bug: nothing of what went wrong, and the id it is logged under."""
    if not wants_page(scope):
        return JSONResponse({"error": "internal", "id": error_id}, status_code=500)
    language = language_of(scope)
    said = {name: text(f"http.{name}", **params).in_(language) for name, params in _fault_words(error_id)}
    page = _PAGE.format(language=language, title=said["fault_title"], body=said["fault_body"], back=said["back"])
    return HTMLResponse(page, status_code=500)


def refusal(status: int, reason: str, **headers: str) -> Response:
    """A refusal in one plain line, for what no page of ours ever causes."""
    return PlainTextResponse(
        f"{reason}\n", status_code=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def missing(scope: Scope) -> Response:
    """The answer for an address that does not exist when no built 404 page is at hand."""
    if wants_page(scope):
        return PlainTextResponse(text("http.missing").in_(language_of(scope)), status_code=404)
    return JSONResponse({"error": "not_found"}, status_code=404)


def _fault_words(error_id: str) -> tuple[tuple[str, dict[str, str]], ...]:
    return (("fault_title", {}), ("fault_body", {"id": error_id}), ("back", {}))
