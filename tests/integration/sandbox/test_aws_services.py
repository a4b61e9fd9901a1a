"""boto3 itself as the client of the AWS simulator: both identities, limits, hours, repetitions, error codes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from guance_portal.bootstrap import Services
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.aws.notices import Happening
from guance_portal.sandbox.rules import Sku, Term
from guance_portal.sandbox.shops import AWS_CREDENTIALS, Credentials
from guance_portal.sandbox.tables import SandboxPurchase
from tests.integration.sandbox.conftest import called


async def buy(services: Services, market: str, account: str, term: Term = Term.OPEN) -> SandboxPurchase:
    """Subscribe, and look at what was bought."""
    purchase_id = await services.sandbox.aws.subscribe(f"aws-{market}", account, Sku.STANDARD, term)
    return await look(services, purchase_id)


async def look(services: Services, purchase_id: str) -> SandboxPurchase:
    async with services.database.reading() as work:
        found = await work.session.get(SandboxPurchase, purchase_id)
    assert found
    return found


async def code_of(method: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        await called(method, **parameters)
    response: Any = cast("Any", refused.value).response
    return str(response["Error"]["Code"])


def product(services: Services, market: str) -> str:
    return services.sandbox.shops.aws(f"aws-{market}").product_code


def record(purchase: SandboxPurchase, **changes: Any) -> dict[str, Any]:
    who = (
        {"CustomerIdentifier": purchase.customer}
        if purchase.customer
        else {"CustomerAWSAccountId": purchase.account, "LicenseArn": purchase.instance}
    )
    return {"Timestamp": datetime.now(UTC), "Dimension": "usage_units", "Quantity": 17, **who, **changes}


@pytest.mark.parametrize("market", ["cn", "intl"])
async def test_a_token_names_its_buyer_in_the_shape_of_the_listing(
    beside: Services, client: Callable[..., Any], account: str, market: str
) -> None:
    bought = await buy(beside, market, account)
    token = await beside.sandbox.aws.set_up(f"aws-{market}", bought.id, BuyerArrival())
    resolve = client("meteringmarketplace", market).resolve_customer
    found = await called(resolve, RegistrationToken=token)
    assert found["ProductCode"] == product(beside, market)
    assert found["CustomerAWSAccountId"] == account
    if market == "cn":
        assert found["CustomerIdentifier"] == bought.customer
        assert "LicenseArn" not in found
    else:
        assert found["CustomerIdentifier"] == ""
        assert found["LicenseArn"] == bought.instance
        assert found["Metadata"]["AgreementId"] == bought.reference
    again = await called(resolve, RegistrationToken=token)
    assert again["CustomerAWSAccountId"] == account


async def test_tokens_that_are_no_good_have_their_own_codes(
    beside: Services, client: Callable[..., Any], account: str
) -> None:
    bought = await buy(beside, "cn", account)
    resolve = client("meteringmarketplace", "cn").resolve_customer
    expired = await beside.sandbox.aws.set_up("aws-cn", bought.id, BuyerArrival(is_expired=True))
    used = await beside.sandbox.aws.set_up("aws-cn", bought.id, BuyerArrival(is_used=True))
    foreign = await beside.sandbox.aws.set_up("aws-cn", bought.id, BuyerArrival(is_foreign=True))
    assert await code_of(resolve, RegistrationToken="nobody-made-this") == "InvalidTokenException"
    assert await code_of(resolve, RegistrationToken=expired) == "ExpiredTokenException"
    assert await code_of(resolve, RegistrationToken=used) == "ExpiredTokenException"
    assert (await called(resolve, RegistrationToken=foreign))["ProductCode"] != product(beside, "cn")
    other_market = client("meteringmarketplace", "intl").resolve_customer
    assert await code_of(other_market, RegistrationToken=foreign) == "InvalidTokenException"


@pytest.mark.parametrize("market", ["cn", "intl"])
async def test_the_same_hour_is_counted_once(
    beside: Services, client: Callable[..., Any], account: str, market: str
) -> None:
    bought = await buy(beside, market, account)
    meter = client("meteringmarketplace", market).batch_meter_usage
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    code = {"ProductCode": product(beside, market)} if market == "cn" else {}

    async def status(**changes: Any) -> tuple[str, str]:
        answer = await called(meter, UsageRecords=[record(bought, **{"Timestamp": hour, **changes})], **code)
        [result] = answer["Results"]
        assert answer["UnprocessedRecords"] == []
        return result["Status"], result.get("MeteringRecordId", "")

    first = await status()
    assert first[0] == "Success"
    assert await status() == first
    assert await status(Quantity=18) == ("DuplicateRecord", "")
    exact = record(bought, Timestamp=hour, QuantityAsDecimal="17.0")
    del exact["Quantity"]
    answer = await called(meter, UsageRecords=[exact], **code)
    assert answer["Results"][0]["MeteringRecordId"] == first[1]
    assert (await status(Dimension="bill_cents"))[1] != first[1]
    assert (await status(Timestamp=hour - timedelta(hours=1)))[1] != first[1]


async def test_two_requests_at_once_count_once(beside: Services, client: Callable[..., Any], account: str) -> None:
    bought = await buy(beside, "intl", account)
    meter, one = client("meteringmarketplace", "intl").batch_meter_usage, record(bought)
    answers = await asyncio.gather(*(called(meter, UsageRecords=[one, one]) for _ in range(4)))
    results = [result for answer in answers for result in answer["Results"]]
    assert Counter(result["Status"] for result in results) == {"Success": 8}
    assert len({result["MeteringRecordId"] for result in results}) == 1


async def test_limits_fail_the_whole_batch_with_the_services_own_codes(
    beside: Services, client: Callable[..., Any], account: str
) -> None:
    bought = await buy(beside, "cn", account)
    meter, code = client("meteringmarketplace", "cn").batch_meter_usage, product(beside, "cn")

    async def refused(*records: dict[str, Any], product_code: str = code) -> str:
        return await code_of(meter, UsageRecords=list(records), ProductCode=product_code)

    now, right = datetime.now(UTC), record(bought)
    assert await refused(right, product_code="another") == "InvalidProductCodeException"
    assert await refused(*(right for _ in range(26))) == "ValidationException"
    old, ahead = (record(bought, Timestamp=now + moved) for moved in (-timedelta(hours=25), timedelta(hours=1)))
    assert await refused(right, old) == "TimestampOutOfBoundsException"
    assert await refused(ahead) == "TimestampOutOfBoundsException"
    assert await refused(record(bought, Dimension="bananas")) == "InvalidUsageDimensionException"
    assert await refused(record(bought, CustomerIdentifier="NOBODY")) == "InvalidCustomerIdentifierException"
    both = record(bought, CustomerAWSAccountId=account)
    assert await refused(both) == "InvalidCustomerIdentifierException"
    shares = record(bought, UsageAllocations=[{"AllocatedUsageQuantity": 16}])
    assert await refused(shares) == "InvalidUsageAllocationsException"
    kinds = record(bought, UsageAllocations=[{"AllocatedUsageQuantityAsDecimal": "17"}])
    assert await refused(kinds) == "InvalidUsageAllocationsException"
    tag = {"Key": "team", "Value": "a"}
    twice = record(bought, UsageAllocations=[{"AllocatedUsageQuantity": 17, "Tags": [tag, tag]}])
    assert await refused(twice) == "InvalidTagException"
    # Nothing of a failed batch was counted.
    answer = await called(meter, UsageRecords=[record(bought, Quantity=1)], ProductCode=code)
    assert answer["Results"][0]["Status"] == "Success"


async def test_a_licence_is_metered_without_a_product_code_and_by_its_own_account(
    beside: Services, client: Callable[..., Any], account: str
) -> None:
    bought = await buy(beside, "intl", account)
    meter = client("meteringmarketplace", "intl").batch_meter_usage
    code = product(beside, "intl")
    assert await code_of(meter, UsageRecords=[record(bought)], ProductCode=code) == "InvalidProductCodeException"
    for wrong in ({"CustomerAWSAccountId": "1"}, {"LicenseArn": f"{bought.instance}0"}):
        assert await code_of(meter, UsageRecords=[record(bought, **wrong)]) == "InvalidLicenseException"


async def test_who_has_cancelled_is_metered_for_an_hour_and_then_not_subscribed(
    beside: Services, client: Callable[..., Any], account: str
) -> None:
    bought = await buy(beside, "intl", account)
    await beside.sandbox.aws.end("aws-intl", bought.id, Happening.CANCELLED)
    meter = client("meteringmarketplace", "intl").batch_meter_usage
    final = await called(meter, UsageRecords=[record(bought)])
    assert final["Results"][0]["Status"] == "Success"
    async with beside.database.writing() as work:
        row = await work.session.get(SandboxPurchase, bought.id)
        assert row
        row.updated_at -= timedelta(hours=2)
        await work.commit()
    late = await called(meter, UsageRecords=[record(bought, Dimension="bill_cents")])
    assert late["Results"][0]["Status"] == "CustomerNotSubscribed"


@pytest.mark.parametrize("market", ["cn", "intl"])
async def test_entitlements_are_filtered_paged_and_end(
    beside: Services, client: Callable[..., Any], account: str, market: str
) -> None:
    code, get = product(beside, market), client("marketplace-entitlement", market).get_entitlements
    bought = [await buy(beside, market, account, Term.MONTH) for _ in range(3)]
    mine = {"CUSTOMER_AWS_ACCOUNT_ID": [account]}
    page = await called(get, ProductCode=code, Filter=mine, MaxResults=2)
    assert len(page["Entitlements"]) == 2
    rest = await called(get, ProductCode=code, Filter=mine, MaxResults=2, NextToken=page["NextToken"])
    assert "NextToken" not in rest
    found = [*page["Entitlements"], *rest["Entitlements"]]
    names = {one.get("LicenseArn") or one["CustomerIdentifier"] for one in found}
    assert names == {one.instance for one in bought}
    assert all(one["ExpirationDate"] > datetime.now(UTC) + timedelta(days=27) for one in found)
    await beside.sandbox.aws.end(f"aws-{market}", bought[0].id, Happening.EXPIRED)
    assert len((await called(get, ProductCode=code, Filter=mine))["Entitlements"]) == 2
    assert await code_of(get, ProductCode="another") == "InvalidParameterException"
    assert await code_of(get, ProductCode=code, NextToken="mine") == "InvalidParameterException"
    nobody = await called(get, ProductCode=code, Filter={**mine, "DIMENSION": ["premium"]})
    assert nobody["Entitlements"] == []


async def test_only_the_right_key_opens_the_services(client: Callable[..., Any]) -> None:
    wrong = Credentials(key_id=AWS_CREDENTIALS.key_id, secret="another")
    unknown = Credentials(key_id="AKIANOBODY", secret=AWS_CREDENTIALS.secret)
    for one, region, code in (
        (wrong, "", "InvalidSignatureException"),
        (unknown, "", "UnrecognizedClientException"),
        (AWS_CREDENTIALS, "eu-west-1", "InvalidSignatureException"),
    ):
        resolve = client("meteringmarketplace", "cn", region=region, credentials=one).resolve_customer
        assert await code_of(resolve, RegistrationToken="x") == code


async def test_an_agreement_names_its_product_and_the_first_of_its_chain(
    beside: Services, client: Callable[..., Any], account: str
) -> None:
    bought, market = await buy(beside, "intl", account), beside.sandbox.aws
    other = await look(beside, await market.subscribe("aws-intl", account, Sku.STANDARD, Term.OPEN, is_other=True))
    await market.renew("aws-intl", bought.id)
    renewed = await look(beside, bought.id)
    describe = client("marketplace-agreement", "intl").describe_agreement
    found = {
        one: await called(describe, agreementId=one) for one in (bought.reference, renewed.reference, other.reference)
    }
    products = {one: said["proposalSummary"]["resources"][0]["id"] for one, said in found.items()}
    assert products[bought.reference] == products[renewed.reference] != products[other.reference]
    assert {one: (said["initialAgreementId"], said["status"]) for one, said in found.items()} == {
        bought.reference: (bought.reference, "RENEWED"),
        renewed.reference: (bought.reference, "ACTIVE"),
        other.reference: (other.reference, "ACTIVE"),
    }
    assert await code_of(describe, agreementId="agmt-unknown") == "ResourceNotFoundException"


async def test_the_other_product_has_neither_usage_nor_entitlements_of_ours(
    beside: Services, client: Callable[..., Any], account: str
) -> None:
    other = await beside.sandbox.aws.subscribe("aws-intl", account, Sku.STANDARD, Term.OPEN, is_other=True)
    bought = await look(beside, other)
    meter = client("meteringmarketplace", "intl").batch_meter_usage
    assert await code_of(meter, UsageRecords=[record(bought)]) == "InvalidLicenseException"
    entitled = client("marketplace-entitlement", "intl").get_entitlements
    asked = {"ProductCode": product(beside, "intl"), "Filter": {"LICENSE_ARN": [bought.instance]}}
    assert (await called(entitled, **asked))["Entitlements"] == []
