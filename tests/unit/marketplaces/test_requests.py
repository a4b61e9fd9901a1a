"""What the SPI is asked, read strictly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guance_portal.marketplaces.aliyun.requests import (
    CreateInstance,
    ExpiredInstance,
    MalformedError,
    ReleaseInstance,
    RenewInstance,
    UpgradeInstance,
    Verify,
    parse,
    read_query,
)

BOUGHT = {
    "action": "createInstance",
    "aliUid": "1827000000004093",
    "orderBizId": "biz-1",
    "orderId": "order-1",
    "productCode": "cmgj000001",
    "skuId": "yuncode-1",
    "trial": "false",
    "token": "x",
}


def test_a_purchase_keeps_what_it_does_not_know() -> None:
    asked = parse({**BOUGHT, "expiredOn": "2026-12-31 23:59:59", "Count": "2", "template": "", "会员": "是"})
    assert isinstance(asked, CreateInstance)
    assert asked.extra == {"Count": "2", "template": "", "会员": "是"}
    assert asked.expires_at == datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert not asked.is_trial


def test_a_purchase_without_an_expiry_has_none() -> None:
    for expiry in ({}, {"expiredOn": ""}):
        asked = parse({**BOUGHT, **expiry})
        assert isinstance(asked, CreateInstance)
        assert asked.expires_at is None


@pytest.mark.parametrize(
    ("parameters", "asked"),
    [
        (
            {"action": "renewInstance", "instanceId": "i", "orderId": "o", "expiredOn": "2027-01-01 00:00:00"},
            RenewInstance(instance="i", order_id="o", expires_at=datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ),
        ({"action": "upgradeInstance", "instanceId": "i", "skuId": "s"}, UpgradeInstance(instance="i", sku="s")),
        ({"action": "expiredInstance", "instanceId": "i"}, ExpiredInstance(instance="i")),
        ({"action": "releaseInstance", "instanceId": "i", "isRefund": "true"}, ReleaseInstance(instance="i")),
        ({"action": "releaseInstance", "instanceId": "i"}, ReleaseInstance(instance="i")),
        (
            {"action": "verify", "instanceId": "i", "timeStamp": "2026-01-01 08:00:00"},
            Verify(instance="i", at=datetime(2026, 1, 1, tzinfo=UTC)),
        ),
        *(
            (
                {"action": "verify", "instanceId": "i", "timeStamp": said},
                Verify(instance="i", at=datetime(2026, 1, 1, tzinfo=UTC)),
            )
            for said in ("1767225600", "1767225600123")
        ),
    ],
)
def test_every_action_is_read(parameters: dict[str, str], asked: Any) -> None:
    assert parse(parameters) == asked


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action", ""),
        ("action", "bindInstance"),
        ("action", "CREATEINSTANCE"),
        ("aliUid", ""),
        ("aliUid", "１８２７"),
        ("aliUid", "1" * 65),
        ("aliUid", "1&2"),
        ("orderBizId", ""),
        ("orderBizId", "a&skuId=b"),
        ("orderBizId", "云"),
        ("orderBizId", "x" * 129),
        ("orderBizId", " "),
        ("trial", ""),
        ("trial", "1"),
        ("expiredOn", "2026-12-31"),
        ("expiredOn", "2026-13-01 00:00:00"),
        ("expiredOn", "2026-02-30 00:00:00"),
        ("expiredOn", "0001-01-01 00:00:00"),
        ("expiredOn", "２０２６-01-01 00:00:00"),
        ("expiredOn", "2026-01-01T00:00:00"),
    ],
)
def test_an_unusable_parameter_is_named(name: str, value: str) -> None:
    with pytest.raises(MalformedError, match=name):
        parse({**BOUGHT, name: value})


@pytest.mark.parametrize("action", ["renewInstance", "upgradeInstance", "expiredInstance", "releaseInstance", "verify"])
def test_what_concerns_an_instance_names_it(action: str) -> None:
    with pytest.raises(MalformedError, match="instanceId"):
        parse({"action": action, "orderId": "o", "skuId": "s"})


@pytest.mark.parametrize(
    "query",
    [
        b"action=verify&action=createInstance",
        b"a=%ff",
        "a=云".encode(),
        b"a=%00",
        b"%00=a",
        b"a%26b=1",
        b"a%3Db=1",
        b"a=" + b"1" * 9000,
        b"&".join(b"p%d=1" % number for number in range(101)),
        b"a=%ed%a0%80",
    ],
)
def test_a_query_that_could_mean_two_things_means_none(query: bytes) -> None:
    with pytest.raises(MalformedError):
        read_query(query)


def test_empty_values_count() -> None:
    assert read_query(b"a=&b=+x&c=%2B") == {"a": "", "b": " x", "c": "+"}
