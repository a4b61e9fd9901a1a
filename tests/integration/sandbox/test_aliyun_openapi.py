"""The official Alibaba SDK as the client of the simulator: its signature, what it reads, what is refused."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import alibabacloud_market20151101.client
import alibabacloud_market20151101.models
import alibabacloud_tea_openapi.utils_models
import httpx
import pytest
from darabonba.exceptions import DaraException

from guance_portal.bootstrap import Services
from guance_portal.sandbox.rules import Sku, Term
from guance_portal.sandbox.shops import ALIYUN_CREDENTIALS
from guance_portal.sandbox.tables import SandboxPurchase
from tests.support.portal_server import PortalServer

SDK: Any = SimpleNamespace(
    client=alibabacloud_market20151101.client,
    models=alibabacloud_market20151101.models,
    config=alibabacloud_tea_openapi.utils_models,
)


def sdk(portal: PortalServer, secret: str = ALIYUN_CREDENTIALS.secret) -> Any:
    """The official client, told our host in the place of market.aliyuncs.com."""
    config = SDK.config.Config(
        access_key_id=ALIYUN_CREDENTIALS.key_id,
        access_key_secret=secret,
        endpoint=f"127.0.0.1:{portal.port}",
        protocol="HTTP",
        connect_timeout=5000,
        read_timeout=20000,
    )
    return SDK.client.Client(config)


async def bought(services: Services, uid: str, market: str = "cn", term: Term = Term.OPEN) -> SandboxPurchase:
    purchase_id = await services.sandbox.aliyun.subscribe(f"aliyun-{market}", uid, Sku.STANDARD, term)
    async with services.database.reading() as work:
        found = await work.session.get(SandboxPurchase, purchase_id)
    assert found
    return found


async def describe(client: Any, instance: str) -> Any:
    asked = SDK.models.DescribeInstanceForIsvRequest(instance_id=instance)
    return (await asyncio.to_thread(client.describe_instance_for_isv, asked)).body


async def push(client: Any, metering: Any) -> Any:
    said = metering if isinstance(metering, str) else json.dumps(metering)
    asked = SDK.models.PushMeteringDataRequest(metering=said)
    return (await asyncio.to_thread(client.push_metering_data, asked)).body


async def code_of(call: Any) -> str:
    with pytest.raises(DaraException) as refused:
        await call
    return str(cast("Any", refused.value).code)


def record(purchase: SandboxPurchase, **changes: Any) -> dict[str, Any]:
    end = datetime.now(UTC)
    entity = {"Key": "Unit", "Value": "3", "meteringAssit": "cmapi0-Unit-1"}
    times = {"StartTime": str(int((end - timedelta(minutes=10)).timestamp())), "EndTime": str(int(end.timestamp()))}
    return {"InstanceId": purchase.reference, **times, "Entities": [entity], **changes}


@pytest.mark.parametrize("market", ["cn", "intl"])
async def test_the_sdk_reads_what_was_bought(beside: Services, portal: PortalServer, uid: str, market: str) -> None:
    purchase = await bought(beside, uid, market, Term.TRIAL)
    found = await describe(sdk(portal), purchase.reference)
    assert found.instance_id == int(purchase.reference)
    assert found.product_code == beside.sandbox.shops.aliyun(f"aliyun-{market}").product_code
    assert (found.product_sku_code, found.is_trial, found.product_type) == ("standard", True, "APP")
    assert found.status in {"OPENING", "OPENED"}
    assert found.end_on - found.created_on == 14 * 86_400_000


async def test_only_the_right_key_opens_the_openapi(beside: Services, portal: PortalServer, uid: str) -> None:
    purchase = await bought(beside, uid)
    assert await code_of(describe(sdk(portal, "another"), purchase.reference)) == "SignatureDoesNotMatch"
    async with httpx.AsyncClient(base_url=portal.base) as visitor:
        bare = await visitor.post("/", headers={"x-acs-action": "DescribeInstanceForIsv"})
        assert (bare.status_code, bare.json()["Code"]) == (400, "IncompleteSignature")
        assert (await visitor.post("/")).status_code == 404


async def test_an_unknown_instance_and_an_unknown_operation_are_refused(portal: PortalServer) -> None:
    assert await code_of(describe(sdk(portal), "12345")) == "InstanceNotExist"
    asked = SDK.models.DescribeOrderForIsvRequest(order_id="1")
    unknown = asyncio.to_thread(sdk(portal).describe_order_for_isv, asked)
    assert await code_of(unknown) == "InvalidAction.NotFound"


async def test_usage_is_pushed_once_a_minute(beside: Services, portal: PortalServer, uid: str) -> None:
    purchase = await bought(beside, uid)
    assert (await push(sdk(portal), [record(purchase)])).success is True
    assert await code_of(push(sdk(portal), [record(purchase)])) == "Throttling.User"


@pytest.mark.parametrize(
    "changes",
    [
        {"StartTime": "1"},
        {"EndTime": "1"},
        {"StartTime": "soon"},
        {"Entities": []},
        {"Entities": [{"Key": "Bananas", "Value": "1", "meteringAssit": "x"}]},
        {"Entities": [{"Key": "Unit", "Value": "1.5", "meteringAssit": "x"}]},
        {"Entities": [{"Key": "Unit", "Value": "-1", "meteringAssit": "x"}]},
        {"Entities": [{"Key": "Unit", "Value": "1"}]},
        {"Entities": {}},
    ],
)
async def test_usage_that_does_not_fit_is_refused(
    beside: Services, portal: PortalServer, uid: str, changes: dict[str, Any]
) -> None:
    purchase = await bought(beside, uid)
    assert await code_of(push(sdk(portal), [record(purchase, **changes)])) == "InvalidParameter.Metering"


async def test_a_call_meters_one_instance_and_at_most_a_hundred_records(
    beside: Services, portal: PortalServer, uid: str
) -> None:
    one, other = await bought(beside, uid), await bought(beside, uid)
    for metering in ("", "{}", "[]", [5], [record(one), record(other)], [record(one)] * 101):
        assert await code_of(push(sdk(portal), metering)) == "InvalidParameter.Metering"
    assert (await push(sdk(portal), [record(one)] * 100)).success is True
