"""A message of SNS counts when SNS signed it, and when its certificate is where SNS keeps them."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.marketplaces.aws import sns
from guance_portal.marketplaces.aws.sns import SnsForgedError, SnsMalformedError
from tests.support.sns_signer import CERTIFICATE_URL, NOW, Signer

SIGNER, STRANGER = Signer(), Signer()


def verified(body: bytes, signer: Signer = SIGNER, *, trusted: tuple[str, ...] = ()) -> sns.SnsMessage:
    message = sns.read(body)

    async def fetch(_url: str) -> bytes:
        return signer.pem

    asyncio.run(sns.verify(message, fetch, now=NOW, trusted=trusted))
    return message


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("kind", list(sns.SnsKind))
def test_both_versions_of_the_signature_hold_for_every_kind(version: str, kind: sns.SnsKind) -> None:
    assert verified(SIGNER.message("text", kind=kind, version=version)).text == "text"


def test_a_subject_is_signed_too() -> None:
    body = SIGNER.message("text", Subject="hello")
    assert verified(body).text == "text"
    with pytest.raises(SnsForgedError):
        verified(json.dumps(json.loads(body) | {"Subject": "bye"}).encode())


@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp", "TopicArn"])
def test_nothing_that_is_signed_can_be_changed(field: str) -> None:
    fields = json.loads(SIGNER.message("text"))
    with pytest.raises(SnsForgedError):
        verified(json.dumps(fields | {field: fields[field] + "x"}).encode())


def test_a_notification_does_not_pass_for_a_confirmation() -> None:
    fields = json.loads(SIGNER.message("text"))
    other = fields | {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://x", "Token": "t"}
    with pytest.raises(SnsForgedError):
        verified(json.dumps(other).encode())


def test_somebody_elses_key_does_not_do() -> None:
    with pytest.raises(SnsForgedError):
        verified(STRANGER.message("text"))


@pytest.mark.parametrize("signature", ["", "not base64!", "AAAA", "汉"])
def test_rubbish_is_no_signature(signature: str) -> None:
    fields = json.loads(SIGNER.message("text"))
    with pytest.raises(SnsForgedError):
        verified(json.dumps(fields | {"Signature": signature}).encode())


@pytest.mark.parametrize("version", ["0", "3", ""])
def test_an_unknown_version_is_refused(version: str) -> None:
    fields = json.loads(SIGNER.message("text"))
    with pytest.raises(SnsForgedError):
        verified(json.dumps(fields | {"SignatureVersion": version}).encode())


def test_a_certificate_that_is_over_is_refused() -> None:
    old = Signer(ends=NOW - timedelta(seconds=1))
    with pytest.raises(SnsForgedError):
        verified(old.message("text"), old)


def test_what_is_no_certificate_is_refused() -> None:
    class Broken:
        pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

    with pytest.raises(SnsForgedError):
        verified(SIGNER.message("text"), Broken())  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "url",
    [
        CERTIFICATE_URL,
        "https://sns.cn-northwest-1.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
    ],
)
def test_amazons_certificates_stand_at_amazon(url: str) -> None:
    assert sns.is_certificate_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem",
        "https://evil.example/sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-0123456789abcdef.pem",
        "https://user@sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/../evil/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem/x",
        "https://sns.us-east-1.amazonaws.com\\@evil.example/SimpleNotificationService-0123456789abcdef.pem",
        "https://s3.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem#x",
        "https://sns.us-east-1.amazonaws.com/\nSimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?x=1",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?" + "a" * 70_000,
        "https://sns.us-east-1.amazonaws.com:443/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem;x",
        "https://[",
        "",
    ],
)
def test_no_other_address_passes_for_amazons(url: str) -> None:
    assert not sns.is_certificate_url(url)
    fields = json.loads(SIGNER.message("text")) | {"SigningCertURL": url}
    with pytest.raises(SnsForgedError):
        verified(json.dumps(fields).encode())


def test_the_sandboxs_certificate_is_trusted_by_its_whole_address() -> None:
    ours = "http://127.0.0.1:8000/sandbox/aws/sns.pem"
    body = SIGNER.message("text", SigningCertURL=ours)
    assert verified(body, trusted=(ours,)).certificate_url == ours
    with pytest.raises(SnsForgedError):
        verified(body)
    with pytest.raises(SnsForgedError):
        verified(body, trusted=(f"{ours}x",))


def test_a_subscription_is_confirmed_at_amazon_alone() -> None:
    assert sns.is_subscribe_url("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=x")
    for other in (
        "https://evil.example/?Action=ConfirmSubscription",
        "https://sns.us-east-1.amazonaws.com:8443/?Action=ConfirmSubscription",
        "https://user@sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription#x",
        "https://sns.us-east-1.amazonaws.com/?Token=" + "a" * 2048,
    ):
        assert not sns.is_subscribe_url(other)


@given(body=st.binary(max_size=200))
def test_rubbish_is_no_message(body: bytes) -> None:
    with pytest.raises(SnsMalformedError):
        sns.read(body)


@pytest.mark.parametrize("missing", ["Signature", "SigningCertURL", "MessageId", "Type", "Timestamp"])
def test_a_message_without_its_parts_is_none(missing: str) -> None:
    fields = json.loads(SIGNER.message("text"))
    del fields[missing]
    with pytest.raises(SnsMalformedError):
        sns.read(json.dumps(fields).encode())
