"""Our client against a real peer: the bytes botocore prescribes, both identities, pages, time, and every refusal."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import botocore.session
import pytest
from botocore import serialize
from prometheus_client import REGISTRY

from guance_portal.core.errors import PortalError
from guance_portal.marketplaces.aws import errors
from guance_portal.marketplaces.aws.client import AwsClient
from guance_portal.marketplaces.listings import AwsListing
from guance_portal.sites import Currency, Provider
from tests.support.aws_peer import Asked, AwsPeer, Refusal

CREDENTIALS = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "secret"}
LEGACY = {"ProductCode": "code1", "CustomerIdentifier": "cust1", "CustomerAWSAccountId": "111122223333"}
ARN = "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef"
NEW = {
    "ProductCode": "code1",
    "CustomerIdentifier": "",
    "CustomerAWSAccountId": "111122223333",
    "LicenseArn": ARN,
    "Metadata": {"AgreementId": "agmt-1"},
}


@pytest.fixture
def peer() -> Iterator[AwsPeer]:
    with AwsPeer() as peer:
        yield peer


def listing(url: str, *, uses_licences: bool) -> AwsListing:
    return AwsListing(
        id="aws-intl",
        provider=Provider.AWS,
        currency=Currency.USD,
        product_code="code1",
        url="https://aws.example/listing",
        settings="PORTAL_AWS_INTL",
        endpoint_url=url,
        entitlement_endpoint_url=url,
        queue_url="",
        region="us-east-1",
        uses_licences=uses_licences,
    )


@pytest.fixture
async def client(peer: AwsPeer) -> AsyncIterator[Callable[..., AwsClient]]:
    made: list[AwsClient] = []

    def make(*, uses_licences: bool = True, url: str = "") -> AwsClient:
        made.append(AwsClient(listing(url or peer.url, uses_licences=uses_licences), CREDENTIALS))
        return made[-1]

    yield make
    for one in made:
        one.close()


async def test_older_products_name_the_customer(peer: AwsPeer, client: Callable[..., AwsClient]) -> None:
    peer.tokens["t"] = LEGACY
    found = await client(uses_licences=False).resolve("t")
    assert (found.identifier, found.account, found.licence, found.agreement) == ("cust1", "111122223333", "", "")


async def test_newer_products_name_account_and_licence(peer: AwsPeer, client: Callable[..., AwsClient]) -> None:
    peer.tokens["t"] = NEW
    found = await client().resolve("t")
    assert (found.identifier, found.account, found.licence, found.agreement) == ("", "111122223333", ARN, "agmt-1")


@pytest.mark.parametrize(("uses_licences", "answer"), [(True, LEGACY), (False, NEW)])
async def test_an_identity_of_the_other_shape_is_none(
    peer: AwsPeer, client: Callable[..., AwsClient], *, uses_licences: bool, answer: dict[str, Any]
) -> None:
    peer.tokens["t"] = answer
    with pytest.raises(errors.AwsTokenInvalidError):
        await client(uses_licences=uses_licences).resolve("t")


async def test_another_product_is_not_ours(peer: AwsPeer, client: Callable[..., AwsClient]) -> None:
    peer.tokens["t"] = NEW | {"ProductCode": "another"}
    with pytest.raises(errors.AwsProductForeignError):
        await client().resolve("t")


def prescribed(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    return cast("Any", serialize).create_serializer("json", True).serialize_to_request(parameters, model)


def assert_prescribed(asked: Asked, service: str, operation: str, parameters: dict[str, Any]) -> None:
    wanted = prescribed(service, operation, parameters)
    assert json.loads(asked.body) == json.loads(wanted["body"])
    assert asked.body == wanted["body"]
    for name, value in wanted["headers"].items():
        assert asked.headers[name.lower()] == value
    scope = asked.headers["authorization"].partition("Credential=")[2].partition(",")[0]
    assert scope.split("/")[2:] == ["us-east-1", "aws-marketplace", "aws4_request"]


async def test_the_bytes_of_our_calls_are_those_botocore_prescribes(
    peer: AwsPeer, client: Callable[..., AwsClient]
) -> None:
    peer.tokens["tok+en/=="] = NEW
    ours = client()
    await ours.resolve("tok+en/==")
    await ours.entitlements(licence=ARN)
    await ours.entitlements(identifier="cust1")
    resolve, by_licence, by_identifier = peer.asked
    assert_prescribed(resolve, "meteringmarketplace", "ResolveCustomer", {"RegistrationToken": "tok+en/=="})
    asked = {"ProductCode": "code1", "Filter": {"LICENSE_ARN": [ARN]}, "MaxResults": 25}
    assert_prescribed(by_licence, "marketplace-entitlement", "GetEntitlements", asked)
    asked = {"ProductCode": "code1", "Filter": {"CUSTOMER_IDENTIFIER": ["cust1"]}, "MaxResults": 25}
    assert_prescribed(by_identifier, "marketplace-entitlement", "GetEntitlements", asked)


async def test_every_page_of_the_entitlements_is_read(peer: AwsPeer, client: Callable[..., AwsClient]) -> None:
    def pages(asked: Asked) -> dict[str, Any]:
        number = int(asked.parameters.get("NextToken", "0"))
        entitlement = {
            "ProductCode": "code1",
            "Dimension": f"d{number}",
            "Value": {"IntegerValue": number},
            "ExpirationDate": 1_800_000_000 + number,
        }
        return {"Entitlements": [entitlement], **({"NextToken": str(number + 1)} if number < 2 else {})}

    peer.answers = pages
    found = await client().entitlements(licence=ARN)
    assert [(one.dimension, one.value) for one in found] == [("d0", "0"), ("d1", "1"), ("d2", "2")]
    assert found[2].expires_at == datetime.fromtimestamp(1_800_000_002, UTC)


async def test_pages_without_end_come_to_one(peer: AwsPeer, client: Callable[..., AwsClient]) -> None:
    peer.answers = lambda _: {"Entitlements": [], "NextToken": "again"}
    with pytest.raises(errors.AwsSilentError):
        await client().entitlements(licence=ARN)
    assert len(peer.asked) == 20


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ExpiredTokenException", 400, errors.AwsTokenExpiredError),
        ("InvalidTokenException", 400, errors.AwsTokenInvalidError),
        ("ThrottlingException", 400, errors.AwsBusyError),
        ("TooManyRequestsException", 400, errors.AwsBusyError),
        ("Anything", 429, errors.AwsBusyError),
        ("InternalServiceErrorException", 500, errors.AwsSilentError),
        ("InternalServiceErrorException", 400, errors.AwsSilentError),
        ("ServiceUnavailable", 503, errors.AwsSilentError),
        ("DisabledApiException", 400, errors.AwsRefusedError),
        ("AccessDeniedException", 400, errors.AwsRefusedError),
        ("AccessDeniedException", 403, errors.AwsRefusedError),
        ("UnrecognizedClientException", 400, errors.AwsRefusedError),
        ("SomethingNewException", 400, errors.AwsRefusedError),
    ],
)
async def test_each_refusal_has_its_own_name(
    peer: AwsPeer, client: Callable[..., AwsClient], code: str, status: int, error: type[PortalError]
) -> None:
    peer.refusal = Refusal(code, status)
    with pytest.raises(error):
        await client().resolve("t")


async def test_what_aws_refuses_permanently_is_asked_once_and_counted(
    peer: AwsPeer, client: Callable[..., AwsClient]
) -> None:
    peer.refusal = Refusal("AccessDeniedException")
    before = refusals()
    with pytest.raises(errors.AwsRefusedError):
        await client().resolve("t")
    assert len(peer.asked) == 1
    assert refusals() == before + 1


async def test_without_credentials_nothing_is_asked_and_it_counts_as_refused(
    peer: AwsPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    before, ours = refusals(), AwsClient(listing(peer.url, uses_licences=True))
    with pytest.raises(errors.AwsRefusedError):
        await ours.resolve("t")
    ours.close()
    assert not peer.asked
    assert refusals() == before + 1


def refusals() -> float:
    """How many of our calls were refused for good."""
    return REGISTRY.get_sample_value("portal_aws_refusals_total", {"operation": "resolve_customer"}) or 0.0


@pytest.mark.parametrize("token", ["", "x" * 5000])
async def test_what_cannot_be_a_token_is_not_asked_about(
    peer: AwsPeer, client: Callable[..., AwsClient], token: str
) -> None:
    with pytest.raises(errors.AwsTokenInvalidError):
        await client().resolve(token)
    assert not peer.asked


async def test_an_unreachable_aws_is_told_at_once(client: Callable[..., AwsClient]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(errors.AwsSilentError):
            await client(url=url).resolve("t")
    assert time.monotonic() - began < 5


async def test_an_answer_of_aws_that_never_ends_is_given_up_within_ten_seconds_and_delays_no_other_work(
    peer: AwsPeer, client: Callable[..., AwsClient]
) -> None:
    peer.tokens["t"], peer.drips = NEW, True
    ours, began, beats = client(), time.monotonic(), 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.1)
            beats += 1

    beating = asyncio.create_task(beat())
    with pytest.raises(errors.AwsSilentError):
        await ours.resolve("t")
    took = time.monotonic() - began
    beating.cancel()
    assert took < 10
    assert beats > took * 5
