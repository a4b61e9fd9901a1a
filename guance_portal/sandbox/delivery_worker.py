"""Brings the notices of the simulators to the portal over HTTP, or into a queue, outside of any transaction.

Any number of processes may run one: a notice is leased, sent, and its outcome written down.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.leases import LEASE, renewed
from guance_portal.sandbox import queries, rules
from guance_portal.sandbox.aliyun import spi
from guance_portal.sandbox.aws.sns import SnsSigner
from guance_portal.sandbox.rules import Channel, DeliveryState, PurchaseState, Whim
from guance_portal.sandbox.shops import Credentials, Shops
from guance_portal.sandbox.tables import SandboxDelivery, SandboxPurchase

log = structlog.get_logger(__name__)

POLL = 0.5
_AT_ONCE = 20
_TIMEOUT = httpx.Timeout(20, connect=3)
_NOT_YET = timedelta(seconds=1)
_LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """How an attempt ended: what was answered, and whether it is over (True), hopeless (False) or to be tried again."""

    answer: str
    is_done: bool | None
    again_in: timedelta | None = None
    instance: str = ""


class DeliveryWorker:
    """Sends what is due; `deliver` at once for the purchase that somebody has just touched."""

    def __init__(
        self, database: Database, wall: Clock, *, shops: Shops, signer: SnsSigner, credentials: Credentials
    ) -> None:
        self._database, self._wall, self._shops = database, wall, shops
        self._signer, self._credentials = signer, credentials
        self.transport: httpx.AsyncBaseTransport | None = None
        """In whose place the network is when there is none: the demo calls a portal that does not listen yet."""

    async def follow(self) -> None:
        """Send what becomes due, for as long as the process lives."""
        while True:
            try:
                if await self._is_any_due():
                    await self.deliver()
            except* SQLAlchemyError as problems:
                log.warning("sandbox_delivery_worker_waits", problem=type(problems.exceptions[0]).__name__)
            await asyncio.sleep(POLL)

    async def deliver(self, purchase_id: str = "") -> None:
        """Send what is due now; of one purchase alone when it is named.

        The notices of a purchase go one after the other, those of several beside each other: none waits for a slow one.
        """
        under_way = set[asyncio.Task[None]]()
        async with asyncio.TaskGroup() as tasks:
            while True:
                found = await self._lease(purchase_id) if len(under_way) < _AT_ONCE else None
                if found:
                    under_way.add(task := tasks.create_task(self._send(*found)))
                    task.add_done_callback(under_way.discard)
                elif under_way:
                    await asyncio.wait(under_way, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
                else:
                    return

    async def _send(self, delivery: SandboxDelivery, purchase: SandboxPurchase, whims: frozenset[Whim]) -> None:
        if Whim.UNREACHABLE in whims:
            outcome = DeliveryOutcome("", None, rules.pause(3))
            delivery.attempts -= 1
        else:
            async with renewed(partial(self._renew, delivery)):
                if Whim.SLOW in whims:
                    await asyncio.sleep(rules.SLOW_SECONDS)
                outcome = await self._attempt(delivery, purchase)
        await self._close(delivery, purchase, outcome)

    async def _is_any_due(self) -> bool:
        async with self._database.reading() as work:
            return await queries.is_any_due(work, self._wall.now())

    async def _lease(self, purchase_id: str) -> tuple[SandboxDelivery, SandboxPurchase, frozenset[Whim]] | None:
        now = self._wall.now()
        async with self._database.writing() as work:
            delivery = await queries.take_due(work, now, now + LEASE, purchase_id)
            if delivery is None:
                return None
            purchase = await queries.purchase(work, delivery.purchase_id, delivery.listing_id)
            whims = await queries.whims(work, delivery.listing_id)
            await work.commit()
        assert purchase  # noqa: S101 - the delivery's foreign key
        return delivery, purchase, whims

    async def _renew(self, delivery: SandboxDelivery) -> None:
        async with self._database.writing() as work:
            await queries.renew_lease(work, delivery, self._wall.now() + LEASE)
            await work.commit()

    async def _attempt(self, delivery: SandboxDelivery, purchase: SandboxPurchase) -> DeliveryOutcome:
        body: dict[str, Any] = json.loads(delivery.body)
        try:
            if delivery.channel is Channel.SPI:
                return await self._call(delivery, purchase, body)
            if delivery.channel is Channel.SNS:
                return await self._post(delivery, body)
            return await self._enqueue(delivery, body)
        except httpx.HTTPError as problem:
            return DeliveryOutcome(type(problem).__name__, None)

    async def _call(
        self, delivery: SandboxDelivery, purchase: SandboxPurchase, body: dict[str, str]
    ) -> DeliveryOutcome:
        is_new = delivery.kind == "createInstance"
        if not is_new:
            if not purchase.instance:
                return DeliveryOutcome("", None, _NOT_YET)
            body = {**body, "instanceId": purchase.instance}
        shop = self._shops.aliyun(delivery.listing_id)
        query = spi.signed(body, shop.secret)
        answers = await self._together(delivery.copies, "GET", f"{shop.spi_url}?{query}")
        return _created(answers) if is_new else _succeeded(answers)

    async def _post(self, delivery: SandboxDelivery, body: dict[str, str]) -> DeliveryOutcome:
        shop = self._shops.aws(delivery.listing_id)
        message = await self._signer.sign(body)
        headers = {
            "content-type": "text/plain; charset=UTF-8",
            "x-amz-sns-message-type": body["Type"],
            "x-amz-sns-message-id": body["MessageId"],
            "x-amz-sns-topic-arn": body["TopicArn"],
        }
        answers = await self._together(
            delivery.copies, "POST", shop.events_url, headers=headers, content=json.dumps(message)
        )
        last = answers[-1]
        # SNS gives up at what the client is to blame for, and tries the rest again.
        return DeliveryOutcome(_shown(last), True if last.is_success else None if last.status_code >= 500 else False)

    async def _enqueue(self, delivery: SandboxDelivery, body: dict[str, Any]) -> DeliveryOutcome:
        shop = self._shops.aws(delivery.listing_id)
        try:
            for _ in range(delivery.copies):
                await asyncio.to_thread(_send_message, shop.queue_url, shop.region, self._credentials, json.dumps(body))
        except Exception as problem:  # noqa: BLE001 - boto3 makes its exceptions at run time; the queue is an outsider
            return DeliveryOutcome(type(problem).__name__, None)
        return DeliveryOutcome("", is_done=True)

    async def _together(self, copies: int, method: str, url: str, **request: Any) -> list[httpx.Response]:
        # Never by a proxy: both ends are this machine.
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, transport=self.transport) as client:
            return await asyncio.gather(*(client.request(method, url, **request) for _ in range(copies)))

    async def _close(self, delivery: SandboxDelivery, purchase: SandboxPurchase, outcome: DeliveryOutcome) -> None:
        now = self._wall.now()
        changes: dict[str, Any] = {"answer": outcome.answer[:_LONGEST_ANSWER], "attempts": delivery.attempts}
        if outcome.is_done is None and delivery.attempts < rules.MOST_CALLS:
            changes["due_at"] = now + (outcome.again_in or rules.pause(delivery.attempts))
        else:
            changes["state"] = DeliveryState.DONE if outcome.is_done else DeliveryState.FAILED
            changes["sent_at"] = now
        async with self._database.writing() as work:
            await queries.close_lease(work, delivery, **changes)
            if outcome.instance:
                row = await queries.purchase(work, purchase.id, purchase.listing_id, lock=True)
                assert row  # noqa: S101 - purchases are never deleted
                row.instance, row.answer = outcome.instance, outcome.answer
                row.state = PurchaseState.LIVE if row.state is PurchaseState.ORDERED else row.state
                row.updated_at = now
            await work.commit()
        log.info("sandbox_notice", kind=delivery.kind, listing=delivery.listing_id, done=outcome.is_done)


def _created(answers: list[httpx.Response]) -> DeliveryOutcome:
    """0 means: not yet, ask again. Different ids for one purchase would be the vendor's mistake."""
    found = {str(_json(answer).get("instanceId", "")) for answer in answers if answer.is_success} - {""}
    real = found - {"0"}
    if len(real) > 1:
        return DeliveryOutcome(f"{len(real)} instances for one purchase", is_done=False)
    if real:
        said = next(answer for answer in answers if answer.is_success).text.replace("\0", "")
        return DeliveryOutcome(said, is_done=True, instance=real.pop())
    return DeliveryOutcome(_shown(answers[-1]), None, _NOT_YET)


def _succeeded(answers: list[httpx.Response]) -> DeliveryOutcome:
    is_done = all(answer.is_success and str(_json(answer).get("success", "")).lower() == "true" for answer in answers)
    last = answers[-1]
    return DeliveryOutcome(_shown(last), True if is_done else None if last.status_code >= 500 else False)


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _shown(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text}".strip().replace("\0", "")


def _send_message(queue_url: str, region: str, credentials: Credentials, body: str) -> None:
    import boto3.session  # takes a while to load, and few have a queue

    place, session = urlsplit(queue_url), cast("Any", boto3.session.Session())
    is_real = (place.hostname or "").endswith(("amazonaws.com", "amazonaws.com.cn"))
    client = session.client(
        "sqs",
        region_name=region,
        endpoint_url=None if is_real else f"{place.scheme}://{place.netloc}",
        aws_access_key_id=credentials.key_id,
        aws_secret_access_key=credentials.secret,
    )
    client.send_message(QueueUrl=queue_url, MessageBody=body)
