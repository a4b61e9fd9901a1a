"""One connection below a conversation with a page (socket_link.py)."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import Message, Send


class SocketLine:
    """One connection of a page; `is_open` once the page has greeted, until when it is told nothing of Reflex's.

    What is said waits here, as the connection may take nothing any more without saying so.
    """

    def __init__(self, send: Send, *, is_open: bool) -> None:
        self.is_open, self.is_given_up = is_open, False
        self._outbox = asyncio.Queue[dict[str, object]]()
        self._sending = asyncio.create_task(self._pass_on(send))
        self._listening = asyncio.current_task()

    def say(self, message: Message) -> None:
        """Send it in its turn."""
        self._outbox.put_nowait(dict(message))

    def give_up(self) -> None:
        """End it at once: another takes its place."""
        self.is_given_up = True
        if self._listening:
            self._listening.cancel()

    def end(self) -> None:
        """Nothing more can be sent."""
        self._sending.cancel()

    async def _pass_on(self, send: Send) -> None:
        # OSError and RuntimeError are the server's words for a connection that has ended; its listener is told too.
        with suppress(OSError, RuntimeError):
            while True:
                await send(await self._outbox.get())
