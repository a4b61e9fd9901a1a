"""Alibaba's two signatures, by the published vectors and by what must not pass."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal.sandbox.aliyun import acs3, spi
from guance_portal.sandbox.aliyun.acs3 import OpenApiError, Request

# The example that Alibaba publishes for its request structure V3.
DATE = datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC)
SIGNED = ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"]
PUBLISHED = Request(
    method="POST",
    path="/",
    query=[("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")],
    headers={
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    },
)
SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
KEY, SECRET = "YourAccessKeyId", "YourAccessKeySecret"


def with_signature(request: Request, signature: str = SIGNATURE, names: str = ";".join(SIGNED)) -> Request:
    line = f"ACS3-HMAC-SHA256 Credential={KEY},SignedHeaders={names},Signature={signature}"
    return replace(request, headers={**request.headers, "authorization": line})


def test_acs3_is_what_alibaba_published() -> None:
    assert acs3.signature(PUBLISHED, SIGNED, SECRET) == SIGNATURE
    acs3.check(with_signature(PUBLISHED), KEY, SECRET, DATE)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (PUBLISHED, "IncompleteSignature"),
        (with_signature(PUBLISHED, names="host"), "IncompleteSignature"),
        (with_signature(PUBLISHED, SIGNATURE.replace("0", "1")), "SignatureDoesNotMatch"),
        (with_signature(replace(PUBLISHED, method="GET")), "SignatureDoesNotMatch"),
        (with_signature(replace(PUBLISHED, path="/x")), "SignatureDoesNotMatch"),
        (with_signature(replace(PUBLISHED, query=PUBLISHED.query[:1])), "SignatureDoesNotMatch"),
        (with_signature(replace(PUBLISHED, body=b"x")), "InvalidContentSha256"),
    ],
)
def test_a_request_that_was_changed_is_refused(request_: Request, code: str) -> None:
    with pytest.raises(OpenApiError) as refused:
        acs3.check(request_, KEY, SECRET, DATE)
    assert refused.value.code == code


def test_another_key_and_another_time_are_refused() -> None:
    with pytest.raises(OpenApiError) as refused:
        acs3.check(with_signature(PUBLISHED), "SomebodyElse", SECRET, DATE)
    assert refused.value.code == "InvalidAccessKeyId.NotFound"
    for moment in (DATE + timedelta(minutes=16), DATE - timedelta(minutes=16)):
        with pytest.raises(OpenApiError) as refused:
            acs3.check(with_signature(PUBLISHED), KEY, SECRET, moment)
        assert refused.value.code == "InvalidTimeStamp.Expired"


def test_the_token_of_the_spi_is_the_published_rule() -> None:
    assert spi.token({"p3": "3", "p1": "1", "p2": "2"}, "isvkey") == "691b1c2be27485a87fb000de6f89f1d3"


def test_the_token_is_made_of_what_is_meant_and_not_of_its_encoding() -> None:
    query = spi.signed({"a": "观 测&云", "B": "%20"}, "key")
    assert f"token={hashlib.md5('B=%20&a=观 测&云&key=key'.encode(), usedforsecurity=False).hexdigest()}" in query
    assert "观" not in query


def test_dates_of_the_spi_are_those_of_hangzhou() -> None:
    assert spi.date(datetime(2026, 7, 30, 16, 30, tzinfo=UTC)) == "2026-07-31 00:30:00"
