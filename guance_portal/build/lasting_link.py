"""Has the browser send and receive through the link that outlives its connections (assets/link.js)."""

from __future__ import annotations

import reflex as rx
from reflex_base.plugins.base import PreCompileContext
from typing_extensions import Unpack

_CLIENT = "utils/state.js"
_IMPORT = 'import * as link from "$/public/link.js";\n'
_REPLACED = (
    ('import io from "socket.io-client";\n', 'import io from "socket.io-client";\n' + _IMPORT),
    ("  io(endpoint.href, {\n", "  link.attach(io(endpoint.href, {\n"),
    ("    query: { token },\n", "    query: { token, ...link.query() },\n    timeout: 6000,\n"),
    ("    reconnection: false,\n  });\n", "    reconnection: false,\n  }));\n"),
    ("opts.query = { token: getToken() };", "opts.query = { token: getToken(), ...link.query() };"),
    ('    socket.emit("event", encodeFormDataArgs(routed_event));', "    link.send(encodeFormDataArgs(routed_event));"),
    (
        '  socket.current.on("event", (update) => {\n',
        '  socket.current.on("event", (told) => {\n    const update = link.take(told);\n',
    ),
    (
        "  const normalized = normalizeEvents(events);\n  if (prepend) {\n",
        "  link.watch(isStateful);\n  const normalized = normalizeEvents(events);\n  if (prepend) {\n",
    ),
)


class LastingLink(rx.plugins.Plugin):
    """Rewrites the places where Reflex's client makes its socket, sends an event and takes an update."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Have the client rewritten before it is used."""
        context["add_modify_task"](_CLIENT, through_the_link)


def through_the_link(source: str) -> str:
    """The client's `state.js` with our link in it; raises ValueError when Reflex no longer writes what is replaced."""
    if _IMPORT in source:
        return source
    for old, new in _REPLACED:
        if source.count(old) != 1:
            raise ValueError(f"{_CLIENT} has changed: cannot find {old.strip()!r}")
        source = source.replace(old, new)
    return source
