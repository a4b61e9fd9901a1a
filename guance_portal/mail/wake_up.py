"""Wakes the workers of this process when an email was committed, so that none waits for the next poll."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

_listeners: set[asyncio.Event] = set()


def notify() -> None:
    """Wake every worker of this process; call it on the event loop's thread."""
    for listener in _listeners:
        listener.set()


@contextmanager
def listening() -> Generator[asyncio.Event]:
    """An event that is set at each wake-up, for as long as the block runs."""
    listener = asyncio.Event()
    _listeners.add(listener)
    try:
        yield listener
    finally:
        _listeners.discard(listener)
