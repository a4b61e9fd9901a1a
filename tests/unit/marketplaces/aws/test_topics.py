"""Which topics of SNS are heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guance_portal import routes
from guance_portal.core.actor import Realm
from guance_portal.marketplaces.aws.topics import topics_of
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.sandbox.aws import notices
from guance_portal.sandbox.aws.notices import Happening
from guance_portal.sandbox.rules import Channel, PurchaseState
from guance_portal.sandbox.shops import AwsShop, open_shops
from guance_portal.sandbox.tables import SandboxPurchase
from guance_portal.sites import Currency, Provider
from tests.support.sns_signer import NOW

INTL = AwsListing(
    id="aws-intl",
    provider=Provider.AWS,
    currency=Currency.USD,
    product_code="code1",
    url="https://aws.example",
    settings="PORTAL_AWS_INTL",
    endpoint_url="",
    entitlement_endpoint_url="",
    queue_url="",
    region="us-east-1",
    uses_licences=True,
)
CN = replace(INTL, id="aws-cn", region="cn-northwest-1", product_code="code0")


def test_the_international_marketplaces_topics_are_known() -> None:
    assert topics_of(INTL, is_sandbox=False) == {
        "arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-code1",
        "arn:aws:sns:us-east-1:287250355862:aws-mp-entitlement-notification-code1",
    }


def test_those_of_china_must_be_named() -> None:
    assert topics_of(CN, is_sandbox=False) == frozenset()
    named = replace(CN, topics=("arn:aws-cn:sns:cn-northwest-1:1:t",))
    assert topics_of(named, is_sandbox=False) == {"arn:aws-cn:sns:cn-northwest-1:1:t"}


def test_what_is_named_is_all_that_is_heard() -> None:
    named = replace(INTL, topics=("arn:aws:sns:us-east-1:1:t",))
    assert topics_of(named, is_sandbox=True) == {"arn:aws:sns:us-east-1:1:t"}


def test_the_sandbox_forwards_events_by_a_topic_of_its_own() -> None:
    forwarded = "arn:aws-cn:sns:cn-northwest-1:287250355862:agreement-events-code0"
    assert forwarded in topics_of(CN, is_sandbox=True)
    assert not {topic for topic in topics_of(INTL, is_sandbox=False) if "agreement" in topic}


@pytest.mark.parametrize("listing", [INTL, CN])
@pytest.mark.parametrize("happening", list(Happening))
def test_whatever_the_stand_in_says_comes_by_a_topic_that_is_heard(listing: AwsListing, happening: Happening) -> None:
    listing = replace(listing, uses_licences=listing is INTL)
    (shop,) = open_shops([], [listing], public_url="http://localhost:8000", port=8000)
    assert isinstance(shop, AwsShop)
    bought = SandboxPurchase(
        id="purc_1",
        listing_id=shop.id,
        account="111122223333",
        reference="agmt-1",
        instance="arn:aws:license-manager::1:license:l-1",
        customer="CUST",
        sku="standard",
        state=PurchaseState.LIVE,
        is_trial=False,
        answer="",
        created_at=NOW,
        updated_at=NOW,
    )
    said = [one.body["TopicArn"] for one in notices.of(shop, bought, happening, NOW) if one.channel is Channel.SNS]
    assert said
    assert set(said) <= topics_of(listing, is_sandbox=True)


@pytest.mark.parametrize("realm", [Realm.CONSOLE, Realm.FEE_CENTER])
def test_both_realms_lead_back_to_the_claim(realm: Realm) -> None:
    assert routes.safe_next(routes.MARKETPLACE_CLAIM, realm) == routes.MARKETPLACE_CLAIM
    assert routes.safe_next(f"/{routes.MARKETPLACE_CLAIM}", realm) == routes.home(realm)
    assert routes.safe_next(f"{routes.MARKETPLACE_CLAIM}/../..", realm) != routes.MARKETPLACE_CLAIM
