"""Bugs: logged with an id, told as one calm message with that id."""

from __future__ import annotations

import secrets
import traceback
from typing import TYPE_CHECKING, cast

import structlog
from reflex.state import BaseState

from guance_portal.core import metrics, outages
from guance_portal.core.errors import PortalError
from guance_portal.state.notice import NoticeState

if TYPE_CHECKING:
    from reflex.event import EventSpec

log = structlog.get_logger(__name__)


def on_backend_fault(exception: Exception) -> EventSpec:
    """Answer for an exception that no handler caught.

    A PortalError that reaches this point is a handler's omission, but its reason is still told as a fault. A store that is
    away or takes no writes is no bug, and people are told that nothing can be saved.
    """
    error_id = f"e-{secrets.token_hex(6)}"
    is_outage = outages.is_outage(exception)
    if is_outage:
        log.error("event_failed", error_id=error_id, outage=outages.reason(exception))
    else:
        metrics.count_fault("event")
        log.error("event_failed", error_id=error_id, expected=isinstance(exception, PortalError), exc_info=exception)
    return cast("EventSpec", NoticeState.report_fault(error_id, _state_of(exception), is_outage))


def _state_of(exception: Exception) -> str:
    """The full name of the state whose handler raised: Reflex tells the exception alone, from outside its task."""
    for frame, _ in traceback.walk_tb(exception.__traceback__):
        if isinstance(state := frame.f_locals.get("self"), BaseState):
            return state.get_full_name()
    return ""


def on_frontend_fault(exception: Exception) -> None:
    """Log what the browser reports of itself; its text is the visitor's, so it is cut and never trusted."""
    metrics.count_fault("page")
    log.warning("frontend_fault", report=str(exception)[:2000])
