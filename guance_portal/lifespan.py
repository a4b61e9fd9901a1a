"""What a worker does when it starts and when it stops."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial

import reflex as rx
import structlog

from guance_portal import bootstrap
from guance_portal.api import socket_link
from guance_portal.core import logs, metrics, migrate
from guance_portal.core.settings import settings
from guance_portal.state import live, tabs

log = structlog.get_logger(__name__)
_PAUSE_AFTER_FAILURE = 5.0


@asynccontextmanager
async def lifespan(app: rx.App) -> AsyncGenerator[None]:
    """One worker's life: logs, migrations (a formality after `portal serve`), background work, clean end."""
    logs.configure(settings().log_format)
    metrics.delete_dead_workers()
    services = bootstrap.services()
    await migrate.upgrade(services.database.engine)
    await services.business_time.refresh()
    for reading in services.gauges():
        metrics.watch(reading)
    _calm_the_collector()
    _share_the_interpreter()
    work = [
        asyncio.create_task(_kept_alive(background))
        for background in (*services.background(), partial(live.watch, app), partial(tabs.watch, app))
    ]
    log.info("worker_started", pid=os.getpid())
    try:
        yield
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await socket_link.end_waiting()
        await services.close()
        log.info("worker_stopped")


async def _kept_alive(background: Callable[[], Coroutine[None, None, None]]) -> None:
    while True:
        try:
            await background()
        except Exception:  # a bug in one background job must be seen, and must not end it for the worker's life
            log.exception("background_failed", job=getattr(background, "__qualname__", ""))
        await asyncio.sleep(_PAUSE_AFTER_FAILURE)


def _calm_the_collector() -> None:
    """Everything imported stays; later collections are rarer and look at new objects alone."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)


def _share_the_interpreter() -> None:
    """Beside a thread that reads a large body the event loop waits a millisecond for the interpreter, not five."""
    sys.setswitchinterval(0.001)
