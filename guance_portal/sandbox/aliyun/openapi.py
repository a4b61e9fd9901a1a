"""The two operations of the Alibaba OpenAPI that a vendor needs: DescribeInstanceForIsv and PushMeteringData."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.sandbox import queries
from guance_portal.sandbox.aliyun import acs3
from guance_portal.sandbox.aliyun.acs3 import OpenApiError
from guance_portal.sandbox.numbers import unsure
from guance_portal.sandbox.rules import SLOW_SECONDS, Chance, PurchaseState, Whim
from guance_portal.sandbox.shops import AliyunShop, Shops
from guance_portal.sandbox.tables import SandboxPurchase, SandboxUsage

VERSION = "2015-11-01"
MOST_RECORDS = 100
PAUSE = timedelta(seconds=60)
"""Between two calls for one instance."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=25)
CHINA = timezone(timedelta(hours=8))
DEADLINE = timedelta(days=1, hours=1, minutes=59)
"""After the beginning of the day in which a period ends, for the product is billed by the day: its usage is taken until then."""
_MOMENT = timedelta(microseconds=1)
KEYS = frozenset(
    (
        "Frequency",
        "Period",
        "PeriodMin",
        "Storage",
        "NetworkIn",
        "NetworkOut",
        "Character",
        "DailyActiveUser",
        "VirtualCpu",
        "Unit",
        "Memory",
    )
)

_STATUS = {
    PurchaseState.ORDERED: "OPENING",
    PurchaseState.LIVE: "OPENED",
    PurchaseState.EXPIRED: "EXPIRED",
    PurchaseState.CANCELLED: "CLOSED",
    PurchaseState.RELEASED: "CLOSED",
}


class OpenApi:
    """Answers signed requests of a vendor."""

    def __init__(self, database: Database, clock: Clock, wall: Clock, *, shops: Shops) -> None:
        self._database, self._clock, self._wall, self._shops = database, clock, wall, shops

    async def answer(self, request: acs3.Request, key_id: str, secret: str) -> dict[str, Any]:
        """The body of the answer; raises OpenApiError."""
        acs3.check(request, key_id, secret, self._wall.now())
        if request.headers["x-acs-version"] != VERSION:
            raise OpenApiError("InvalidVersion", "Specified parameter Version is not valid.")
        action, asked = request.headers["x-acs-action"], dict(request.query)
        if action == "DescribeInstanceForIsv":
            return await self._describe(asked.get("InstanceId", ""))
        if action == "PushMeteringData":
            return await self._push(asked.get("Metering", ""))
        raise OpenApiError("InvalidAction.NotFound", "Specified api is not found.", status=404)

    async def _describe(self, instance: str) -> dict[str, Any]:
        async with self._database.reading() as work:
            purchase = await self._find(work, instance)
        await self._behave(purchase)
        said: dict[str, Any] = {
            "RequestId": _request_id(),
            "InstanceId": int(purchase.reference),
            "ProductCode": self._shops.aliyun(purchase.listing_id).product_code,
            "ProductSkuCode": purchase.sku,
            "ProductType": "APP",
            "Status": _STATUS[purchase.state],
            "IsTrial": purchase.is_trial,
            "CreatedOn": _milliseconds(purchase.created_at),
            "BeganOn": _milliseconds(purchase.created_at),
            "AppJson": json.dumps(_app(purchase), ensure_ascii=False),
        }
        return {**said, "EndOn": _milliseconds(purchase.expires_at)} if purchase.expires_at else said

    async def _push(self, metering: str) -> dict[str, Any]:
        records, now = _records(metering), self._clock.now()
        for record in records:
            _check(record, now)
        instances = {str(record["InstanceId"]) for record in records}
        if len(instances) != 1:
            raise _unfit("one call meters one instance")
        async with self._database.writing() as work:
            purchase = await self._find(work, instances.pop())
            whims = await queries.whims(work, purchase.listing_id)
            chance = unsure(whims)
            _check_standing(purchase, records, whims)
            last = await queries.last_metered(work, purchase.id)
            if Whim.THROTTLES_USAGE in whims or (last and now - last < PAUSE):
                raise OpenApiError("Throttling.User", "One call a minute for one instance.", status=429)
            if chance is Chance.LOST:
                raise _internal()
            for record in records:
                said = json.dumps(record, ensure_ascii=False, sort_keys=True)
                key = str(
                    uuid.uuid4()
                )  # nothing is known to be recognized as a repetition: pushed twice is billed twice
                work.session.add(SandboxUsage(key=key, purchase_id=purchase.id, record_id=key, said=said, at=now))
            await work.commit()
        if chance is Chance.COUNTED:
            raise _internal()
        if Whim.SILENT_ON_USAGE in whims:
            await asyncio.sleep(SLOW_SECONDS)
        await self._behave(purchase)
        return {"RequestId": _request_id(), "Success": True}

    async def _find(self, work: UnitOfWork, instance: str) -> SandboxPurchase:
        """By the market's own number of it or by the vendor's, in whichever market it was bought."""
        for shop in self._shops:
            if isinstance(shop, AliyunShop) and instance:
                for name in ("reference", "instance"):
                    if found := await queries.matching(work, shop.id, **{name: instance}):
                        return found[0]
        raise OpenApiError("InstanceNotExist", "The instance does not exist.", status=404)

    async def _behave(self, purchase: SandboxPurchase) -> None:
        async with self._database.reading() as work:
            whims = await queries.whims(work, purchase.listing_id)
        if Whim.UNREACHABLE in whims:
            raise OpenApiError("ServiceUnavailable", "The service is unavailable.", status=503)
        if Whim.SLOW in whims:
            await asyncio.sleep(SLOW_SECONDS)


