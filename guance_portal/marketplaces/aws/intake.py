"""Takes SNS messages that come by HTTP: from our topics alone, with a signature that holds, each kept before it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import httpx
import structlog

from guance_portal.core.actor import Caller
from guance_portal.core.clock import Clock
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.rate_limits import RateLimits
from guance_portal.marketplaces.aws import client, messages, sns
from guance_portal.marketplaces.aws.book import AwsBook
from guance_portal.marketplaces.aws.certificates import Certificates
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.marketplaces.notices import IncomingNotice, NoticeResult, NoticeService
from guance_portal.marketplaces.rules import SILENT, Applied, NoticeOutcome, NoticeSource

log = structlog.get_logger(__name__)

_TIMES = httpx.Timeout(client.READ_SECONDS, connect=client.CONNECT_SECONDS)
_LARGEST = 32 * 1024


class SnsTopicForeignError(Exception):
    """The message is from a topic that is none of ours."""


class SnsLaterError(Exception):
    """Nothing can be said of the message now: SNS is to send it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """What is believed beside Amazon itself: addresses of certificates, and where subscriptions may be confirmed."""

    certificates: tuple[str, ...] = ()
    confirmations: tuple[str, ...] = ()


class SnsIntake:
    """The HTTP side of notices. `topics` gives the listing of each topic that is ours."""

    def __init__(
        self,
        clock: Clock,
        *,
        topics: Mapping[str, AwsListing],
        notices: NoticeService,
        book: AwsBook,
        limits: RateLimits,
        trusted: Trusted | None = None,
    ) -> None:
        self._clock, self._topics, self._notices, self._book = clock, dict(topics), notices, book
        self._trusted = trusted or Trusted()
        self._certificates = Certificates(self._fetch, limits)

    async def receive(self, body: bytes, caller: Caller) -> NoticeResult:
        """Verify, keep and apply a message that came from `caller`.

        Raises SnsMalformedError, SnsTopicForeignError, SnsForgedError, and SnsLaterError when it is to come again.
        """
        message = sns.read(body)
        listing = self._topics.get(message.topic)
        if listing is None:
            raise SnsTopicForeignError
        fetch = partial(self._certificates.get, asker=caller.address)
        try:
            await sns.verify(message, fetch, now=self._clock.now(), trusted=self._trusted.certificates)
        except TooManyAttemptsError:
            raise SnsLaterError from None
        if message.kind is sns.SnsKind.NOTIFICATION:
            receipt = await self._notices.receive(_incoming(listing, message), self._book.apply)
        else:
            receipt = await self._confirm(listing, message)
        if receipt.outcome is NoticeOutcome.FAILED and receipt.detail == SILENT:
            raise SnsLaterError
        return receipt

    async def _confirm(self, listing: AwsListing, message: sns.SnsMessage) -> NoticeResult:
        async def answer(_incoming: IncomingNotice) -> Applied:
            if message.kind is sns.SnsKind.UNSUBSCRIBE:
                log.error("aws_topic_unsubscribed", topic=message.topic)
                return Applied(outcome=NoticeOutcome.NOTHING_TO_DO)
            url = message.subscribe_url
            if not (sns.is_subscribe_url(url) or self._is_here(url)):
                return Applied(outcome=NoticeOutcome.REFUSED)
            await self._fetch(url)
            return Applied(outcome=NoticeOutcome.APPLIED)

        incoming = IncomingNotice(
            source=NoticeSource.AWS_SNS,
            key=message.id,
            kind=message.kind.value,
            listing_id=listing.id,
            payload={"topic": message.topic},
        )
        return await self._notices.receive(incoming, answer)

    async def _fetch(self, url: str) -> bytes:
        """What stands at an address that was found to be SNS's own; raises SnsLaterError, SnsForgedError."""
        try:
            async with (
                asyncio.timeout(client.DEADLINE),
                httpx.AsyncClient(timeout=_TIMES, trust_env=not self._is_here(url)) as web,
                web.stream("GET", url) as answer,
            ):
                answer.raise_for_status()
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > _LARGEST:
                        raise SnsLaterError
                return bytes(body)
        except httpx.InvalidURL:
            # No address that SNS writes, whatever else it looks like.
            raise sns.SnsForgedError from None
        except (httpx.HTTPError, TimeoutError) as problem:
            log.warning("aws_sns_silent", problem=type(problem).__name__)
            raise SnsLaterError from None

    def _is_here(self, url: str) -> bool:
        """Whether it is the sandbox's: no proxy leads there."""
        return url in self._trusted.certificates or url.startswith(self._trusted.confirmations or ("\0",))


def _incoming(listing: AwsListing, message: sns.SnsMessage) -> IncomingNotice:
    said: dict[str, object] = {"id": message.id, "sent_at": message.fields["Timestamp"]}
    kind = ""
    try:
        said["body"] = body = messages.load(message.text)
        kind = messages.event_name(body) if messages.is_event(body) else messages.action_name(body)
    except messages.MessageMalformedError:
        said["text"] = message.text[: messages.LONGEST_KEPT]
    return IncomingNotice(source=NoticeSource.AWS_SNS, key=message.id, kind=kind, listing_id=listing.id, payload=said)
