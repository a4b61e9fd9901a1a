"""What is genuine and cannot be read is kept with its reason, shown to operators, and applied once it is understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlmodel import select

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.marketplaces.aliyun import requests
from guance_portal.marketplaces.rules import UNREAD, NoticeOutcome
from guance_portal.marketplaces.secrecy import MASKED
from guance_portal.marketplaces.tables import MarketplaceNotice
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Provider
from tests.support.aliyun import LATER, Market

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="s")


async def kept(services: Services) -> list[MarketplaceNotice]:
    async with services.database.reading() as work:
        return list((await work.session.exec(select(MarketplaceNotice))).all())


async def test_an_unreadable_call_is_kept_once_with_its_reason_and_without_its_secrets(
    services: Services, market: Market
) -> None:
    said = {**market.purchase("biz-1"), "expiredOn": "31.12.2026", "userPassword": "hunter2"}
    for _ in range(3):
        answer = await market.send("createInstance", **said)
        # The market repeats a purchase that is answered so.
        assert (answer.status_code, answer.json()["instanceId"]) == (200, "0")
    [notice] = await kept(services)
    assert (notice.outcome, notice.detail, notice.about, notice.times) == (
        NoticeOutcome.FAILED,
        UNREAD,
        "expiredOn",
        3,
    )
    payload = json.loads(notice.payload)
    assert (payload["expiredOn"], payload["userPassword"]) == ("31.12.2026", MASKED)
    assert "token" not in payload
    found = await services.marketplaces.admin.notices(OPERATOR, outcome=NoticeOutcome.FAILED)
    assert [(line.about, line.is_replayable) for line in found.lines] == [("expiredOn", True)]


@pytest.mark.parametrize(
    ("action", "more", "about"),
    [
        ("renewInstance", {"orderId": "o", "expiredOn": "soon"}, "expiredOn"),
        ("renewInstance", {"expiredOn": LATER}, "orderId"),
        ("upgradeInstance", {}, "skuId"),
        ("bindInstance", {}, "action"),
        ("releaseInstance", {"instanceId": ""}, "instanceId"),
        ("expiredInstance", {"instanceId": "a b"}, "instanceId"),
    ],
)
async def test_every_action_that_cannot_be_read_is_kept(
    services: Services, market: Market, action: str, more: dict[str, str], about: str
) -> None:
    instance = (await market.sell("biz-1")).instance
    answer = await market.send(action, **{"instanceId": instance, **more})
    assert (answer.status_code, answer.json()["success"]) == (400, "false")
    [notice] = [one for one in await kept(services) if one.outcome is NoticeOutcome.FAILED]
    assert (notice.kind, notice.about) == (action, about)


async def test_an_sso_call_that_cannot_be_read_is_kept_and_works_no_more(services: Services, market: Market) -> None:
    instance = (await market.sell("biz-1")).instance
    answer = await market.send("verify", instanceId=instance, timeStamp="now")
    assert answer.status_code == 303
    [notice] = [one for one in await kept(services) if one.kind == "verify"]
    assert (notice.outcome, notice.about) == (NoticeOutcome.FAILED, "timeStamp")
    [line] = (await services.marketplaces.admin.notices(OPERATOR, outcome=NoticeOutcome.FAILED)).lines
    assert not line.is_replayable


async def test_what_is_not_signed_is_not_kept(services: Services, market: Market) -> None:
    market.key = "guessed"
    assert (await market.send("createInstance", aliUid="1", expiredOn="soon")).status_code == 403
    assert await kept(services) == []


async def test_a_replay_of_what_is_still_not_understood_fails_again(services: Services, market: Market) -> None:
    await market.send("createInstance", **market.purchase("biz-1"), expiredOn="soon")
    [notice] = await kept(services)
    receipt = await services.marketplaces.notices.replay(OPERATOR, notice.id)
    assert (receipt.outcome, receipt.detail) == (NoticeOutcome.FAILED, UNREAD)


async def test_what_is_understood_by_now_is_applied_by_a_replay_and_by_the_markets_repeat(
    services: Services, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = requests._moment

    def strict(parameters: Mapping[str, str], name: str) -> datetime:
        if parameters[name].isdecimal():
            raise requests.MalformedError(name, "an earlier version knew no milliseconds")
        return read(parameters, name)

    said = {**market.purchase("biz-1"), "expiredOn": "1830297600000"}
    with monkeypatch.context() as earlier:
        earlier.setattr(requests, "_moment", strict)
        assert (await market.send("createInstance", **said)).json()["instanceId"] == "0"
    [notice] = await kept(services)
    assert (await services.marketplaces.notices.replay(OPERATOR, notice.id)).outcome is NoticeOutcome.APPLIED
    instance = (await market.send("createInstance", **said)).json()["instanceId"]
    [bought] = (await services.marketplaces.admin.subscriptions(OPERATOR)).lines
    assert bought.subscription.provider is Provider.ALIYUN
    assert (bought.subscription.instance, bought.subscription.state) == (instance, SubscriptionState.LIVE)
    assert all(one.outcome is not NoticeOutcome.FAILED for one in await kept(services))
