"""The language an HTTP request is answered in: the visitor's choice, else what the browser asks for."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from guance_portal.core.messages import Language
from guance_portal.state.connection import LANGUAGE_COOKIE


def language_of(scope: Scope) -> Language:
    """The language for this request."""
    return chosen(scope) or preferred(Headers(scope=scope).get("accept-language", ""))


def chosen(scope: Scope) -> Language | None:
    """The language in the visitor's cookie; None when there is none or it is not ours."""
    value = cookie_parser(Headers(scope=scope).get("cookie", "")).get(LANGUAGE_COOKIE, "")
    if value.startswith(("zh", "en")):
        return Language.of(value)
    return None


def preferred(accept_language: str) -> Language:
    """The better of our languages by an Accept-Language header (RFC 9110 section 12.5.4).

    Chinese when nothing is asked for; English for a reader of neither.
    """
    wishes = sorted(
        (_wish(part) for part in accept_language.split(",")[:20] if part.strip()), key=lambda wish: -wish[1]
    )
    for tag, weight in wishes:
        if weight > 0 and tag.startswith(("zh", "en", "*")):
            return Language.EN if tag.startswith("en") else Language.ZH
    return Language.EN if wishes else Language.ZH


def _wish(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().lower().partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip(), weight
