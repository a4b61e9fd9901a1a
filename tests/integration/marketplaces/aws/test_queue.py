"""The real worker at a real queue: EventBridge and SNS of moto deliver to it, over HTTP, by boto3."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3.session
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from guance_portal.marketplaces.aws import worker
from guance_portal.marketplaces.aws.check import problem_with
from guance_portal.marketplaces.aws.worker import AwsQueue
from guance_portal.marketplaces.rules import NoticeOutcome
from guance_portal.marketplaces.tables import MarketplaceNotice
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Provider
from tests.support.aws_peer import AwsPeer, Refusal
from tests.support.aws_told import Told
from tests.support.portal_server import free_port

KEYS = {"aws_access_key_id": "of-the-test", "aws_secret_access_key": "of-the-test", "region_name": "cn-northwest-1"}
EVENTS = {"source": ["aws.agreement-marketplace"]}


class Cloud:
    """SQS, SNS and EventBridge, joined as docs/operations.md says."""

    def __init__(self, url: str) -> None:
        session: Any = boto3.session.Session()
        self._sqs, self._sns, self._events = (
            session.client(name, endpoint_url=url, **KEYS) for name in ("sqs", "sns", "events")
        )
        self.queue: str = self._sqs.create_queue(QueueName="marketplace")["QueueUrl"]
        named = self._sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        arn = named["Attributes"]["QueueArn"]
        self._topic = self._sns.create_topic(Name="aws-mp-subscription-notification-code0")["TopicArn"]
        self._sns.subscribe(TopicArn=self._topic, Protocol="sqs", Endpoint=arn)
        self._events.put_rule(Name="marketplace", EventPattern=json.dumps(EVENTS))
        self._events.put_targets(Rule="marketplace", Targets=[{"Id": "1", "Arn": arn}])

    def happen(self, event: dict[str, Any]) -> None:
        """Put an event onto the bus."""
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "Time": event["time"],
        }
        assert self._events.put_events(Entries=[entry])["FailedEntryCount"] == 0

    def publish(self, text: str) -> None:
        """Publish a text to the legacy topic."""
        self._sns.publish(TopicArn=self._topic, Message=text)

    def send(self, text: str) -> None:
        """Put a message into the queue itself."""
        self._sqs.send_message(QueueUrl=self.queue, MessageBody=text)

    def left(self) -> int:
        """How many messages the queue holds, taken or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)
        return sum(int(number) for number in found["Attributes"].values())


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The address of moto's server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloud(moto: str) -> Cloud:
    import httpx

    httpx.post(f"{moto}/moto-api/reset")
    return Cloud(moto)


@pytest.fixture
def portal_settings(portal_settings: Settings, cloud: Cloud) -> Settings:
    return portal_settings.model_copy(update={"aws_queue_url": cloud.queue})


@pytest.fixture
def queue(services: Services, monkeypatch: pytest.MonkeyPatch) -> AwsQueue:
    """The worker of the listing in China; it does not wait for what does not come."""
    monkeypatch.setattr(worker, "WAIT", 0)
    [queue] = services.marketplaces.aws.queues
    return queue


async def drain(queue: AwsQueue) -> int:
    """Take until nothing more is there."""
    done = 0
    while taken := await queue.take():
        done += taken
    return done


async def state(services: Services, account: str, instance: str) -> SubscriptionState | None:
    found = await services.marketplaces.subscriptions.find(Provider.AWS, CloudClaim(account=account, instance=instance))
    return found.state if found else None


async def notices(services: Services) -> list[MarketplaceNotice]:
    async with services.database.reporting() as work:
        return list((await work.session.exec(select(MarketplaceNotice))).all())


def told(services: Services) -> Told:
    return Told("555566667777", services.clock.now() - timedelta(hours=1), product="code0")


async def test_a_legacy_topic_reaches_us_by_the_queue(services: Services, queue: AwsQueue, cloud: Cloud) -> None:
    cloud.publish(told(services).action("subscribe-success", "custQ"))
    assert await drain(queue) == 1
    assert await state(services, "custQ", "custQ") is SubscriptionState.LIVE
    assert cloud.left() == 0


