"""Cookies every page hands out when absent: who this browser is, its sign-up draft, the language it was shown."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guance_portal.api.cookie_names import cookie_line, outside_name
from guance_portal.api.language import chosen, language_of
from guance_portal.core.tokens import new_token
from guance_portal.state.connection import DRAFT_COOKIE, LANGUAGE_COOKIE, VISITOR_COOKIE

_YEAR = 365 * 24 * 3600


class VisitorCookies:
    """Wraps the pages with two random HttpOnly cookies.

    Sign-in tickets are bound to the visitor's; what is typed into sign-up is kept behind the draft's.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding the cookies to a page."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    for line in self._lines(scope):
                        headers.append("set-cookie", line)
            await send(message)

        await self._app(scope, receive, add)

    def _lines(self, scope: Scope) -> Iterator[str]:
        jar = cookie_parser(Headers(scope=scope).get("cookie", ""))
        for cookie in (VISITOR_COOKIE, DRAFT_COOKIE):
            name = outside_name(cookie, is_https=self._is_https)
            if not jar.get(name):
                yield cookie_line(name, new_token(), is_https=self._is_https, max_age=_YEAR)
        if not chosen(scope):
            language = language_of(scope).value
            yield cookie_line(LANGUAGE_COOKIE, language, is_https=self._is_https, max_age=_YEAR, is_for_scripts=True)
