"""Lets a page keep its conversation with Reflex when the connection below it breaks and a new one is made.

A connection can die without either side being told: the bytes just stop. So the page counts what it receives, and this
wrapper tells it how many of its events have arrived. When that answer stays out, the page connects again (assets/link.js)
and names itself and its count. Reflex, to whom the first connection never ended, sees nothing of this: what the page has
missed is sent again, what has arrived is not done twice. A page that was away for too long starts over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from urllib.parse import parse_qs
from weakref import WeakSet

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guance_portal.api.socket_line import SocketLine

log = structlog.get_logger(__name__)

_NAMESPACE = "/_event,"
_EVENT, _GOT = f'42{_NAMESPACE}["event",', f'42{_NAMESPACE}["got",'
_CONNECT, _LEAVE = f"40{_NAMESPACE}", ("1", f"41{_NAMESPACE}")
_OPENING = "0"
NEW = -1
"""What a page is told instead of how many of its events have arrived, when it has to begin."""
LINGER = 30.0
"""Seconds for which a conversation waits for its page; only one in which something was done waits at all."""
_MOST_WAITING = 1_000
_MOST_KEPT = 1_000_000
"""Characters kept for a page that does not say that it has received them; with more it starts over."""


class _Conversation:
    """What Reflex takes for one connection, and the line that it runs over now."""

    def __init__(self, line: SocketLine) -> None:
        self.line: SocketLine | None = line
        self.heard = 0
        self.is_left = False
        self.accepted: Message = {"type": "websocket.accept"}
        self.opening = self.greeting = ""
        self._inbox = asyncio.Queue[dict[str, object]]()
        self._inbox.put_nowait({"type": "websocket.connect"})
        self.kept = deque[str]()
        self._dropped, self._size = 0, 0

    def can_go_on(self, got: int) -> bool:
        """Whether everything is there that a page has not received, of which it has this many."""
        return bool(self.greeting) and 0 <= got - self._dropped <= len(self.kept)

    def forget(self, got: int) -> None:
        """The page has received so many."""
        while self.kept and self._dropped < got:
            self._size -= len(self.kept.popleft())
            self._dropped += 1

    def put(self, message: Message) -> None:
        """Give Reflex something to read."""
        self._inbox.put_nowait(dict(message))

    def end(self) -> None:
        """Tell Reflex that the page is gone."""
        self.put({"type": "websocket.disconnect", "code": 1001, "reason": ""})

    async def receive(self) -> Message:
        """What Reflex reads."""
        return await self._inbox.get()

    async def send(self, message: Message) -> None:
        """What Reflex says: on to the page, and kept until it has come there."""
        text = str(message.get("text") or "")
        if message["type"] == "websocket.accept":
            self.accepted = message
        elif text.startswith(_OPENING):
            self.opening = text
        elif text.startswith(_CONNECT):
            self.greeting = text
        elif text.startswith(_EVENT):
            self._keep(text)
        if self.line and self.line.is_open:
            self.line.say(message)

    def _keep(self, text: str) -> None:
        self.kept.append(text)
        self._size += len(text)
        if self._size > _MOST_KEPT:
            self.forget(self._dropped + len(self.kept))
            if self.line:
                self.line.give_up()


_all_links = WeakSet["LastingLinks"]()


async def end_waiting() -> None:
    """End the conversations of this worker that wait for their page: it stops."""
    for links in list(_all_links):
        await links.end_waiting()


class LastingLinks:
    """Wraps the event socket; `page` and `got` of the address name the page and what it has received."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: dict[tuple[str, str], _Conversation] = {}
        self._tasks: dict[_Conversation, asyncio.Task[None]] = {}
        _all_links.add(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on with the conversation of this page, or begin one."""
        token, page, got = _names(scope)
        if not page:
            await self._app(scope, receive, send)
            return
        key = (token, page)
        known = self._open.get(key)
        if known and not known.is_left and known.can_go_on(got):
            await self._listen(known, _take_over(known, got, send), receive)
            return
        if known:
            known.end()
            await asyncio.wait([self._tasks[known]])
        line = SocketLine(send, is_open=True)
        conversation = self._open[key] = _Conversation(line)
        task = self._tasks[conversation] = asyncio.create_task(self._converse(scope, conversation))
        task.add_done_callback(lambda done: self._forget(key, conversation, done))
        await self._listen(conversation, line, receive)

    async def end_waiting(self) -> None:
        """End the conversations that wait for their page."""
        waiting = [one for one in self._tasks if one.line is None]
        for conversation in waiting:
            conversation.end()
        await asyncio.gather(*(self._tasks[one] for one in waiting), return_exceptions=True)

    def _forget(self, key: tuple[str, str], conversation: _Conversation, task: asyncio.Task[None]) -> None:
        self._tasks.pop(conversation, None)
        if self._open.get(key) is conversation:
            del self._open[key]
        if not task.cancelled() and (problem := task.exception()):
            log.error("conversation_failed", exc_info=problem)

    async def _converse(self, scope: Scope, conversation: _Conversation) -> None:
        await self._app(scope, conversation.receive, conversation.send)

    async def _listen(self, conversation: _Conversation, line: SocketLine, receive: Receive) -> None:
        """Read one connection to its end; what it says after another has taken its place counts no more."""
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                if message["type"] == "websocket.receive":
                    _hear(conversation, line, message)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not line.is_given_up or not task:
                raise
            task.uncancel()
        finally:
            line.end()
        if conversation.line is line:
            conversation.line = None
            self._wait_for(conversation)

    def _wait_for(self, conversation: _Conversation) -> None:
        waiting = sum(one.line is None for one in self._tasks)
        if conversation.is_left or not conversation.heard or waiting > _MOST_WAITING:
            conversation.end()
            return

        def give_up() -> None:
            if conversation.line is None and conversation in self._tasks:
                conversation.end()

        asyncio.get_running_loop().call_later(LINGER, give_up)


def _take_over(conversation: _Conversation, got: int, send: Send) -> SocketLine:
    line, before = SocketLine(send, is_open=False), conversation.line
    conversation.line = line
    conversation.forget(got)
    if before:
        before.give_up()
    line.say(conversation.accepted)
    line.say(_text(conversation.opening))
    return line


def _hear(conversation: _Conversation, line: SocketLine, message: Message) -> None:
    text = str(message.get("text") or "")
    if conversation.line is not line:
        return
    if text.startswith(_GOT):
        conversation.forget(int(text[len(_GOT) : -1]))
    elif text.startswith(_CONNECT):
        # Before anything else that the page is told: what follows is either what it missed, or all of it.
        line.say(_link(NEW if line.is_open else conversation.heard))
        if line.is_open:
            conversation.put(message)
            return
        line.is_open = True
        for missed in (conversation.greeting, *conversation.kept):
            line.say(_text(missed))
    else:
        conversation.is_left = conversation.is_left or text.startswith(_LEAVE)
        conversation.put(message)
        if text.startswith(_EVENT):
            conversation.heard += 1
            line.say(_text(f'42{_NAMESPACE}["heard",{conversation.heard}]'))


def _link(heard: int) -> Message:
    return _text(f'42{_NAMESPACE}["link",{heard}]')


def _text(text: str) -> Message:
    return {"type": "websocket.send", "text": text}


def _names(scope: Scope) -> tuple[str, str, int]:
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    got = asked.get("got", ["0"])[0]
    return asked.get("token", [""])[0], asked.get("page", [""])[0], int(got) if got.isdecimal() else -1
