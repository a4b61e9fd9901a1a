"""Bugs and outages: logged with an id, told as one calm message with that id.

What an answer needs may be what has failed. An event of our own follows only where our own handler broke, whose form
has to be usable again. All else is an outage of what the events themselves need, and so is a fault of that event: then the
page is told directly, without a state, and nothing follows.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import traceback
from typing import Any, cast

import structlog
from redis.exceptions import RedisError
from reflex.event import EventSpec
from reflex.state import BaseState
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor.base_state_processor import process_event  # pyright: ignore[reportUnknownVariableType] - its payload has no types

from guance_portal.core import metrics, outages
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import text
from guance_portal.state.notice import NoticeState

log = structlog.get_logger(__name__)

LOAD_AGAIN = "_load_again"
"""What the page's end of the link does by itself when it is still waiting for its data (assets/link.js)."""
_QUIET = 10.0
"""Seconds for which the same outage is not logged again: every page meets it."""
_logged: dict[str, float] = {}
_telling: set[asyncio.Task[None]] = set()


def on_backend_fault(exception: Exception) -> EventSpec | None:
    """Answer for an exception that no handler caught.

    A PortalError that reaches this point is a handler's omission, but its reason is still told as a fault. A store that is
    away or takes no writes is no bug, and people are told that nothing can be saved.
    """
    error_id, is_outage = f"e-{secrets.token_hex(6)}", outages.is_outage(exception)
    state = _broken_state(exception)
    if not is_outage:
        metrics.count_fault("event")
        log.error("event_failed", error_id=error_id, expected=isinstance(exception, PortalError), exc_info=exception)
    elif state or not _is_known(exception):
        log.error("event_failed", error_id=error_id, outage=outages.reason(exception))
    if state:
        return cast("EventSpec", NoticeState.report_fault(error_id, state, is_outage))
    task = asyncio.ensure_future(_tell(EventContext.get(), error_id, "outage" if is_outage else "fault"))
    _telling.add(task)
    task.add_done_callback(_telling.discard)
    return None


def _broken_state(exception: Exception) -> str:
    """The full name of the state whose handler raised; empty when what failed is what all handlers need."""
    if isinstance(exception, RedisError):
        return ""
    for frame, _ in traceback.walk_tb(exception.__traceback__):
        if frame.f_code is process_event.__code__ and isinstance(state := frame.f_locals["state"], BaseState):
            is_ours = type(state).__module__.startswith("guance_portal.") and not isinstance(state, NoticeState)
            return state.get_full_name() if is_ours else ""
    return ""


def _is_known(outage: Exception) -> bool:
    kind, now = type(outage).__qualname__, time.monotonic()
    is_known = now - _logged.get(kind, -_QUIET) < _QUIET
    if not is_known:
        _logged[kind] = now
    return is_known


async def _tell(event: EventContext, error_id: str, kind: str) -> None:
    """Show the message on the page; no state knows of it, which is what a negative serial says."""
    notice: dict[str, Any] = {
        "message": text(f"{kind}.message"),
        "detail": text(f"{kind}.detail", id=error_id),
        "is_problem": True,
        "serial": -time.time_ns() // 1_000_000,
    }
    delta = {NoticeState.get_full_name(): {f"{name}{FIELD_MARKER}": value for name, value in notice.items()}}
    await event.emit_delta(delta)
    await event.emit_event(Event(name=LOAD_AGAIN))


def on_frontend_fault(exception: Exception) -> None:
    """Log what the browser reports of itself; its text is the visitor's, so it is cut and never trusted."""
    metrics.count_fault("page")
    log.warning("frontend_fault", report=str(exception)[:2000])
