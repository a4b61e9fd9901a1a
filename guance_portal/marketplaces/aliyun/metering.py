"""PushMeteringData: one record a call, of one instance and day, and what the answers mean.

Alibaba knows no repetition: what is pushed twice is billed twice. So what was not answered is never sent again by itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import structlog

from guance_portal.billing.clouds.ports import OutgoingRecord
from guance_portal.billing.clouds.rules import MeteringAnswer, RecordReason, Verdict
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.aliyun import acs3
from guance_portal.marketplaces.aliyun.acs3 import OpenApiCall, OpenApiKey
from guance_portal.marketplaces.listings import AliyunListing
from guance_portal.sites import Provider

log = structlog.get_logger(__name__)

ACTION, VERSION = "PushMeteringData", "2015-11-01"
KEY = "Unit"
"""What the product is metered in: units of a hundredth of the listing's currency."""
_TIMEOUT = httpx.Timeout(10, connect=3)
_TOO_MANY, _OUTAGE = 429, 500


class AliyunUsageSender:
    """Sends records for the listings of 阿里云云市场; `wall` dates signatures, `keys` are those of each listing."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        listings: Mapping[str, AliyunListing],
        keys: Mapping[str, OpenApiKey],
    ) -> None:
        self._database, self._wall, self._listings, self._keys = database, wall, listings, keys

    @property
    def is_idempotent(self) -> bool:
        """No repetition is recognised."""
        return False

    async def send(self, record: OutgoingRecord) -> MeteringAnswer:
        """See `UsageSender`."""
        listing, key = self._listings.get(record.listing), self._keys.get(record.listing)
        if listing is None or key is None:
            return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.NOT_CONFIGURED)
        async with self._database.reading() as work:
            bought = await queries.by_pair(work, Provider.ALIYUN, record.account, record.instance)
        if bought is None or not bought.reference:
            return MeteringAnswer(verdict=Verdict.REFUSED, reason=RecordReason.NO_SUBSCRIPTION)
        return await self._push(listing, key, metering(listing, record, bought.reference))

    async def _push(self, listing: AliyunListing, key: OpenApiKey, said: str) -> MeteringAnswer:
        place = urlsplit(listing.api_url)
        call = OpenApiCall(host=place.netloc, action=ACTION, version=VERSION, query={"Metering": said})
        headers = acs3.headers(call, key, self._wall.now(), secrets.token_hex(16))
        url = f"{listing.api_url.rstrip('/')}/?{acs3.query_text(call.query)}"
        is_here = place.hostname == "127.0.0.1"
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=not is_here) as client:
                return judged(await client.post(url, headers=headers))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as problem:
            return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.UNREACHABLE, said=type(problem).__name__)
        except httpx.HTTPError as problem:
            log.warning("aliyun_metering_silent", problem=type(problem).__name__)
            return MeteringAnswer(verdict=Verdict.UNKNOWN, reason=RecordReason.SILENT, said=type(problem).__name__)


def metering(listing: AliyunListing, record: OutgoingRecord, market_instance: str) -> str:
    """The list of records as Alibaba has it: a JSON text in a parameter, times as Unix seconds, its own spelling."""
    entity = {"Key": KEY, "Value": str(record.minor), "meteringAssit": f"{listing.product_code}-{KEY}-1"}
    said = {
        "InstanceId": market_instance,
        "StartTime": str(int(record.begins.timestamp())),
        "EndTime": str(int(record.ends.timestamp())),
        "Entities": [entity],
    }
    return json.dumps([said], separators=(",", ":"))


def judged(answer: httpx.Response) -> MeteringAnswer:
    """What an answer means. Only `Success: true` is an acceptance; an outage may have come after the counting."""
    body = _body(answer)
    code, words = str(body.get("Code", "")), f"{body.get('Code', '')} {body.get('Message', '')}".strip()
    if answer.is_success and str(body.get("Success", "")).lower() == "true":
        return MeteringAnswer(verdict=Verdict.ACCEPTED, number=str(body.get("RequestId", "")))
    if answer.status_code == _TOO_MANY or code.startswith("Throttling"):
        return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.THROTTLED, said=words)
    if answer.status_code >= _OUTAGE or answer.is_success:
        return MeteringAnswer(verdict=Verdict.UNKNOWN, reason=RecordReason.FAILED, said=words)
    if code.startswith(("InstanceNotExist", "InstanceExpired", "InstanceClosed")):
        return MeteringAnswer(verdict=Verdict.REFUSED, reason=RecordReason.NOT_SUBSCRIBED, said=words)
    log.error("aliyun_refuses_us", action=ACTION, code=code)
    return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.NOT_CONFIGURED, said=words)


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
