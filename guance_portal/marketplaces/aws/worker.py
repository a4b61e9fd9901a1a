"""Takes the events of EventBridge (and of SNS) from the queue of a listing: at least once, and each only after it is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core.tokens import digest
from guance_portal.marketplaces.aws import client, errors, messages
from guance_portal.marketplaces.aws.book import AwsBook
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.marketplaces.notices import IncomingNotice, NoticeService
from guance_portal.marketplaces.rules import SILENT, NoticeOutcome, NoticeSource

log = structlog.get_logger(__name__)

WAIT = 4
"""Seconds SQS holds an empty answer back; a stopping process waits so long."""
HIDDEN = 60
"""Seconds a message that was taken stays hidden from others, and until it is tried again."""
_BATCH = 10
_PAUSE, _LONG_PAUSE = 15.0, 300.0


class AwsQueue:
    """The queue of one listing. Who may send to it says the policy of the queue: its messages are believed."""

    def __init__(
        self, listing: AwsListing, notices: NoticeService, book: AwsBook, credentials: Mapping[str, str] | None = None
    ) -> None:
        self._listing, self._notices, self._book = listing, notices, book
        self._credentials = dict(credentials or {})
        self._thread: ThreadPoolExecutor | None = None
        self._sqs: Any = None

    async def run(self) -> None:
        """Take messages until cancelled; an outage of the queue or the database is waited out.

        A queue that refuses us is asked rarely: each time counts and is logged as an error.
        """
        try:
            while True:
                try:
                    await self.take()
                except errors.AwsRefusedError:
                    await asyncio.sleep(_LONG_PAUSE * random.uniform(0.8, 1.2))
                except (*errors.TRANSIENT, SQLAlchemyError) as problem:
                    log.warning("aws_queue_postponed", listing=self._listing.id, problem=type(problem).__name__)
                    await asyncio.sleep(_PAUSE * random.uniform(0.8, 1.2))
        finally:
            self.close()

    async def take(self) -> int:
        """Take what is there now, a few at most; returns how many are done with."""
        answer = await self._call(
            "receive_message",
            MaxNumberOfMessages=_BATCH,
            WaitTimeSeconds=WAIT,
            VisibilityTimeout=HIDDEN,
        )
        done = 0
        for message in answer.get("Messages", []):
            if await self._is_done(str(message.get("Body", ""))):
                await self._call("delete_message", ReceiptHandle=message["ReceiptHandle"])
                done += 1
        return done

    def close(self) -> None:
        """Let the thread go."""
        if self._thread:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = None

    async def _is_done(self, text: str) -> bool:
        """Whether the message is kept and applied, or kept and of no use: then it may go."""
        try:
            receipt = await self._notices.receive(_incoming(self._listing, text), self._book.apply)
        except SQLAlchemyError:
            raise
        except Exception:  # a bug must not stop the queue; the notice is kept as failed, and can be replayed
            log.exception("aws_queue_message_failed", listing=self._listing.id)
            return True
        return not (receipt.outcome is NoticeOutcome.FAILED and receipt.detail == SILENT)

    async def _call(self, operation: str, **asked: Any) -> dict[str, Any]:
        self._thread = self._thread or ThreadPoolExecutor(1, f"queue-{self._listing.id}")

        def call() -> dict[str, Any]:
            if self._sqs is None:
                self._sqs = queue_client(self._listing, self._credentials)
            return getattr(self._sqs, operation)(QueueUrl=self._listing.queue_url, **asked)

        return await client.answered(call, self._thread, operation, deadline=WAIT + client.DEADLINE)


def queue_client(listing: AwsListing, credentials: Mapping[str, str]) -> Any:
    """A client for the queue of a listing, in the region that its address names."""
    parts = urlsplit(listing.queue_url)
    names = (parts.hostname or "").split(".")
    region = names[1] if len(names) > 2 and names[0] == "sqs" else listing.region
    url = f"{parts.scheme}://{parts.netloc}"
    return client.make_client("sqs", region, url, credentials, read=WAIT + client.READ_SECONDS)


def _incoming(listing: AwsListing, text: str) -> IncomingNotice:
    """A message as a notice: an event, or an SNS envelope around one or around a legacy text."""
    try:
        said = messages.unwrap(text)
        body = said["body"]
        if messages.is_event(body):
            key, kind = messages.event_key(body), messages.event_name(body)
        else:
            key, kind = said["id"], messages.action_name(body)
        return _notice(listing, key or digest(text), kind, said)
    except messages.MessageMalformedError:
        return _notice(listing, digest(text), "", {"text": text[: messages.LONGEST_KEPT]})


def _notice(listing: AwsListing, key: str, kind: str, payload: Mapping[str, object]) -> IncomingNotice:
    return IncomingNotice(
        source=NoticeSource.AWS_QUEUE, key=key[:300], kind=kind[:100], listing_id=listing.id, payload=payload
    )
