"""A message of AWS that cannot be read is kept as it came, and applied by a replay once it is understood."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.marketplaces.aws import messages
from guance_portal.marketplaces.aws.worker import AwsQueue
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.marketplaces.rules import UNREAD, NoticeOutcome
from guance_portal.marketplaces.tables import MarketplaceNotice
from guance_portal.payers.ports import CloudClaim
from guance_portal.sites import Provider
from tests.support.aws_told import INTL_TOPIC, Told

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="s")


@pytest.mark.parametrize("is_wrapped", [False, True])
async def test_what_was_not_understood_is_applied_by_a_replay(
    services: Services, monkeypatch: pytest.MonkeyPatch, *, is_wrapped: bool
) -> None:
    told, listing = Told("777788889999", services.clock.now() - timedelta(hours=1)), services.marketplaces.listings
    text = json.dumps(told.licensed(1, 1))
    if is_wrapped:
        text = json.dumps({"Type": "Notification", "MessageId": "m1", "TopicArn": INTL_TOPIC, "Message": text})

    def refuse(_text: str) -> dict[str, object]:
        raise messages.MessageMalformedError

    ours = listing.by_id("aws-intl")
    assert isinstance(ours, AwsListing)
    queue = AwsQueue(ours, services.marketplaces.notices, services.marketplaces.aws.book)
    with monkeypatch.context() as earlier:
        earlier.setattr(messages, "unwrap", refuse)
        assert await queue._is_done(text)
        [notice] = await kept(services)
        assert (notice.outcome, notice.detail) == (NoticeOutcome.FAILED, UNREAD)
        again = await services.marketplaces.notices.replay(OPERATOR, notice.id)
        assert (again.outcome, again.detail) == (NoticeOutcome.FAILED, UNREAD)
    applied = await services.marketplaces.notices.replay(OPERATOR, notice.id)
    assert applied.outcome is NoticeOutcome.APPLIED
    claim = CloudClaim(account=told.account, instance=told.arn(1))
    assert await services.marketplaces.subscriptions.find(Provider.AWS, claim)


async def kept(services: Services) -> list[MarketplaceNotice]:
    async with services.database.reading() as work:
        return list((await work.session.exec(select(MarketplaceNotice))).all())


@pytest.mark.parametrize("written", ["2026-07-01T01:00:00Z", "1782867600", "1782867600000", "2026-07-01 01:00:00"])
async def test_the_time_of_an_event_is_read_however_it_is_written(services: Services, written: str) -> None:
    event = {**Told("777788889999", services.clock.now()).created(1), "time": written}
    found = messages.read_event(event, now=services.clock.now())
    assert found
    assert found.at.isoformat() == "2026-07-01T01:00:00+00:00"