@pytest.fixture
def licensing(portal_settings: Settings) -> Settings:
    return portal_settings.model_copy(update={"aws_uses_licences": True})


async def test_events_reach_us_by_the_bus_and_the_queue(
    licensing: Settings, clock: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guance_portal import bootstrap

    monkeypatch.setattr(worker, "WAIT", 0)
    services = bootstrap.build(licensing, clock=clock)
    try:
        [queue] = services.marketplaces.aws.queues
        said = told(services)
        for event in said.bought():
            cloud.happen(event)
        cloud.happen({**said.closed(1, "CANCELLED"), "source": "somebody.else"})
        assert await drain(queue) == 2
        assert await state(services, said.account, said.arn(1)) is SubscriptionState.LIVE
        for event in said.cancelled():
            cloud.happen(event)
        assert await drain(queue) == 2
        assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED
        assert cloud.left() == 0
    finally:
        await services.close()


async def test_an_unreadable_message_is_kept_and_does_not_come_back(
    services: Services, queue: AwsQueue, cloud: Cloud
) -> None:
    for poison in ("no json", "[]", '{"Message": "x"}', '{"detail-type": 5}', '{"detail-type": "x", "id": "\\u0000"}'):
        cloud.send(poison)
    assert await drain(queue) == 5
    assert cloud.left() == 0
    kept = await notices(services)
    assert len(kept) == 5
    assert {notice.outcome for notice in kept} == {NoticeOutcome.FAILED}


async def test_a_message_stays_until_it_is_kept(
    services: Services, queue: AwsQueue, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "HIDDEN", 0)
    cloud.publish(told(services).action("subscribe-success", "custK"))
    store = type(services.marketplaces.notices)._store

    async def away(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(type(services.marketplaces.notices), "_store", away)
    with pytest.raises(OperationalError):
        await queue.take()
    assert cloud.left() == 1
    monkeypatch.setattr(type(services.marketplaces.notices), "_store", store)
    assert await drain(queue) == 1
    assert await state(services, "custK", "custK") is SubscriptionState.LIVE


async def test_what_aws_did_not_answer_for_comes_back(
    services: Services, queue: AwsQueue, cloud: Cloud, peer: AwsPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "HIDDEN", 0)
    cloud.publish(told(services).action("subscribe-success", "custB"))
    await drain(queue)
    peer.refusal = Refusal("InternalServiceErrorException", 500)
    cloud.publish(told(services).action("entitlement-updated", "custB"))
    assert await queue.take() == 0
    assert cloud.left() == 1
    peer.refusal = None
    assert await drain(queue) == 1


async def test_the_worker_runs_beside_the_requests_and_ends_with_them(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "WAIT", 1)
    [queue] = services.marketplaces.aws.queues
    assert queue.run in services.background()
    running = asyncio.create_task(queue.run())
    cloud.publish(told(services).action("subscribe-success", "custW"))
    async with asyncio.timeout(20):
        while await state(services, "custW", "custW") is None:  # noqa: ASYNC110 - the database cannot tell
            await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_doctor_hears_from_the_queue_and_leaves_its_messages_there(
    services: Services, queue: AwsQueue, cloud: Cloud
) -> None:
    cloud.publish(told(services).action("subscribe-success", "custD"))
    assert problem_with(queue._listing) == ""
    assert cloud.left() == 1
    assert await drain(queue) == 1


async def test_the_doctor_names_what_is_wrong_with_the_queue(
    queue: AwsQueue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = replace(queue._listing, queue_url=f"{queue._listing.queue_url}-gone")
    assert "NonExistentQueue" in problem_with(gone) or "QueueDoesNotExist" in problem_with(gone)
    away = replace(queue._listing, queue_url=f"http://127.0.0.1:{free_port()}/1/marketplace")
    assert problem_with(away) == "EndpointConnectionError"
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert problem_with(queue._listing) == "NoCredentialsError"
