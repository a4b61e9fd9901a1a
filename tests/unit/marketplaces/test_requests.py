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
        ("trial", "maybe"),
        ("expiredOn", "2026-12-31"),
        ("expiredOn", "31.12.2026"),
        ("expiredOn", "179"),
        ("expiredOn", "2026-13-01 00:00:00"),
        ("expiredOn", "2026-02-30 00:00:00"),
        ("expiredOn", "0001-01-01 00:00:00"),
        ("expiredOn", "２０２６-01-01 00:00:00"),
        ("expiredOn", "2026-01-01T00:00:00+25:00"),
        ("expiredOn", "2026-01-01T00:00:00+08:00x"),
    ],
)
def test_an_unusable_parameter_is_named(name: str, value: str) -> None:
    with pytest.raises(MalformedError, match=name) as refused:
        parse({**BOUGHT, name: value})
    assert refused.value.about == name


@pytest.mark.parametrize(
    "written",
    [
        "2026-12-31 23:59:59",
        "2026-12-31T23:59:59",
        "2026-12-31T23:59:59.000+0800",
        "2026-12-31T23:59:59+08:00",
        "2026-12-31T23:59:59 08:00",
        "2026-12-31T15:59:59Z",
        "2026-12-31T15:59:59.123Z",
        "2026-12-31 15:59:59Z",
        "1798732799",
        "1798732799000",
        " 1798732799000 ",
    ],
)
def test_an_expiry_is_read_however_it_is_written(written: str) -> None:
    asked = parse({**BOUGHT, "expiredOn": written})
    assert isinstance(asked, CreateInstance)
    assert asked.expires_at == datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "is_trial"), [("", False), ("False", False), ("0", False), ("TRUE", True), ("1", True)]
)
def test_what_is_said_of_a_trial(said: str, *, is_trial: bool) -> None:
    asked = parse({**BOUGHT, "trial": said})
    assert isinstance(asked, CreateInstance)
    assert asked.is_trial is is_trial


def test_a_purchase_may_lack_what_only_describes_it() -> None:
    asked = parse({name: said for name, said in BOUGHT.items() if name not in {"trial", "orderId", "skuId"}})
    assert isinstance(asked, CreateInstance)
    assert (asked.is_trial, asked.order_id, asked.sku) == (False, "", "")


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
