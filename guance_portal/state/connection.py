"""What the socket's handshake says of its caller, after the HTTP wrappers have cleaned it."""

from __future__ import annotations

from functools import lru_cache

from reflex.istate.data import RouterData
from starlette.requests import cookie_parser

from guance_portal.core.actor import Caller, Realm
from guance_portal.core.messages import Language

# The socket guard hands over hashes under these plain names, whatever the cookies are called outside.
REALM_COOKIES = {Realm.CONSOLE: "gc_console", Realm.FEE_CENTER: "gc_fee", Realm.OPERATOR: "gc_operator"}
VISITOR_COOKIE = "gc_visitor"
DRAFT_COOKIE = "gc_draft"
CLAIM_COOKIE = "gc_claim"
LANGUAGE_COOKIE = "lang"
MARK_ID = "gc-shown"
"""The element of the page that holds the mark of what the page was drawn for (see `state/shown.py`)."""
MARK_FIELD = "shown"
"""Under this name the browser sends the mark in the router data of every event."""


def session_hash(router: RouterData, realm: Realm) -> str:
    """The SHA-256 of the realm's session token; empty without one."""
    return _cookie(router, REALM_COOKIES[realm])


def caller(router: RouterData) -> Caller:
    """Where the socket comes from."""
    return Caller(
        address=router.session.client_ip,
        user_agent=router.headers.user_agent[:500],
        visitor=_cookie(router, VISITOR_COOKIE),
    )


def draft(router: RouterData) -> str:
    """The hash of the cookie that this browser's sign-up draft is kept behind; empty without one."""
    return _cookie(router, DRAFT_COOKIE)


def claim(router: RouterData) -> str:
    """The hash of the cookie that a marketplace's landing left in this browser; empty without one."""
    return _cookie(router, CLAIM_COOKIE)


def language(router: RouterData) -> Language:
    """The language the visitor chose, else the browser's."""
    return Language.of(_cookie(router, LANGUAGE_COOKIE) or router.headers.accept_language)


def _cookie(router: RouterData, name: str) -> str:
    return _cookies(router.headers.cookie).get(name, "")


@lru_cache(maxsize=4096)
def _cookies(header: str) -> dict[str, str]:
    # Asked several times an event, and the same for as long as a socket lives.
    return cookie_parser(header)
