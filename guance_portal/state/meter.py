"""Measures the time of every event, no matter what answers it."""

from __future__ import annotations

import asyncio
from time import perf_counter

import reflex as rx
from reflex.app import App
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from guance_portal.core import metrics
from guance_portal.state.gate import handlers


class EventMeter(rx.Middleware):
    """Reflex middleware; must stand before the gate, so that what the gate refuses is measured too."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Start the watch; Reflex gives every event a task of its own, whose end stops it."""
        del app, state
        handler, started = short_name(event.name), perf_counter()
        if task := asyncio.current_task():
            task.add_done_callback(lambda _: metrics.observe_event(handler, perf_counter() - started))
        return None


def short_name(name: str) -> str:
    """`login_state.submit` for the full name of a handler we have; "unknown" for anything else, which is endless."""
    if name not in handlers():
        return "unknown"
    return ".".join(part.rpartition("____")[2] for part in name.split(".")[-2:])
