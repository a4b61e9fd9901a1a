"""Has the browser send back, with every event, the mark of what the page showed when the event was made.

The mark is read when somebody acts, not when the event is sent: an event that waited for a connection, or for its
debounce, still says what the person saw.
"""

from __future__ import annotations

import reflex as rx
from reflex_base.plugins.base import PreCompileContext
from typing_extensions import Unpack

from guance_portal.state.connection import MARK_FIELD, MARK_ID

_CLIENT = "utils/state.js"
_MADE = "    const _events = normalizeEvents(events);\n"
_STAMPED = f"""    const shown_mark = document.getElementById("{MARK_ID}")?.dataset.mark ?? "";
    const _events = normalizeEvents(events).map((event) => ({{ {MARK_FIELD}: shown_mark, ...event }}));
"""
_SENT = "    event.router_data = {\n      pathname: loc.pathname,\n"
_CARRIED = f"""    event.router_data = {{
      {MARK_FIELD}: event.{MARK_FIELD} ?? "",
      pathname: loc.pathname,
"""


class ShownMark(rx.plugins.Plugin):
    """Rewrites the two places of the client where an event is made and where its router data are."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Have the client rewritten before it is used."""
        context["add_modify_task"](_CLIENT, send_mark)


def send_mark(source: str) -> str:
    """The client's `state.js` with the mark; raises ValueError when Reflex no longer writes what is replaced."""
    for before, after in ((_MADE, _STAMPED), (_SENT, _CARRIED)):
        if after in source:
            continue
        if source.count(before) != 1:
            raise ValueError(f"{_CLIENT} has changed: cannot find where events are made and sent")
        source = source.replace(before, after)
    return source