def _records(metering: str) -> list[dict[str, Any]]:
    try:
        found: Any = json.loads(metering)
    except (ValueError, RecursionError):
        raise _unfit("it is not JSON") from None
    if not isinstance(found, list) or not 0 < len(cast("list[Any]", found)) <= MOST_RECORDS:
        raise _unfit(f"it must be a list of 1 to {MOST_RECORDS}")
    needed = {"InstanceId", "StartTime", "EndTime", "Entities"}
    if any(not isinstance(one, dict) or set(cast("dict[str, Any]", one)) != needed for one in cast("list[Any]", found)):
        raise _unfit(f"a record has {', '.join(sorted(needed))}")
    return cast("list[dict[str, Any]]", found)


def _check(record: dict[str, Any], now: datetime) -> None:
    start, end = (_second(record[name]) for name in ("StartTime", "EndTime"))
    if not SHORTEST < end - start <= LONGEST:
        raise _unfit("EndTime must be more than five minutes after StartTime, and within a day")
    day = (end - _MOMENT).astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    if now >= day + DEADLINE or end > now + SHORTEST:
        raise _unfit("usage of a day is taken until 01:59 of the day that follows it")
    entities = record["Entities"]
    if not isinstance(entities, list) or not entities:
        raise _unfit("there must be Entities")
    for entity in cast("list[Any]", entities):
        _check_entity(entity)


def _check_standing(purchase: SandboxPurchase, records: list[dict[str, Any]], whims: frozenset[Whim]) -> None:
    """Usage after the hour in which the instance ended is not taken."""
    is_over = purchase.state in {PurchaseState.EXPIRED, PurchaseState.CANCELLED, PurchaseState.RELEASED}
    ended = purchase.updated_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if Whim.REFUSES_USAGE in whims or (is_over and any(_second(one["StartTime"]) >= ended for one in records)):
        raise OpenApiError("InstanceExpired", "The instance has expired or was released.")


def _check_entity(entity: Any) -> None:
    if not isinstance(entity, dict) or set(cast("dict[str, Any]", entity)) != {"Key", "Value", "meteringAssit"}:
        raise _unfit("an entity has Key, Value and meteringAssit")
    said = cast("dict[str, Any]", entity)
    if said["Key"] not in KEYS:
        raise _unfit(f"there is no key {said['Key']!s:.40}")
    if isinstance(said["Value"], bool) or not str(said["Value"]).isdecimal():
        raise _unfit("Value must be a whole number")


def _second(written: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(written)), UTC)
    except (ValueError, OverflowError, OSError):
        raise _unfit("times are Unix seconds") from None


def _internal() -> OpenApiError:
    return OpenApiError("InternalError", "The request processing has failed due to some unknown error.", status=500)


def _unfit(why: str) -> OpenApiError:
    return OpenApiError("InvalidParameter.Metering", f"Metering: {why}.")


def _app(purchase: SandboxPurchase) -> dict[str, Any]:
    try:
        return json.loads(purchase.answer).get("appInfo") or {}
    except (ValueError, AttributeError):
        return {}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _request_id() -> str:
    return str(uuid.uuid4()).upper()
