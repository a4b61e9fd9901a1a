"""`/api/marketplace/aws/events`: what SNS signed about our topics is taken, and nothing else changes anything."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.marketplaces.aws.sns import LONGEST_MESSAGE, SnsForgedError, SnsKind
from guance_portal.marketplaces.aws.tables import AwsFact
from guance_portal.marketplaces.rules import NoticeOutcome
from guance_portal.marketplaces.tables import MarketplaceNotice, Subscription
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Provider
from tests.integration.marketplaces.aws.conftest import arriving_from
from tests.support.aws_peer import AwsPeer, Refusal
from tests.support.aws_told import CN_ENTITLEMENTS, CN_TOPIC, INTL_TOPIC, Told
from tests.support.sns_signer import CERTIFICATE_URL, Signer

WRONG: tuple[Any, ...] = (None, 1, [], {}, "\0", "\ud800", "x" * 3000)
SENT = "2026-07-01T07:59:00.000Z"


class Sns:
    """SNS, which signs with a certificate that the portal can fetch."""

    def __init__(self, market: httpx.AsyncClient, peer: AwsPeer, signer: Signer) -> None:
        self.market, self.signer = market, signer
        self.certificate = f"{peer.url}{routes.SANDBOX_AWS_CERTIFICATE}"

    def message(self, text: str, *, topic: str = CN_TOPIC, **more: Any) -> bytes:
        fields: dict[str, Any] = {"SigningCertURL": self.certificate, "TopicArn": topic, "Timestamp": SENT} | more
        return self.signer.message(text, **fields)

    async def post(self, body: bytes) -> int:
        headers = {"content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"}
        return (await self.market.post(routes.AWS_EVENTS, content=body, headers=headers)).status_code


@pytest.fixture
def sns(market: httpx.AsyncClient, peer: AwsPeer, signer: Signer) -> Sns:
    return Sns(market, peer, signer)


def said(services: Services, product: str = "code0") -> Told:
    return Told("444455556666", services.clock.now() - timedelta(hours=1), product=product)


async def notices(services: Services) -> list[MarketplaceNotice]:
    async with services.database.reporting() as work:
        return list((await work.session.exec(select(MarketplaceNotice))).all())


async def count(services: Services) -> list[int]:
    async with services.database.reporting() as work:
        return [
            (await work.session.exec(select(func.count()).select_from(table))).one()
            for table in (MarketplaceNotice, Subscription, AwsFact)
        ]


async def state(services: Services, account: str, instance: str) -> SubscriptionState | None:
    found = await services.marketplaces.subscriptions.find(Provider.AWS, CloudClaim(account=account, instance=instance))
    return found.state if found else None


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_signed_action_is_taken_and_its_repeat_counted(services: Services, sns: Sns, version: str) -> None:
    body = sns.message(said(services).action("subscribe-success", "cust1"), version=version)
    assert [await sns.post(body) for _ in range(3)] == [200, 200, 200]
    assert await state(services, "cust1", "cust1") is SubscriptionState.LIVE
    [notice] = await notices(services)
    assert (notice.times, notice.outcome, notice.kind) == (3, NoticeOutcome.APPLIED, "subscribe-success")


async def test_an_event_that_a_topic_forwards_is_taken(services: Services, sns: Sns) -> None:
    told = said(services, "code1")
    for number, event in enumerate(told.bought()):
        body = sns.message(json.dumps(event), topic=INTL_TOPIC, number=f"m{number}", version="2")
        assert await sns.post(body) == 200
    assert await state(services, told.account, told.arn(1)) is SubscriptionState.LIVE


async def test_the_certificate_is_fetched_once(sns: Sns, services: Services, peer: AwsPeer) -> None:
    for number in range(3):
        await sns.post(sns.message(said(services).action("subscribe-success", f"c{number}"), number=f"m{number}"))
    assert peer.fetched == [routes.SANDBOX_AWS_CERTIFICATE]


async def test_what_cannot_be_verified_now_is_to_come_again(
    services: Services, sns: Sns, peer: AwsPeer, signer: Signer
) -> None:
    body = sns.message(said(services).action("subscribe-success", "cust1"))
    del peer.files[routes.SANDBOX_AWS_CERTIFICATE]
    assert await sns.post(body) == 503
    assert await count(services) == [0, 0, 0]
    peer.files[routes.SANDBOX_AWS_CERTIFICATE] = signer.pem
    assert await sns.post(body) == 200


async def test_what_aws_does_not_answer_for_is_to_come_again(services: Services, sns: Sns, peer: AwsPeer) -> None:
    await sns.post(sns.message(said(services).action("subscribe-success", "cust1"), number="m1"))
    peer.refusal = Refusal("InternalServiceErrorException", 500)
    update = sns.message(said(services).action("entitlement-updated", "cust1"), number="m2", topic=CN_ENTITLEMENTS)
    assert await sns.post(update) == 503
    peer.refusal = None
    until = services.clock.now() + timedelta(days=30)
    entitlement = {"ProductCode": "code0", "Dimension": "d", "Value": {"IntegerValue": 1}}
    peer.entitled.append({**entitlement, "ExpirationDate": until.timestamp()})
    assert await sns.post(update) == 200
    found = await services.marketplaces.subscriptions.find(Provider.AWS, CloudClaim(account="cust1", instance="cust1"))
    assert found
    assert found.expires_at == until


async def test_what_aws_refuses_permanently_is_kept_for_a_person(services: Services, sns: Sns, peer: AwsPeer) -> None:
    await sns.post(sns.message(said(services).action("subscribe-success", "cust1"), number="m1"))
    peer.refusal = Refusal("AccessDeniedException")
    update = sns.message(said(services).action("entitlement-updated", "cust1"), number="m2", topic=CN_ENTITLEMENTS)
    assert await sns.post(update) == 200
    notice = next(one for one in await notices(services) if one.key == "m2")
    assert (notice.outcome, notice.detail) == (NoticeOutcome.FAILED, "notice_detail.aws_refused")


async def test_a_subscription_of_ours_is_confirmed(services: Services, sns: Sns, peer: AwsPeer) -> None:
    peer.files["/sandbox/aws/confirm"] = b"<ok/>"
    url = f"{peer.url}/sandbox/aws/confirm?Token=token"
    body = sns.message("You have chosen", kind=SnsKind.SUBSCRIBE, SubscribeURL=url)
    assert await sns.post(body) == 200
    assert "/sandbox/aws/confirm?Token=token" in peer.fetched
    [notice] = await notices(services)
    assert notice.outcome is NoticeOutcome.APPLIED
    assert "token" not in notice.payload


async def test_only_our_own_subscription_is_confirmed(services: Services, sns: Sns, peer: AwsPeer) -> None:
    peer.files["/evil"] = b""
    evil = sns.message("x", kind=SnsKind.SUBSCRIBE, SubscribeURL=f"{peer.url}/evil")
    assert await sns.post(evil) == 200
    foreign = sns.message(
        "x", kind=SnsKind.SUBSCRIBE, topic="arn:aws:sns:us-east-1:999999999999:aws-mp-subscription-notification-code0"
    )
    assert await sns.post(foreign) == 403
    assert "/evil" not in peer.fetched
    [notice] = await notices(services)
    assert notice.outcome is NoticeOutcome.REFUSED


@pytest.mark.parametrize(
    "topic",
    [
        "arn:aws-cn:sns:cn-northwest-1:999999999999:aws-mp-subscription-notification-code0",
        "arn:aws-cn:sns:cn-northwest-1:287250355862:aws-mp-subscription-notification-another",
        "",
    ],
)
async def test_a_signed_message_of_anybodys_own_topic_is_refused(
    services: Services, sns: Sns, peer: AwsPeer, topic: str
) -> None:
    body = sns.message(said(services).action("subscribe-success", "cust1"), topic=topic)
    assert await sns.post(body) == 403
    assert await count(services) == [0, 0, 0]
    assert peer.fetched == []


async def test_the_product_in_the_text_must_be_ours_too(services: Services, sns: Sns) -> None:
    body = sns.message(said(services, "another").action("subscribe-success", "cust1"))
    assert await sns.post(body) == 200
    [notice] = await notices(services)
    assert notice.outcome is NoticeOutcome.REFUSED
    assert await state(services, "cust1", "cust1") is None


async def test_a_text_that_says_nothing_is_kept_for_operators(services: Services, sns: Sns) -> None:
    assert await sns.post(sns.message("hello")) == 200
    [notice] = await notices(services)
    assert notice.outcome is NoticeOutcome.FAILED


async def test_a_thousand_forged_events_change_nothing(services: Services, sns: Sns, peer: AwsPeer) -> None:
    dice, stranger = random.Random(2026), Signer()
    good = json.loads(sns.message(said(services).action("unsubscribe-success", "cust1")))
    by_stranger = json.loads(stranger.signed({name: value for name, value in good.items() if name != "Signature"}))
    urls = [CERTIFICATE_URL.replace("amazonaws.com", "evil.example"), "http://127.0.0.1:1/x", "", sns.certificate]
    host = "https://sns.us-east-1.amazonaws.com"
    strange = [CERTIFICATE_URL.replace(host, f"{host}{more}") for more in (":443", ":8443", "@evil.example")]
    strange += [CERTIFICATE_URL.replace("https://", "https://user:word@")]
    strange += [CERTIFICATE_URL + more for more in ("?", "?x=1", "#x", ";x", "?" + "a" * 70_000, "#" + "a" * 70_000)]
    strange += [CERTIFICATE_URL.replace(".pem", f"{'a' * length}.pem") for length in (64, 3000, 70_000)]
    strange += [sns.certificate + more for more in ("?", "?x=1", "#x", "/")]
    statuses: set[int] = set()
    for _ in range(1000):
        fields: dict[str, Any] = dict(by_stranger)
        match dice.randrange(6):
            case 0:
                fields = {**good, dice.choice(["Message", "MessageId", "Timestamp"]): f"x{dice.random()}"}
            case 1:
                fields["SigningCertURL"] = dice.choice(urls + strange)
            case 2:
                fields["Signature"] = dice.choice(["", "AAAA", "💥", good["Signature"][::-1]])
            case 3:
                del fields[dice.choice(list(fields))]
            case 4:
                fields[dice.choice(list(fields))] = dice.choice(WRONG)
            case _:
                pass
        body = json.dumps(fields).encode() if dice.random() < 0.9 else dice.randbytes(dice.randrange(300))
        statuses.add(await sns.post(body))
    assert statuses <= {400, 403}
    assert await count(services) == [0, 0, 0]
    assert set(peer.fetched) == {routes.SANDBOX_AWS_CERTIFICATE}


@pytest.mark.parametrize("more", ["?" + "a" * 70_000, "?x=1", "?", "#x"])
async def test_only_the_plain_address_of_a_certificate_is_fetched(services: Services, sns: Sns, more: str) -> None:
    body = sns.message(said(services).action("subscribe-success", "cust1"), SigningCertURL=CERTIFICATE_URL + more)
    # An address that is fetched, and cannot be, would be answered by 503.
    assert await sns.post(body) == 403


async def test_an_address_that_no_client_can_call_is_no_address_of_sns(services: Services) -> None:
    with pytest.raises(SnsForgedError):
        await services.marketplaces.aws.intake._fetch("https://sns.us-east-1.amazonaws.com/?" + "a" * 70_000)


async def test_many_messages_at_once_fetch_the_certificate_once(services: Services, sns: Sns, peer: AwsPeer) -> None:
    bodies = [sns.message(said(services).action("subscribe-success", f"c{n}"), number=f"m{n}") for n in range(8)]
    assert set(await asyncio.gather(*(sns.post(body) for body in bodies))) == {200}
    assert peer.fetched == [routes.SANDBOX_AWS_CERTIFICATE]


async def test_a_stranger_does_not_make_us_fetch_again_and_again(
    services: Services, sns: Sns, peer: AwsPeer, signer: Signer
) -> None:
    del peer.files[routes.SANDBOX_AWS_CERTIFICATE]
    body = sns.message(said(services).action("subscribe-success", "cust1"))
    assert {await sns.post(body) for _ in range(15)} == {503}
    assert len(peer.fetched) == 10
    peer.files[routes.SANDBOX_AWS_CERTIFICATE] = signer.pem
    async with arriving_from("192.0.2.99") as others:
        assert await Sns(others, peer, signer).post(body) == 200


async def test_more_than_sns_ever_sends_is_not_read(sns: Sns) -> None:
    assert await sns.post(b"x" * (LONGEST_MESSAGE + 1)) == 413
