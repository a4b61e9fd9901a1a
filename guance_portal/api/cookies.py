"""The cookies that hold proofs: one per realm, and the visitor cookie that binds a ticket to its browser."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from guance_portal.api.cookie_names import cookie_line, outside_name
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.settings import settings
from guance_portal.core.tokens import digest, new_token
from guance_portal.state.connection import CLAIM_COOKIE, REALM_COOKIES, VISITOR_COOKIE

_LONGEST_USER_AGENT = 500
_YEAR = timedelta(days=365)


def caller(request: Request) -> Caller:
    """Where a request comes from; the visitor cookie is hashed, as on the event socket."""
    return Caller(
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", "")[:_LONGEST_USER_AGENT],
        visitor=_digest(request, VISITOR_COOKIE),
    )


def welcome(response: Response) -> str:
    """Give a browser that has none its visitor cookie, as every page does; returns what stands for it here."""
    value = new_token()
    _set(response, VISITOR_COOKIE, value, _YEAR)
    return digest(value)


def token_hashes(request: Request) -> dict[Realm, str]:
    """The hashes of the session tokens this browser holds."""
    found = {realm: _digest(request, name) for realm, name in REALM_COOKIES.items()}
    return {realm: token_hash for realm, token_hash in found.items() if token_hash}


def put(response: Response, realm: Realm, token: str, keep_for: timedelta | None) -> None:
    """Give the browser a session's token: for a while, or (None) until it is closed."""
    _set(response, REALM_COOKIES[realm], token, keep_for)


def put_claim(response: Response, token: str, keep_for: timedelta) -> None:
    """Bind what a marketplace's landing found to this browser; the latest landing counts."""
    _set(response, CLAIM_COOKIE, token, keep_for)


def drop(response: Response, realm: Realm) -> None:
    """Take the token away."""
    _set(response, REALM_COOKIES[realm], "", timedelta(0))


def _set(response: Response, name: str, value: str, keep_for: timedelta | None) -> None:
    max_age = None if keep_for is None else int(keep_for.total_seconds())
    line = cookie_line(_outside(name), value, is_https=settings().is_https, max_age=max_age)
    response.headers.append("set-cookie", line)


def _digest(request: Request, name: str) -> str:
    value = request.cookies.get(_outside(name), "")
    return digest(value) if value else ""


def _outside(name: str) -> str:
    return outside_name(name, is_https=settings().is_https)
