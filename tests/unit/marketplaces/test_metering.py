"""What is sent to the marketplaces, held to the official SDKs' own models, and what each answer means."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import botocore.serialize
import botocore.session
import httpx
import pytest
from alibabacloud_market20151101 import models as alibaba
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.validate import ParamValidator

from guance_portal.billing.clouds.ports import OutgoingRecord
from guance_portal.billing.clouds.rules import RecordReason, Verdict
from guance_portal.marketplaces.aliyun import acs3
from guance_portal.marketplaces.aliyun import metering as aliyun
from guance_portal.marketplaces.aliyun.acs3 import OpenApiCall, OpenApiKey
from guance_portal.marketplaces.aws import metering as aws
from guance_portal.marketplaces.listings import AliyunListing, AwsListing
from guance_portal.sandbox.aliyun.acs3 import Request, check
from guance_portal.sites import Currency, Provider

NOW = datetime(2026, 7, 1, 15, tzinfo=UTC)
LICENCE = "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef"
KEY = OpenApiKey(key_id="LTAI5tExample", secret="YourAccessKeySecret")


def record(**changes: Any) -> OutgoingRecord:
    known: dict[str, Any] = {
        "code": "MU-20260701-aws-0",
        "listing": "aws-cn",
        "account": "123456789012",
        "instance": LICENCE,
        "begins": NOW,
        "ends": datetime(2026, 7, 1, 16, tzinfo=UTC),
        "minor": 3_700,
    }
    return OutgoingRecord(**(known | changes))


def listing(*, uses_licences: bool) -> AwsListing:
    return AwsListing(
        id="aws-cn",
        provider=Provider.AWS,
        currency=Currency.CNY,
        product_code="code0",
        url="https://market.example",
        settings="PORTAL_AWS",
        endpoint_url="",
        entitlement_endpoint_url="",
        queue_url="",
        region="cn-northwest-1",
        uses_licences=uses_licences,
    )


ALIYUN = AliyunListing(
    id="aliyun-cn",
    provider=Provider.ALIYUN,
    currency=Currency.CNY,
    product_code="cmapi00060317",
    url="https://market.example",
    settings="PORTAL_ALIYUN",
    api_url="https://market.aliyuncs.com",
)


@pytest.mark.parametrize(
    ("uses_licences", "who"),
    [
        (True, {"CustomerAWSAccountId": "123456789012", "LicenseArn": LICENCE}),
        (False, {"CustomerIdentifier": LICENCE}),
    ],
)
def test_aws_is_sent_one_record_in_one_identity_as_botocores_model_has_it(
    uses_licences: bool,  # noqa: FBT001 - a table
    who: dict[str, str],
) -> None:
    asked = aws.request(listing(uses_licences=uses_licences), record())
    assert asked.get("ProductCode") == (None if uses_licences else "code0")
    (said,) = asked["UsageRecords"]
    assert said == {"Timestamp": NOW, "Dimension": "bill_cents", "Quantity": 3_700, **who}
    model: Any = cast("Any", botocore.session.get_session()).get_service_model("meteringmarketplace")
    operation = model.operation_model("BatchMeterUsage")
    assert not cast("Any", ParamValidator()).validate(asked, operation.input_shape).has_errors()
    made = cast("Any", botocore.serialize).create_serializer("json").serialize_to_request(asked, operation)
    assert made["headers"]["X-Amz-Target"] == "AWSMPMeteringService.BatchMeterUsage"
    assert json.loads(made["body"])["UsageRecords"][0]["Timestamp"] == int(NOW.timestamp())


def refusal(code: str, status: int = 400) -> ClientError:
    said = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(cast("Any", said), "BatchMeterUsage")


@pytest.mark.parametrize(
    ("problem", "verdict", "reason"),
    [
        (refusal("ThrottlingException"), Verdict.AGAIN, RecordReason.THROTTLED),
        (refusal("InvalidLicenseException"), Verdict.REFUSED, RecordReason.NO_SUBSCRIPTION),
        (refusal("InvalidCustomerIdentifierException"), Verdict.REFUSED, RecordReason.NO_SUBSCRIPTION),
        (refusal("TimestampOutOfBoundsException"), Verdict.LATE, RecordReason.OUT_OF_TIME),
        (refusal("InternalServiceErrorException", 500), Verdict.UNKNOWN, RecordReason.FAILED),
        (refusal("ServiceUnavailable", 503), Verdict.UNKNOWN, RecordReason.FAILED),
        (refusal("InvalidUsageDimensionException"), Verdict.AGAIN, RecordReason.NOT_CONFIGURED),
        (refusal("AccessDeniedException"), Verdict.AGAIN, RecordReason.NOT_CONFIGURED),
        (NoCredentialsError(), Verdict.AGAIN, RecordReason.NOT_CONFIGURED),
        (ConnectTimeoutError(endpoint_url="x"), Verdict.AGAIN, RecordReason.UNREACHABLE),
        (EndpointConnectionError(endpoint_url="x"), Verdict.AGAIN, RecordReason.UNREACHABLE),
        (ReadTimeoutError(endpoint_url="x"), Verdict.UNKNOWN, RecordReason.SILENT),
        (TimeoutError(), Verdict.UNKNOWN, RecordReason.SILENT),
    ],
)
def test_a_failed_call_to_aws_has_its_verdict(problem: Exception, verdict: Verdict, reason: RecordReason) -> None:
    found = aws.judged(problem)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"Results": [{"Status": "Success", "MeteringRecordId": "r"}], "UnprocessedRecords": []}, Verdict.ACCEPTED),
        ({"Results": [{"Status": "CustomerNotSubscribed"}], "UnprocessedRecords": []}, Verdict.REFUSED),
        ({"Results": [{"Status": "DuplicateRecord"}], "UnprocessedRecords": []}, Verdict.CONFLICT),
        ({"Results": [{"Status": "SomethingNew"}], "UnprocessedRecords": []}, Verdict.UNKNOWN),
        ({"Results": [], "UnprocessedRecords": [{"Dimension": "bill_cents"}]}, Verdict.AGAIN),
        ({"Metadata": "none"}, Verdict.AGAIN),
    ],
)
def test_an_answer_of_aws_has_its_verdict(answer: dict[str, Any], verdict: Verdict) -> None:
    assert aws.read(answer).verdict is verdict


def test_alibaba_is_sent_what_its_pages_and_its_sdk_have() -> None:
    begins = datetime(2026, 6, 30, 16, tzinfo=UTC)
    said = aliyun.metering(ALIYUN, record(begins=begins), "1000001")
    assert alibaba.PushMeteringDataRequest().from_map({"Metering": said}).to_map() == {"Metering": said}
    (one,) = json.loads(said)
    entity = {"Key": "Unit", "Value": "3700", "meteringAssit": "cmapi00060317-Unit-1"}
    times = {"StartTime": "1782835200", "EndTime": "1782921600"}
    assert one == {"InstanceId": "1000001", **times, "Entities": [entity]}


def test_a_call_to_alibaba_is_signed_as_a_service_checks_it() -> None:
    call = OpenApiCall(
        host="market.aliyuncs.com",
        action="PushMeteringData",
        version="2015-11-01",
        query={"Metering": '[{"a":"b c*"}]'},
    )
    headers = acs3.headers(call, KEY, NOW, "nonce")
    place = urlsplit(f"https://market.aliyuncs.com/?{acs3.query_text(call.query)}")
    query = [(name, value) for name, values in parse_qs(place.query).items() for value in values]
    asked = Request(method="POST", path="/", query=query, headers=headers)
    check(asked, KEY.key_id, KEY.secret, NOW)
    assert KEY.secret not in repr(KEY)


def test_the_published_vector_of_acs3() -> None:
    call = OpenApiCall(
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query={"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"},
    )
    at = datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC)
    found = acs3.headers(call, KEY, at, "3156853299f313e23d1673dc12e1703d")["authorization"]
    assert found.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


@pytest.mark.parametrize(
    ("status", "body", "verdict", "reason"),
    [
        (200, {"Success": True, "RequestId": "R"}, Verdict.ACCEPTED, None),
        (200, {"Success": False}, Verdict.UNKNOWN, RecordReason.FAILED),
        (200, None, Verdict.UNKNOWN, RecordReason.FAILED),
        (429, {"Code": "Throttling.User"}, Verdict.AGAIN, RecordReason.THROTTLED),
        (400, {"Code": "Throttling.User"}, Verdict.AGAIN, RecordReason.THROTTLED),
        (500, {"Code": "InternalError"}, Verdict.UNKNOWN, RecordReason.FAILED),
        (502, None, Verdict.UNKNOWN, RecordReason.FAILED),
        (404, {"Code": "InstanceNotExist"}, Verdict.REFUSED, RecordReason.NOT_SUBSCRIBED),
        (400, {"Code": "InstanceExpired"}, Verdict.REFUSED, RecordReason.NOT_SUBSCRIBED),
        (400, {"Code": "InvalidParameter.Metering"}, Verdict.AGAIN, RecordReason.NOT_CONFIGURED),
        (403, {"Code": "Forbidden"}, Verdict.AGAIN, RecordReason.NOT_CONFIGURED),
        (400, [], Verdict.AGAIN, RecordReason.NOT_CONFIGURED),
    ],
)
def test_an_answer_of_alibaba_has_its_verdict(
    status: int, body: Any, verdict: Verdict, reason: RecordReason | None
) -> None:
    content = b"<html>" if body is None else json.dumps(body).encode()
    found = aliyun.judged(httpx.Response(status, content=content))
    assert (found.verdict, found.reason) == (verdict, reason)
