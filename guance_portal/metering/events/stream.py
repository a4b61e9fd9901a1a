"""Usage events out of NATS JetStream: the same events as over HTTP, for what outgrows one machine.

A message on `usage.<workspace id>` is one event or an array of events, as JSON. It is acknowledged after the commit that
counts it; delivered again it counts nothing, because the database knows the events. Who may publish on a workspace's
subject is for the broker to say.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

import nats
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.metering.errors import WorkspaceLockedError
from guance_portal.metering.events.rules import MOST_EVENTS
from guance_portal.metering.events.service import EventService, EventVerdict
from guance_portal.metering.refusals import RefusalService

log = structlog.get_logger(__name__)

STREAM, SUBJECTS, CONSUMER = "USAGE", "usage.>", "portal-intake"
KEEP_SECONDS = 7 * 86_400
"""How long a message stays in a stream that the portal had to make itself."""
ACK_SECONDS = 30
"""After so long without an acknowledgement a message is delivered again, to any worker."""
MOST_MESSAGES = 200
PATIENCE = 5.0
"""Seconds before a broker that is away is asked again."""


class UsageStream:
    """The consumer of one worker; all workers share the messages of one durable consumer."""

    def __init__(
        self, url: str, events: EventService, refusals: RefusalService, *, ack_seconds: float = ACK_SECONDS
    ) -> None:
        self._url, self._events, self._refusals = url, events, refusals
        self._consumer = ConsumerConfig(
            durable_name=CONSUMER, ack_policy=AckPolicy.EXPLICIT, ack_wait=ack_seconds, max_ack_pending=5_000
        )

    async def follow(self) -> None:
        """Count what comes, until it is cancelled; a broker or a database that is away is waited for."""
        while True:
            try:
                await self._consume()
            except (NatsError, OSError, SQLAlchemyError) as problem:
                log.warning("usage_stream_away", problem=type(problem).__name__)
            await asyncio.sleep(PATIENCE)

    async def problem(self) -> str:
        """Why the broker cannot be used; empty when it can."""
        try:
            client = await nats.connect(self._url, connect_timeout=2, allow_reconnect=False)
        except (NatsError, OSError) as problem:
            return str(problem) or type(problem).__name__
        try:
            await client.jetstream().account_info()
        except NatsError as problem:
            return f"without JetStream ({type(problem).__name__})"
        finally:
            await client.close()
        return ""

    async def _consume(self) -> None:
        client = await nats.connect(self._url, max_reconnect_attempts=-1, error_cb=_ignore)
        try:
            jet = client.jetstream()
            await _prepare(jet)
            await jet.add_consumer(STREAM, self._consumer)
            pull = await jet.pull_subscribe_bind(CONSUMER, STREAM)
            while True:
                try:
                    messages = await pull.fetch(MOST_MESSAGES, timeout=1)
                except TimeoutError:  # the built-in one, of which that of nats is not always a kind
                    continue
                await self._count(messages)
                await asyncio.gather(*(message.ack() for message in messages))
        finally:
            await client.close()  # drain() after an empty fetch waits half a minute

    async def _count(self, messages: Sequence[Msg]) -> None:
        """Count the events of some messages; when the process is killed here, they are delivered again."""
        events = defaultdict[str, list[object]](list)
        for message in messages:
            workspace_id = message.subject.partition(".")[2]
            try:
                said: Any = json.loads(message.data)
            except (ValueError, RecursionError):
                await self._refusals.note(workspace_id, "invalidJson", "", "a message of the stream is not JSON")
                continue
            events[workspace_id] += cast("list[object]", said) if isinstance(said, list) else [said]
        for workspace_id, envelopes in events.items():
            for start in range(0, len(envelopes), MOST_EVENTS):
                await self._record(workspace_id, envelopes[start : start + MOST_EVENTS])

    async def _record(self, workspace_id: str, envelopes: list[object]) -> None:
        try:
            verdicts = await self._events.record(workspace_id, envelopes)
        except (WorkspaceLockedError, WorkspaceDissolvedError):
            log.warning("usage_of_no_workspace", workspace=workspace_id, events=len(envelopes))
            return
        await report(self._refusals, workspace_id, verdicts)


async def report(refusals: RefusalService, workspace_id: str, verdicts: Sequence[EventVerdict]) -> None:
    """Show the workspace's members why events are refused, once for each reason."""
    for reason, verdict in {verdict.reason: verdict for verdict in verdicts if verdict.reason}.items():
        await refusals.note(workspace_id, reason.value, "", f"{verdict.source} {verdict.id}: {verdict.message}")


async def _prepare(jet: JetStreamContext) -> None:
    """See that the stream is there; one that the operators made stays as they made it."""
    try:
        await jet.stream_info(STREAM)
    except NotFoundError:
        await jet.add_stream(name=STREAM, subjects=[SUBJECTS], max_age=KEEP_SECONDS, duplicate_window=600)


async def _ignore(problem: Exception) -> None:
    """The client logs each attempt to connect again; one line of ours a while is enough."""
    del problem
