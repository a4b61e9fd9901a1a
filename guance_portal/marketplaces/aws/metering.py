"""BatchMeterUsage: one record a call, in the identity that the listing has, and what the answers mean.

One record a call: one that is stale or wrong would fail its whole batch, and a call without an answer would leave 25 unknown.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import structlog

from guance_portal.billing.clouds.ports import OutgoingRecord
from guance_portal.billing.clouds.rules import MeteringAnswer, RecordReason, Verdict
from guance_portal.core import metrics
from guance_portal.marketplaces.aws.client import DEADLINE, THROTTLES, make_client
from guance_portal.marketplaces.listings import AwsListing

log = structlog.get_logger(__name__)

DIMENSION = "bill_cents"
"""What the product is metered in: hundredths of the listing's currency, at a price of 0.01 each."""
_THREADS = 4
_OUTAGE = 500
_GONE = frozenset({"InvalidLicenseException", "InvalidCustomerIdentifierException"})
_LATE = "TimestampOutOfBoundsException"


class AwsUsageSender:
    """Sends records for the listings of AWS Marketplace; `credentials` are those that boto3 is handed for a listing."""

    def __init__(
        self, listings: Mapping[str, AwsListing], credentials: Callable[[AwsListing], Mapping[str, str]]
    ) -> None:
        self._listings, self._credentials = listings, credentials
        self._threads = ThreadPoolExecutor(_THREADS, "aws-metering")
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()

    @property
    def is_idempotent(self) -> bool:
        """An identical record is counted once: per licence (or customer), dimension and hour."""
        return True

    async def send(self, record: OutgoingRecord) -> MeteringAnswer:
        """See `UsageSender`."""
        if not (listing := self._listings.get(record.listing)):
            return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.NOT_CONFIGURED)
        loop, asked = asyncio.get_running_loop(), request(listing, record)
        client = await loop.run_in_executor(self._threads, self._client, listing)
        try:
            async with asyncio.timeout(DEADLINE):
                found = await loop.run_in_executor(self._threads, lambda: client.batch_meter_usage(**asked))
        except Exception as problem:  # noqa: BLE001 - boto3 makes its exceptions at run time; each has its verdict
            return judged(problem)
        return read(found)

    def close(self) -> None:
        """Start nothing more; what is under way ends by its own time-outs."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _client(self, listing: AwsListing) -> Any:
        with self._making:
            if listing.id not in self._clients:
                # One try: boto3's own repetition would hide whether the first one was counted.
                self._clients[listing.id] = make_client(
                    "meteringmarketplace",
                    listing.region,
                    listing.endpoint_url,
                    self._credentials(listing),
                    tries=1,
                )
            return self._clients[listing.id]


def request(listing: AwsListing, record: OutgoingRecord) -> dict[str, Any]:
    """The parameters: account and licence without a product code, or the older customer identifier with it. Never both."""
    said = {"Timestamp": record.begins, "Dimension": DIMENSION, "Quantity": record.minor}
    if listing.uses_licences:
        return {"UsageRecords": [{**said, "CustomerAWSAccountId": record.account, "LicenseArn": record.instance}]}
    return {"UsageRecords": [{**said, "CustomerIdentifier": record.instance}], "ProductCode": listing.product_code}


def read(found: dict[str, Any]) -> MeteringAnswer:
    """What the answer to one record means."""
    results: list[dict[str, Any]] = found.get("Results") or []
    if not results:
        return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.NOT_PROCESSED, said="UnprocessedRecords")
    status = str(results[0].get("Status", ""))
    match status:
        case "Success":
            return MeteringAnswer(verdict=Verdict.ACCEPTED, number=str(results[0].get("MeteringRecordId", "")))
        case "CustomerNotSubscribed":
            return MeteringAnswer(verdict=Verdict.REFUSED, reason=RecordReason.NOT_SUBSCRIBED, said=status)
        case "DuplicateRecord":
            return MeteringAnswer(verdict=Verdict.CONFLICT, reason=RecordReason.DUPLICATE, said=status)
        case _:
            return MeteringAnswer(verdict=Verdict.UNKNOWN, reason=RecordReason.FAILED, said=status)


def judged(problem: Exception) -> MeteringAnswer:
    """What a failed call means for its record."""
    from botocore.exceptions import (
        ClientError,
        ConnectTimeoutError,
        EndpointConnectionError,
        NoCredentialsError,
        PartialCredentialsError,
    )

    name = type(problem).__name__
    if isinstance(problem, ClientError):
        return _refused(cast("dict[str, Any]", problem.response))
    if isinstance(problem, NoCredentialsError | PartialCredentialsError):
        return _ours(name)
    if isinstance(problem, ConnectTimeoutError | EndpointConnectionError):
        return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.UNREACHABLE, said=name)
    log.warning("aws_metering_silent", problem=name)
    return MeteringAnswer(verdict=Verdict.UNKNOWN, reason=RecordReason.SILENT, said=name)


def _refused(said: dict[str, Any]) -> MeteringAnswer:
    code = str(said.get("Error", {}).get("Code", ""))
    status = said.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in THROTTLES:
        return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.THROTTLED, said=code)
    if code in _GONE:
        return MeteringAnswer(verdict=Verdict.REFUSED, reason=RecordReason.NO_SUBSCRIPTION, said=code)
    if code == _LATE:
        return MeteringAnswer(verdict=Verdict.LATE, reason=RecordReason.OUT_OF_TIME, said=code)
    if status >= _OUTAGE or code == "InternalServiceErrorException":
        return MeteringAnswer(verdict=Verdict.UNKNOWN, reason=RecordReason.FAILED, said=code)
    return _ours(code)


def _ours(code: str) -> MeteringAnswer:
    """Credentials, permissions, product or dimension: for the vendor to mend before the deadline."""
    metrics.count_aws_refusal("batch_meter_usage")
    log.error("aws_refuses_us", operation="batch_meter_usage", code=code)
    return MeteringAnswer(verdict=Verdict.AGAIN, reason=RecordReason.NOT_CONFIGURED, said=code)
