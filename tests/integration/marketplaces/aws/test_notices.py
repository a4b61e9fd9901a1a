"""Notices of AWS on real databases: any order, any repetition; renewals carry on, cancellations end."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, func, select

from guance_portal.bootstrap import Services
from guance_portal.marketplaces.aws import book
from guance_portal.marketplaces.aws.rules import GRACE
from guance_portal.marketplaces.notices import IncomingNotice, NoticeResult
from guance_portal.marketplaces.purchases import SubscriptionView
from guance_portal.marketplaces.rules import UNCLEAR, NoticeOutcome, NoticeSource
from guance_portal.marketplaces.tables import MarketplaceNotice
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import CloudState, SubscriptionState
from guance_portal.payers.tables import CloudAccount, WorkspacePayer
from guance_portal.sites import Provider
from tests.support.aws_peer import AwsPeer, Refusal
from tests.support.aws_told import Told
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler, settler

ACCOUNTS = (f"1111222{number:05}" for number in itertools.count())


def told(services: Services, product: str = "code1") -> Told:
    return Told(next(ACCOUNTS), services.clock.now() - timedelta(hours=2), product=product)


async def tell(services: Services, event: dict[str, Any], listing: str = "aws-intl") -> NoticeResult:
    key = f"{event['detail-type'].rpartition(' - ')[0]}:{event['detail']['requestId']}"
    incoming = IncomingNotice(
        source=NoticeSource.AWS_QUEUE, key=key, kind=key, listing_id=listing, payload={"body": event}
    )
    return await services.marketplaces.notices.receive(incoming, services.marketplaces.aws.book.apply)


async def say(services: Services, text: str, number: str, sent_at: str) -> NoticeResult:
    said = {"body": json.loads(text), "id": number, "sent_at": sent_at}
    incoming = IncomingNotice(source=NoticeSource.AWS_SNS, key=number, kind="x", listing_id="aws-cn", payload=said)
    return await services.marketplaces.notices.receive(incoming, services.marketplaces.aws.book.apply)


async def subscription(services: Services, account: str, instance: str) -> SubscriptionView | None:
    return await services.marketplaces.subscriptions.find(Provider.AWS, CloudClaim(account=account, instance=instance))


async def state(services: Services, account: str, instance: str) -> SubscriptionState | None:
    found = await subscription(services, account, instance)
    return found.state if found else None


async def cloud(services: Services, cloud_account_id: str) -> CloudAccount:
    async with services.database.reading() as work:
        return (await work.session.exec(select(CloudAccount).where(col(CloudAccount.id) == cloud_account_id))).one()


async def registered(here: Settler, said: Told, licence: int = 1) -> str:
    """Somebody registers the licence, and it pays for the workspace."""
    services, claim = here.services, CloudClaim(account=said.account, instance=said.arn(licence))
    cloud_account_id = await services.cloud_accounts.register(
        here.owner, Provider.AWS, claim, workspace_id=here.workspace_id, is_proven=True
    )
    async with services.database.writing() as work:
        payer = await work.session.get(WorkspacePayer, here.workspace_id)
        assert payer
        method = (await work.session.exec(select(CloudAccount).where(col(CloudAccount.id) == cloud_account_id))).one()
        payer.method, payer.cloud_account_id = type(payer.method)(method.provider), cloud_account_id
        await work.commit()
    return cloud_account_id


async def pays(here: Settler) -> str | None:
    async with here.services.database.reading() as work:
        payer = await work.session.get(WorkspacePayer, here.workspace_id)
    assert payer
    return payer.cloud_account_id


@pytest.fixture
async def here(services: Services) -> Settler:
    """A workspace that is charged in USD."""
    return await settler(services, site="us1")


async def test_a_purchase_is_kept_and_a_repeat_counted(services: Services) -> None:
    said = told(services)
    created, licensed = said.bought()
    assert (await tell(services, created)).outcome is NoticeOutcome.NOTHING_TO_DO
    first = await tell(services, licensed)
    again = await tell(services, licensed)
    assert (first.outcome, again.outcome, again.times) == (NoticeOutcome.APPLIED, NoticeOutcome.APPLIED, 2)
    found = await subscription(services, said.account, said.arn(1))
    assert found
    assert (found.state, found.reference) == (SubscriptionState.LIVE, f"agmt-{said.account}-1")


async def test_a_renewal_in_any_order_keeps_the_workspace_paid(here: Settler) -> None:
    services, orders = here.services, list(itertools.permutations(range(4)))
    dice = random.Random(7)
    for order in dice.sample(orders, 5):
        said = told(services)
        for event in said.bought():
            await tell(services, event)
        cloud_account_id = await registered(here, said)
        events = said.renewed()
        for number in (*order, dice.choice(order)):
            await tell(services, events[number])
            assert await pays(here) == cloud_account_id
        row = await cloud(services, cloud_account_id)
        assert (row.instance, row.state) == (said.arn(2), CloudState.LIVE)
        assert await state(services, said.account, said.arn(2)) is SubscriptionState.LIVE
        assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED
        cancelled = await tell(services, said.closed(2, "CANCELLED"))
        assert cancelled.outcome is NoticeOutcome.APPLIED
        assert await pays(here) is None


async def test_a_cancellation_in_any_order_ends_it_once(here: Settler) -> None:
    services = here.services
    for order in itertools.permutations(range(2)):
        said = told(services)
        for event in said.bought():
            await tell(services, event)
        cloud_account_id = await registered(here, said)
        events = said.cancelled()
        for number in (*order, 0, 1):
            await tell(services, events[number])
        assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED
        assert (await cloud(services, cloud_account_id)).state is CloudState.CLOSED
        assert await pays(here) is None


async def test_all_of_a_cancelled_purchase_may_come_backwards(services: Services) -> None:
    for order in random.Random(5).sample(list(itertools.permutations(range(4))), 8):
        said = told(services)
        events = [*said.bought(), *said.cancelled()]
        for number in order:
            await tell(services, events[number])
        assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED


async def test_two_at_once_agree(services: Services) -> None:
    said = told(services)
    events = [*said.bought(), *said.cancelled()]
    await asyncio.gather(*(tell(services, event) for event in [*events, *events]))
    assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED


async def test_two_processes_at_once_agree(services: Services, portal_settings: Any, clock: MovableClock) -> None:
    from guance_portal import bootstrap

    other = bootstrap.build(portal_settings, clock=clock)
    try:
        for _ in range(5):
            said = told(services)
            events = [*said.bought(), *said.cancelled()]
            both = [tell(where, event) for where in (services, other) for event in events]
            random.Random(3).shuffle(both)
            await asyncio.gather(*both)
            assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED
    finally:
        await other.close()


async def test_a_licence_taken_away_without_a_word_ends_after_a_while(here: Settler, clock: MovableClock) -> None:
    services, said = here.services, told(here.services)
    for event in said.bought():
        await tell(services, event)
    cloud_account_id = await registered(here, said)
    await tell(services, said.unlicensed(1))
    await services.marketplaces.aws.book.settle_overdue()
    assert await pays(here) == cloud_account_id
    clock.move(seconds=GRACE.total_seconds())
    await services.marketplaces.aws.book.settle_overdue()
    assert await pays(here) is None
    assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED


async def test_an_account_with_two_subscriptions_is_left_to_a_person(here: Settler) -> None:
    services, said = here.services, told(here.services)
    for event in (*said.bought(), said.created(7), said.licensed(7, 7)):
        await tell(services, event)
    cloud_account_id = await registered(here, said)
    outcomes = [await tell(services, event) for event in said.renewed()]
    assert outcomes[-1].outcome is NoticeOutcome.FAILED
    assert outcomes[-1].detail == UNCLEAR
    assert await pays(here) == cloud_account_id
    assert await state(services, said.account, said.arn(7)) is SubscriptionState.LIVE


async def test_a_renewal_of_somebody_elses_agreement_leaves_a_running_one_alone(here: Settler) -> None:
    services, said = here.services, told(here.services)
    for event in said.bought():
        await tell(services, event)
    cloud_account_id = await registered(here, said)
    for event in (said.created(9, "RENEW"), said.licensed(9, 9)):
        assert (await tell(services, event)).outcome is not NoticeOutcome.FAILED
    assert (await cloud(services, cloud_account_id)).instance == said.arn(1)
    assert await pays(here) == cloud_account_id
    await tell(services, said.closed(1, "CANCELLED"))
    assert await pays(here) is None


async def test_an_event_of_another_product_changes_nothing(services: Services) -> None:
    said = told(services, product="foreign")
    _, licensed = [await tell(services, event) for event in said.bought()]
    assert (licensed.outcome, licensed.detail) == (NoticeOutcome.NOTHING_TO_DO, book.FOREIGN)
    assert await subscription(services, said.account, said.arn(1)) is None


async def test_entitlements_are_asked_for_and_move_the_end(services: Services, peer: AwsPeer) -> None:
    said, until = told(services), services.clock.now() + timedelta(days=365)
    peer.entitled.append(
        {
            "ProductCode": "code1",
            "Dimension": "premium",
            "LicenseArn": said.arn(1),
            "Value": {"IntegerValue": 1},
            "ExpirationDate": until.timestamp(),
        }
    )
    for event in said.bought():
        await tell(services, event)
    found = await subscription(services, said.account, said.arn(1))
    assert found
    assert (found.sku, found.expires_at) == ("premium", until)
    assert peer.asked[-1].parameters["Filter"] == {"LICENSE_ARN": [said.arn(1)]}


async def test_what_aws_did_not_answer_for_is_applied_when_it_comes_again(services: Services, peer: AwsPeer) -> None:
    said = told(services)
    created, licensed = said.bought()
    await tell(services, created)
    peer.refusal = Refusal("InternalServiceErrorException", 500)
    failed = await tell(services, licensed)
    assert (failed.outcome, failed.detail) == (NoticeOutcome.FAILED, book.SILENT)
    assert await state(services, said.account, said.arn(1)) is SubscriptionState.LIVE
    peer.refusal = None
    assert (await tell(services, licensed)).outcome is not NoticeOutcome.FAILED


SENT = {
    "subscribe-success": "2026-07-01T01:00:00Z",
    "unsubscribe-pending": "2026-07-01T02:00:00Z",
    "unsubscribe-success": "2026-07-01T03:00:00Z",
}


async def test_legacy_actions_count_by_their_time_in_any_order(services: Services) -> None:
    said = Told("x", services.clock.now(), product="code0")
    for index, order in enumerate(itertools.permutations(SENT)):
        customer = f"cust{index}"
        for name in (*order, order[0]):
            await say(services, said.action(name, customer), f"{customer}-{name}", SENT[name])
        assert await state(services, customer, customer) is SubscriptionState.RELEASED
        await say(services, said.action("subscribe-success", customer), f"{customer}-again", "2026-07-01T04:00:00Z")
        assert await state(services, customer, customer) is SubscriptionState.LIVE


async def test_events_end_an_older_product_where_sns_is_silent(services: Services) -> None:
    said = told(services, product="code0")
    payload = {"product": "code0", "account": said.account, "identifier": "custE", "licence": "", "agreement": ""}
    landed = IncomingNotice(
        source=NoticeSource.AWS_LANDING, key="k", kind="ResolveCustomer", listing_id="aws-cn", payload=payload
    )
    await services.marketplaces.notices.receive(landed, services.marketplaces.aws.book.apply)
    for event in said.bought():
        await tell(services, event, "aws-cn")
    assert await state(services, "custE", "custE") is SubscriptionState.LIVE
    for event in said.cancelled():
        await tell(services, event, "aws-cn")
    assert await state(services, "custE", "custE") is SubscriptionState.RELEASED


async def test_nothing_is_kept_twice(services: Services) -> None:
    said = told(services)
    events = [*said.bought(), *said.cancelled()]
    for event in (*events, *events, *events):
        await tell(services, event)
    async with services.database.reading() as work:
        number = (await work.session.exec(select(func.count()).select_from(MarketplaceNotice))).one()
    assert number == len(events)


def beside(said: Told) -> Told:
    """What the same account bought of another product of the same seller."""
    return Told(said.account, said._begin, product="another", name="x")


def product(agreement: str, code: str, root: str) -> dict[str, Any]:
    resources = [{"id": f"prod-{code}", "type": "SaaSProduct"}]
    chain = {"initialAgreementId": root} if root else {}
    return {"agreementId": agreement, "proposalSummary": {"resources": resources}, **chain}


async def test_another_product_renewed_with_ours_in_any_order_breaks_nothing(here: Settler) -> None:
    services, dice = here.services, random.Random(11)
    for is_known in (True, False, True, False):
        said = told(services)
        other = beside(said)
        for event in (*said.bought(), *(other.bought() if is_known else ())):
            await tell(services, event)
        cloud_account_id = await registered(here, said)
        events = [*said.renewed(), *other.renewed()]
        dice.shuffle(events)
        for event in events:
            await tell(services, event)
            assert await pays(here) == cloud_account_id
        row = await cloud(services, cloud_account_id)
        assert (row.instance, row.state) == (said.arn(2), CloudState.LIVE)
        assert await state(services, said.account, said.arn(1)) is SubscriptionState.RELEASED
        assert await subscription(services, said.account, other.arn(2)) is None


async def test_aws_is_asked_whose_agreement_it_is_and_the_answer_kept(here: Settler, peer: AwsPeer) -> None:
    services, said = here.services, told(here.services)
    other = beside(said)
    for event in said.bought():
        await tell(services, event)
    cloud_account_id = await registered(here, said)
    first, second = said.agreement(1), said.agreement(2)
    peer.agreements = {
        first: product(first, "code1", first),
        second: product(second, "code1", first),
        other.agreement(1): product(other.agreement(1), "another", other.agreement(1)),
    }
    *_, receipt = [await tell(services, event) for event in (other.closed(1, "RENEWED"), *said.renewed()[:3])]
    assert receipt.outcome is NoticeOutcome.APPLIED
    assert (await cloud(services, cloud_account_id)).instance == said.arn(2)
    asked = [one for one in peer.asked if one.operation == "DescribeAgreement"]
    assert len(asked) == 3
    await tell(services, said.closed(2, "CANCELLED"))
    assert [one for one in peer.asked if one.operation == "DescribeAgreement"] == asked
    assert await pays(here) is None


async def test_two_subscriptions_of_ours_are_told_apart_by_their_chains(here: Settler, peer: AwsPeer) -> None:
    services, said = here.services, told(here.services)
    for event in (*said.bought(), said.created(7), said.licensed(7, 7)):
        await tell(services, event)
    cloud_account_id = await registered(here, said)
    chains = {1: 1, 2: 1, 7: 7}
    peer.agreements = {
        said.agreement(one): product(said.agreement(one), "code1", said.agreement(root)) for one, root in chains.items()
    }
    for event in said.renewed():
        assert (await tell(services, event)).outcome is not NoticeOutcome.FAILED
    assert (await cloud(services, cloud_account_id)).instance == said.arn(2)
    assert await state(services, said.account, said.arn(7)) is SubscriptionState.LIVE


async def test_what_was_unclear_is_cleared_by_itself_once_aws_answers(
    here: Settler, peer: AwsPeer, clock: MovableClock
) -> None:
    services, said = here.services, told(here.services)
    other = beside(said)
    for event in said.bought():
        await tell(services, event)
    cloud_account_id = await registered(here, said)
    *_, receipt = [await tell(services, event) for event in (other.closed(1, "RENEWED"), *said.renewed()[:3])]
    assert (receipt.outcome, receipt.detail) == (NoticeOutcome.FAILED, UNCLEAR)
    assert await pays(here) == cloud_account_id
    peer.agreements = {
        one: product(one, "another" if one == other.agreement(1) else "code1", "")
        for one in (said.agreement(1), said.agreement(2), other.agreement(1))
    }
    clock.move(minutes=10)
    await services.marketplaces.notices.take_up()
    assert (await cloud(services, cloud_account_id)).instance == said.arn(2)
    async with services.database.reading() as work:
        left = select(MarketplaceNotice).where(col(MarketplaceNotice.outcome) == NoticeOutcome.FAILED)
        assert (await work.session.exec(left)).all() == []
