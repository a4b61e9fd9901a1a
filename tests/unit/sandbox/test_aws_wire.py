"""The wire of the AWS simulator, held to botocore: its serializer, its parser, its signer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.parsers
import botocore.serialize
import botocore.session
import pytest

from guance_portal.sandbox.aws import signature, wire
from guance_portal.sandbox.aws.signature import Call
from guance_portal.sandbox.aws.wire import AwsError
from guance_portal.sandbox.shops import AWS_CREDENTIALS

BOTOCORE: Any = SimpleNamespace(
    auth=botocore.auth,
    awsrequest=botocore.awsrequest,
    credentials=botocore.credentials,
    parsers=botocore.parsers,
    serialize=botocore.serialize,
    session=botocore.session,
)
NOW = datetime(2026, 7, 30, 4, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000/sandbox/aws/api/cn"
LICENCE = "arn:aws:license-manager::111122223333:license:l-0123456789abcdef"


def serialized(name: str, **parameters: Any) -> tuple[str, bytes]:
    """What botocore sends for an operation: its target header and its body."""
    service = "marketplace-entitlement" if name == "GetEntitlements" else "meteringmarketplace"
    model = BOTOCORE.session.get_session().get_service_model(service)
    serializer = BOTOCORE.serialize.create_serializer("json", include_validation=False)
    sent = serializer.serialize_to_request(parameters, model.operation_model(name))
    return sent["headers"]["X-Amz-Target"], sent["body"]


def record(**changes: Any) -> dict[str, Any]:
    return {"Timestamp": NOW, "Dimension": "usage_units", "Quantity": 3, "CustomerIdentifier": "ABC", **changes}


def code_of(name: str, **parameters: Any) -> str:
    """With which code the simulator refuses what botocore sends."""
    target, body = serialized(name, **parameters)
    with pytest.raises(AwsError) as refused:
        wire.read(wire.operation(target), body)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("ResolveCustomer", {"RegistrationToken": "x" * 2000}),
        ("BatchMeterUsage", {"ProductCode": "abc", "UsageRecords": [record() for _ in range(25)]}),
        (
            "BatchMeterUsage",
            {
                "UsageRecords": [
                    {
                        "Timestamp": NOW,
                        "Dimension": "usage_units",
                        "QuantityAsDecimal": "17.5",
                        "CustomerAWSAccountId": "123456789012",
                        "LicenseArn": LICENCE,
                        "UsageAllocations": [{"AllocatedUsageQuantityAsDecimal": "17.5"}],
                    }
                ]
            },
        ),
        ("GetEntitlements", {"ProductCode": "abc", "Filter": {"LICENSE_ARN": [LICENCE]}, "MaxResults": 25}),
    ],
)
def test_what_botocore_sends_is_read_as_it_was_meant(name: str, parameters: dict[str, Any]) -> None:
    target, body = serialized(name, **parameters)
    asked = wire.operation(target)
    assert asked.name == name
    found = wire.read(asked, body)
    assert set(found) == set(parameters)
    for sent, came in zip(parameters.get("UsageRecords", []), found.get("UsageRecords", []), strict=True):
        assert came["Timestamp"] == sent["Timestamp"].timestamp()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("BatchMeterUsage", {"UsageRecords": [record() for _ in range(26)]}),
        ("BatchMeterUsage", {"UsageRecords": [record(LicenseArn="not-an-arn")]}),
        ("BatchMeterUsage", {"UsageRecords": [record(Quantity=2**31)]}),
        ("BatchMeterUsage", {"UsageRecords": [record(Quantity=-1)]}),
        ("BatchMeterUsage", {"UsageRecords": [record(QuantityAsDecimal="1.1234567")]}),
        ("BatchMeterUsage", {"UsageRecords": [record(CustomerAWSAccountId="１２３")]}),
        ("BatchMeterUsage", {"UsageRecords": [record(Dimension="")]}),
        ("BatchMeterUsage", {"UsageRecords": [record(UsageAllocations=[])]}),
        ("BatchMeterUsage", {"ProductCode": "a b", "UsageRecords": []}),
        ("BatchMeterUsage", {}),
        ("ResolveCustomer", {"RegistrationToken": ""}),
        ("GetEntitlements", {"ProductCode": "abc", "MaxResults": 26}),
        ("GetEntitlements", {"ProductCode": "abc", "Filter": {"COLOUR": ["red"]}}),
        ("GetEntitlements", {"ProductCode": "abc", "Filter": {"DIMENSION": []}}),
        ("GetEntitlements", {"ProductCode": "abc", "NextToken": " "}),
    ],
)
def test_limits_that_botocore_itself_lets_pass_are_found(name: str, parameters: dict[str, Any]) -> None:
    assert code_of(name, **parameters) == "ValidationException"


@pytest.mark.parametrize("body", [b"", b"[]", b"nul", b'{"RegistrationToken": NaN}', b"\xff\xfe", b"1"])
def test_what_is_no_structure_is_refused_as_such(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        wire.read(wire.operation("AWSMPMeteringService.ResolveCustomer"), body)
    assert refused.value.code == "SerializationException"


@pytest.mark.parametrize("body", [b'{"RegistrationToken": 5}', b'{"RegistrationToken": "x", "More": 1}', b"{}"])
def test_missing_unknown_and_mistyped_members_are_found(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        wire.read(wire.operation("AWSMPMeteringService.ResolveCustomer"), body)
    assert refused.value.code == "ValidationException"


def test_a_moment_on_the_wire_is_a_number() -> None:
    body = json.dumps({"UsageRecords": [{"Timestamp": "2026-07-30T04:00:00Z", "Dimension": "usage_units"}]})
    with pytest.raises(AwsError) as refused:
        wire.read(wire.operation("AWSMPMeteringService.BatchMeterUsage"), body.encode())
    assert refused.value.code == "ValidationException"


@pytest.mark.parametrize(
    "target",
    ["", "ResolveCustomer", "AWSMPMeteringService.RegisterUsage", "AWSMPEntitlementService.ResolveCustomer", "x.y"],
)
def test_other_operations_do_not_exist(target: str) -> None:
    with pytest.raises(AwsError) as refused:
        wire.operation(target)
    assert refused.value.code == "UnknownOperationException"


def test_an_answer_that_the_model_does_not_allow_cannot_be_sent() -> None:
    asked = wire.operation("AWSMPMeteringService.ResolveCustomer")
    for wrong in ({"Customer": "x"}, {"CustomerAWSAccountId": "abc"}, {"LicenseArn": "x"}, {"ProductCode": 5}):
        with pytest.raises(ValueError, match="cannot answer"):
            wire.write(asked, wrong)
    with pytest.raises(ValueError, match="never answers"):
        wire.require_declared(asked, AwsError("InvalidLicenseException", ""))


def test_botocore_reads_answers_and_errors_as_they_are_meant() -> None:
    asked = wire.operation("AWSMPMeteringService.ResolveCustomer")
    body = wire.write(asked, {"CustomerIdentifier": "", "CustomerAWSAccountId": "123456789012", "LicenseArn": LICENCE})
    parser = BOTOCORE.parsers.create_parser("json")
    parsed = parser.parse({"status_code": 200, "headers": {}, "body": body}, asked.output_shape)
    assert (parsed["CustomerIdentifier"], parsed["LicenseArn"]) == ("", LICENCE)
    error = AwsError("ExpiredTokenException", "It has expired.")
    parsed = parser.parse({"status_code": 400, "headers": {}, "body": error.body()}, asked.output_shape)
    assert parsed["Error"]["Code"] == "ExpiredTokenException"
    assert parsed["Error"]["Message"] == "It has expired."


def signed(url: str = URL, secret: str = AWS_CREDENTIALS.secret, region: str = "cn-northwest-1") -> Call:
    """A call as botocore signs it now."""
    headers = {"X-Amz-Target": "AWSMPMeteringService.ResolveCustomer", "Content-Type": wire.CONTENT_TYPE}
    request = BOTOCORE.awsrequest.AWSRequest("POST", url, headers=headers, data=b"{}")
    key = BOTOCORE.credentials.Credentials(AWS_CREDENTIALS.key_id, secret)
    BOTOCORE.auth.SigV4Auth(key, "aws-marketplace", region).add_auth(request)
    prepared = request.prepare()
    came = {name.lower(): value for name, value in prepared.headers.items()}
    return Call(path=url.partition("8000")[2], headers={"host": "127.0.0.1:8000", **came}, body=b"{}")


def refused_with(call: Call, *, region: str = "cn-northwest-1", late: timedelta = timedelta()) -> str:
    with pytest.raises(AwsError) as refused:
        signature.check(call, AWS_CREDENTIALS, region, datetime.now(UTC) + late)
    return refused.value.code


@pytest.mark.parametrize("path", ["", "/", "/a%20b/~c"])
def test_what_botocore_signs_is_accepted(path: str) -> None:
    signature.check(signed(URL + path), AWS_CREDENTIALS, "cn-northwest-1", datetime.now(UTC))


def test_no_other_signature_is_accepted() -> None:
    call = signed()
    assert refused_with(Call(path=call.path, headers={}, body=call.body)) == "MissingAuthenticationTokenException"
    assert refused_with(signed(secret="another")) == "InvalidSignatureException"
    assert refused_with(call, region="us-east-1") == "InvalidSignatureException"
    assert refused_with(call, late=timedelta(minutes=6)) == "InvalidSignatureException"
    assert refused_with(Call(path=call.path, headers=call.headers, body=b"{ }")) == "InvalidSignatureException"
    assert refused_with(Call(path=f"{call.path}/x", headers=call.headers, body=b"{}")) == "InvalidSignatureException"
    other = {**call.headers, "x-amz-target": "AWSMPMeteringService.BatchMeterUsage"}
    assert refused_with(Call(path=call.path, headers=other, body=b"{}")) == "InvalidSignatureException"
    stolen = {**call.headers, "authorization": call.headers["authorization"].replace("AKIA", "AKIB")}
    assert refused_with(Call(path=call.path, headers=stolen, body=b"{}")) == "UnrecognizedClientException"
