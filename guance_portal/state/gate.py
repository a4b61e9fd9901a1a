"""The one gate before every event: denies by default, and knows who is asking.

Every public method of a state can be called by anyone who opens a socket, with anything. So each
handler declares its audience, its arguments are checked, its caller is counted, and what fits none of
that changes nothing and is told nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import Any

import reflex as rx
import structlog
from reflex.app import App
from reflex.istate.data import RouterData
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from guance_portal import bootstrap, routes
from guance_portal.accounts.sessions.views import LiveSession
from guance_portal.core import metrics
from guance_portal.core.actor import Realm
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import of_browser, of_network
from guance_portal.core.messages import text
from guance_portal.core.settings import settings
from guance_portal.state import connection, payload, shown, tabs
from guance_portal.state.audience import SANDBOX, Declared, declared_of
from guance_portal.state.notice import NoticeState
from guance_portal.state.shown import ShownState

log = structlog.get_logger(__name__)

_STATE = "reflex___state____"
_ROOT = f"{_STATE}state"
# What the framework itself sends. `update_vars_internal` (browser storage) is missing on purpose:
# the portal keeps nothing there, so nobody may set a var from outside.
FRAMEWORK = frozenset(
    {
        f"{_ROOT}.hydrate",
        f"{_ROOT}.hydrate_and_load",
        f"{_ROOT}.set_is_hydrated",
        f"{_ROOT}.{_STATE}on_load_internal_state.on_load_internal",
        f"{_ROOT}.{_STATE}on_load_internal_state.set_is_hydrated",
        f"{_ROOT}.{_STATE}frontend_event_exception_state.handle_frontend_exception",
    }
)
_BOOT = f"{_ROOT}.hydrate_and_load"
_WHOLE_STATE = {_BOOT, f"{_ROOT}.hydrate"}
_PAGE_LOAD = f"{_ROOT}.{_STATE}on_load_internal_state.on_load_internal"
_PAGE_LOADED = f"{_ROOT}.{_STATE}on_load_internal_state.set_is_hydrated"

_sessions: ContextVar[Mapping[Realm, LiveSession | None]] = ContextVar("portal_sessions", default=MappingProxyType({}))


def current_session() -> LiveSession | None:
    """The session that the gate found for the event being handled."""
    return next(iter(_sessions.get().values()), None)


def session_in(realm: Realm) -> LiveSession | None:
    """The session of a realm, for a handler that declares it with `acts_as`; raises LookupError where it does not."""
    return _sessions.get()[realm]


@cache
def handlers() -> Mapping[str, Callable[..., Any]]:
    """Every registered event handler by its full name."""
    registered = RegistrationContext.get().event_handlers
    return {name: entry.handler.fn for name, entry in registered.items()}


class Gate(rx.Middleware):
    """Reflex middleware that lets an event pass, or answers in its place."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """None to let the event pass; an update that ends it otherwise."""
        del app
        _sessions.set({})
        root = state._get_root_state()
        router = root.router
        try:
            await _count(router)
        except TooManyAttemptsError:
            return await _refuse(root, event, "too_many", "gate.too_many")
        handler = handlers().get(event.name)
        # What follows from an event, as a page's loader does, says nothing of what somebody does.
        is_act = event.name not in FRAMEWORK and _comes_from_page()
        tabs.note(router.session.client_token, is_act=is_act)
        if event.name in FRAMEWORK and handler:
            return await _pass_framework(root, event, handler)
        declared = declared_of(handler) if handler else None
        if handler is None or declared is None or (declared.who is SANDBOX and not settings().is_sandbox):
            return await _refuse(root, event, "undeclared", "gate.unknown")
        if update := await _identify(root, event, declared):
            return update
        return await _hold_to_hints(root, event, handler)


async def _identify(root: BaseState, event: Event, declared: Declared) -> StateUpdate | None:
    """Find the sessions that the handler may ask for; an update where a person is missing, or the page is out of date."""
    realms = declared.sessions
    if isinstance(declared.who, frozenset):
        realm = _realm_meant(root.router, declared.who)
        if realm is None:
            return await _refuse(root, event, "other_realm", "gate.unknown")
        realms = frozenset({realm})
    found = {realm: await _find(root.router, realm) for realm in realms}
    if isinstance(declared.who, frozenset) and None in found.values():
        return await _miss_session(root, event, next(iter(realms)))
    for realm, session in found.items():
        actor = session.actor if session else None
        if _comes_from_page() and not shown.fits(event.router_data, actor, realm, declared.page):
            return await _say_out_of_date(root, event, realm, session)
    _sessions.set(found)
    return None


def _comes_from_page() -> bool:
    """Whether the browser sent the event; what a handler has called was compared with the handler itself."""
    return EventContext.get().parent_txid is None


async def _miss_session(root: BaseState, event: Event, realm: Realm) -> StateUpdate:
    """Lead to the sign-in, unless somebody has signed in in another tab: then this one need only be loaded again."""
    held, visitor = connection.session_hash(root.router, realm), connection.caller(root.router).visitor
    newest = await bootstrap.services().sessions.successor(realm, held, visitor)
    if newest is None:
        return _send_to_sign_in(root.router, event, realm)
    state = await root.get_state(ShownState)
    await shown.explain(state, event.router_data, newest, is_replaced=True)
    log.info("event_of_replaced_session", handler=event.name[:200], realm=realm)
    return await _delta(root)


async def _say_out_of_date(root: BaseState, event: Event, realm: Realm, session: LiveSession | None) -> StateUpdate:
    log.info("event_of_another_page", handler=event.name[:200], realm=realm)
    metrics.count_refusal("other_page")
    state = await root.get_state(ShownState)
    await shown.explain(state, event.router_data, session)
    return await _delta(root)


async def _pass_framework(root: BaseState, event: Event, handler: Callable[..., Any]) -> StateUpdate | None:
    if event.name == _BOOT:
        event.payload.pop("vars", None)
        if not payload.is_texts(event.payload.get("hashes", [])):
            event.payload.pop("hashes")
    if event.name in _WHOLE_STATE and await _has_dead_session(root.router):
        # What a session was shown goes with it: a tab that connects again starts empty, and asks its page's loader.
        root.reset()
    if event.name == _PAGE_LOAD:
        EventContext.get().router_data[shown.DRAWN] = await _mark(root.router)
    elif event.name == _PAGE_LOADED:
        await _publish(root)
    # Reflex sets a var to whatever comes, and logs it whole.
    return await _hold_to_hints(root, event, handler)


async def _hold_to_hints(root: BaseState, event: Event, handler: Callable[..., Any]) -> StateUpdate | None:
    try:
        arguments = payload.check(handler, event.payload)
    except payload.PayloadError as problem:
        return await _refuse(root, event, str(problem), "gate.unreadable")
    event.payload.clear()
    event.payload.update(arguments)
    return None


async def _count(router: RouterData) -> None:
    limits = bootstrap.services().rate_limits
    caller = connection.caller(router)
    await limits.hit("events_per_address", of_network(caller.address))
    sessions = filter(None, (connection.session_hash(router, realm) for realm in Realm))
    await limits.hit("events_per_session", of_browser(caller, next(sessions, "")))


async def _has_dead_session(router: RouterData) -> bool:
    sessions = bootstrap.services().sessions
    held = {realm: token_hash for realm in Realm if (token_hash := connection.session_hash(router, realm))}
    return not all([await sessions.find(realm, one, is_active=False) for realm, one in held.items()])


def _realm_meant(router: RouterData, who: frozenset[Realm]) -> Realm | None:
    if len(who) == 1:
        return next(iter(who))
    realm = routes.realm_of(router.url.path)
    return realm if realm in who else None


async def _find(router: RouterData, realm: Realm, *, is_active: bool = True) -> LiveSession | None:
    token_hash = connection.session_hash(router, realm)
    return await bootstrap.services().sessions.find(realm, token_hash, is_active=is_active) if token_hash else None


async def _mark(router: RouterData) -> str:
    """The mark of a page that is drawn from now on: read before anything that the page shows."""
    found = [await _find(router, realm, is_active=False) for realm in Realm]
    return shown.mark_of(session.actor for session in found if session)


async def _publish(root: BaseState) -> None:
    """All that the page shows has been sent: its mark may stand in it.

    Reflex draws a page whose state was lost before it handles the event that found it lost; the mark which that event
    brought has just been compared.
    """
    carried = EventContext.get().router_data
    mark = carried.get(shown.DRAWN) or carried.get(connection.MARK_FIELD) or await _mark(root.router)
    if isinstance(mark, str):
        (await root.get_state(ShownState))._publish(mark)


async def _refuse(root: BaseState, event: Event, reason: str, words: str) -> StateUpdate:
    log.warning("event_refused", handler=event.name[:200], reason=reason)
    metrics.count_refusal(words.removeprefix("gate."))
    notice = await root.get_state(NoticeState)
    notice._say(text(words), is_problem=True)
    return await _delta(root)


async def _delta(root: BaseState) -> StateUpdate:
    delta = await root._get_resolved_delta()
    root._clean()
    return StateUpdate(delta=delta)


def _send_to_sign_in(router: RouterData, event: Event, realm: Realm) -> StateUpdate:
    log.info("event_without_session", handler=event.name[:200], realm=realm)
    query = f"?{router.url.query}" if router.url.query else ""
    back_to = routes.safe_next(routes.normal(router.url.path) + query, realm)
    path = routes.sign_in(realm, back_to=back_to)
    return StateUpdate(events=Event.from_event_type(rx.redirect(path, replace=True)))
