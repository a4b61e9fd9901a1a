"""Lets one build serve on any port: the browser talks to the address it loaded the page from.

Reflex writes its own address into the build; on another port the page would show and every click be dead.
Under `reflex run`, where Vite serves the pages on a port of its own, Vite passes on what is the backend's:
so there too everything is one origin, and cookies and the checks of origins work as they do in production.
"""

from __future__ import annotations

import json

import reflex as rx
from reflex_base.config import get_config
from reflex_base.plugins.base import PreCompileContext
from typing_extensions import Unpack

from guance_portal.api.cookie_names import cookie_line
from guance_portal.core.tokens import digest
from guance_portal.state.connection import DRAFT_COOKIE, VISITOR_COOKIE

_CLIENT = "utils/state.js"
_BAKED_IN = "const endpoint = new URL(url_str);"
_FROM_THE_PAGE = """if (typeof window !== "undefined") {
    const here = new URL(new URL(url_str).pathname, window.location.origin);
    if (url_str.startsWith("ws")) here.protocol = here.protocol.replace("http", "ws");
    return here;
  }
  """

_VITE = "vite.config.js"
_VITE_SERVER = "  server: {\n"
# Below /sandbox there are pages too, and a path here takes everything that begins with it.
_BACKEND_PATHS = (
    "/_event",
    "/ping",
    "/session",
    "/healthz",
    "/readyz",
    "/metrics",
    "/v1/write/",
    "/api/",
    "/sandbox/aws/api",
    "/sandbox/aws/sns.pem",
    "/sandbox/aliyun/sso",
)


class AnyPort(rx.plugins.Plugin):
    """Has the browser take the backend's address from the page's own, and Vite pass the backend's paths on."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Have the client's address function and Vite's configuration rewritten before they are used."""
        context["add_modify_task"](_CLIENT, use_own_address)
        context["add_modify_task"](_VITE, lambda source: pass_on(source, get_config().backend_port or 8000))


def use_own_address(source: str) -> str:
    """The client's `state.js` with the page's own address instead of the one baked in.

    Raises ValueError when Reflex no longer writes what is replaced, so that an upgrade is noticed.
    """
    if _FROM_THE_PAGE in source:
        return source
    if source.count(_BAKED_IN) != 1:
        raise ValueError(f"{_CLIENT} has changed: cannot find where the backend's address is taken from")
    return source.replace(_BAKED_IN, _FROM_THE_PAGE + _BAKED_IN)


def pass_on(source: str, port: int) -> str:
    """Vite's configuration with the backend's paths passed on to its port; raises ValueError as above."""
    lines = [line for line in source.splitlines(keepends=True) if not line.startswith(("    proxy: ", "    headers: "))]
    if lines.count(_VITE_SERVER) != 1:
        raise ValueError(f"{_VITE} has changed: cannot find its server section")
    # The pages come from Vite here, which sets none of the cookies that come with ours: without one of its own no browser
    # could finish a sign-in. On a developer's machine all browsers may be one visitor.
    headers = {"Set-Cookie": [_cookie(name) for name in (VISITOR_COOKIE, DRAFT_COOKIE)]}
    lines.insert(lines.index(_VITE_SERVER) + 1, f"    headers: {json.dumps(headers)},\n")
    proxies = {path: {"target": f"http://localhost:{port}", "ws": path == "/_event"} for path in _BACKEND_PATHS}
    lines.insert(lines.index(_VITE_SERVER) + 1, f"    proxy: {json.dumps(proxies)},\n")
    return "".join(lines)


def _cookie(name: str) -> str:
    return cookie_line(name, digest(f"reflex run: {name}"), is_https=False, max_age=None)
