"""Deletes the states of tabs that are closed; a page that comes back is built from its address and the database.

Reflex would keep each for an hour after its last event: a few thousand visits of a page, closed at once, would fill the
memory of a worker, or Redis.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState

PERIOD = 1.0
KEPT = 90.0
"""Seconds for which the state of a tab is kept after its connection has ended, when something was done in it."""
_LEASE = 10.0
"""A worker writes a state to Redis some seconds after its last event; what is deleted before would come back."""


@dataclass(slots=True)
class _Tab:
    has_acted: bool = False
    left_at: float | None = None


_tabs: dict[str, _Tab] = {}


def note(token: str, *, is_act: bool) -> None:
    """A tab has sent an event; `is_act` when it was not the page itself that loads."""
    tab = _tabs.setdefault(token, _Tab())
    tab.has_acted, tab.left_at = tab.has_acted or is_act, None


def is_connected(app: rx.App, token: str) -> bool:
    """Whether this worker has the connection of a tab."""
    if app.event_namespace is None:
        return False
    manager = app.event_namespace._token_manager
    record = manager.token_to_socket.get(token)
    return record is not None and record.instance_id == manager.instance_id


async def watch(app: rx.App) -> None:
    """Forget what is due, for as long as the worker lives."""
    while True:
        await asyncio.sleep(PERIOD)
        await look(app, time.monotonic())


async def look(app: rx.App, now: float) -> None:
    """Forget the states of the tabs that were left long enough ago."""
    for token, tab in list(_tabs.items()):
        if is_connected(app, token):
            tab.left_at = None
            continue
        tab.left_at = now if tab.left_at is None else tab.left_at
        if now - tab.left_at >= _patience(app, tab) and await _forget(app, token) and _tabs.get(token) is tab:
            del _tabs[token]


def _patience(app: rx.App, tab: _Tab) -> float:
    at_least = _LEASE if isinstance(app.state_manager, StateManagerRedis) else 0.0
    return KEPT if tab.has_acted else at_least


async def _forget(app: rx.App, ident: str) -> bool:
    """False when it is in use just now."""
    token, manager = BaseStateToken(ident=ident, cls=rx.State), app.state_manager
    if isinstance(manager, StateManagerMemory):
        lock = manager._states_locks.get(token.lock_key)
        if lock and lock.locked():
            return False
        manager._purge_token(token)
    elif isinstance(manager, StateManagerRedis):
        if token.lock_key in manager._local_leases:
            return False
        manager._cached_states_locks.pop(token.lock_key, None)
        is_elsewhere = app.event_namespace and await app.event_namespace._token_manager.is_token_connected(ident)
        if not is_elsewhere:
            await manager.redis.delete(*(token._state_key(state) for state in _all_below(rx.State)))
    return True


def _all_below(root: type[BaseState]) -> Iterator[type[BaseState]]:
    yield root
    for state in root.get_substates():
        yield from _all_below(state)
