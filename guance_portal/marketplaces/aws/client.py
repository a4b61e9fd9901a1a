"""boto3 as the client of one listing: bounded in time, off the event loop, its failures by our own names.

A call must never be made inside an open transaction: the longest it takes is `DEADLINE`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import structlog

from guance_portal.core import metrics
from guance_portal.marketplaces.aws import errors
from guance_portal.marketplaces.listings import AwsListing

log = structlog.get_logger(__name__)

CONNECT_SECONDS, READ_SECONDS = 3.0, 4.0
DEADLINE = 8.0
"""Seconds after which the person is told, whatever the connection still does."""
MOST_TRIES = 2
LONGEST_TOKEN = 4096
_MOST_PAGES = 20
_PAGE = 25
_METERING, _ENTITLEMENT, _AGREEMENT = "meteringmarketplace", "marketplace-entitlement", "marketplace-agreement"

THROTTLES = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""What AWS says when it is asked too often."""
_REFUSALS: Mapping[str, type[errors.PortalError]] = {
    "ExpiredTokenException": errors.AwsTokenExpiredError,
    "InvalidTokenException": errors.AwsTokenInvalidError,
    "InternalServiceErrorException": errors.AwsSilentError,
    "RequestTimeout": errors.AwsSilentError,
    "RequestTimeoutException": errors.AwsSilentError,
    **dict.fromkeys(THROTTLES, errors.AwsBusyError),
}
_TOO_MANY = 429
_OURS = range(400, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whose registration token it was: what AWS calls the buyer, and what was bought.

    `licence` and `agreement` are empty in the legacy shape, `identifier` in the one with licences.
    """

    product_code: str
    account: str
    identifier: str
    licence: str
    agreement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What a buyer may use of one dimension, and until when (None: AWS names no end)."""

    dimension: str
    value: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What AWS knows of an agreement: the id of its product, and the first agreement of its chain of renewals."""

    product_id: str
    root: str


class AwsClient:
    """The three APIs of AWS Marketplace that a seller asks, for one listing; `credentials` go to boto3 as they are.

    Every method raises AwsBusyError or AwsSilentError when there is no answer, and AwsRefusedError when there will be
    none: that is counted and logged as an error, for the vendor to act on.
    """

    def __init__(self, listing: AwsListing, credentials: Mapping[str, str] | None = None) -> None:
        self._listing, self._credentials = listing, dict(credentials or {})
        self._threads = ThreadPoolExecutor(4, f"aws-{listing.id}")
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()

    async def resolve(self, token: str) -> Customer:
        """Whose token it is; raises AwsTokenExpiredError, AwsTokenInvalidError, AwsProductForeignError.

        A token is good for a short while only and must be redeemed as soon as it is there.
        """
        if not 0 < len(token) <= LONGEST_TOKEN:
            raise errors.AwsTokenInvalidError
        found = await self._call(_METERING, "resolve_customer", RegistrationToken=token)
        customer = Customer(
            product_code=_text(found.get("ProductCode")),
            account=_text(found.get("CustomerAWSAccountId")),
            identifier=_text(found.get("CustomerIdentifier")),
            licence=_text(found.get("LicenseArn")),
            agreement=_text(_inner(found, "Metadata").get("AgreementId")),
        )
        if customer.product_code != self._listing.product_code:
            raise errors.AwsProductForeignError
        if not (customer.licence and customer.account if self._listing.uses_licences else customer.identifier):
            log.error("aws_identity_incomplete", listing=self._listing.id)
            raise errors.AwsTokenInvalidError
        return customer

    async def entitlements(self, *, licence: str = "", identifier: str = "") -> tuple[Entitlement, ...]:
        """All entitlements of a licence, or (legacy) of a customer identifier; every page of them."""
        chosen = {"LICENSE_ARN": [licence]} if licence else {"CUSTOMER_IDENTIFIER": [identifier]}
        asked: dict[str, Any] = {
            "ProductCode": self._listing.product_code,
            "Filter": chosen,
            "MaxResults": _PAGE,
        }
        found: list[Entitlement] = []
        for _ in range(_MOST_PAGES):
            page = await self._call(_ENTITLEMENT, "get_entitlements", **asked)
            found += [_entitlement(item) for item in page.get("Entitlements", [])]
            if not page.get("NextToken"):
                return tuple(found)
            asked["NextToken"] = page["NextToken"]
        log.error("aws_entitlements_endless", listing=self._listing.id)
        raise errors.AwsSilentError

    async def agreement(self, agreement_id: str) -> Described:
        """What an agreement is about; only where the listing `asks_agreements`."""
        found = await self._call(_AGREEMENT, "describe_agreement", agreementId=agreement_id)
        resources: list[dict[str, Any]] = _inner(found, "proposalSummary").get("resources") or []
        product_id = next((_text(one.get("id")) for one in resources), "")
        return Described(product_id=product_id, root=_text(found.get("initialAgreementId")))

    def close(self) -> None:
        """Start nothing more; what is under way ends by its own time-outs."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _call(self, service: str, operation: str, **asked: Any) -> dict[str, Any]:
        if service not in self._clients:
            # Loading boto3 takes seconds on a busy machine; the deadline is for AWS alone.
            await asyncio.get_running_loop().run_in_executor(self._threads, self._client, service)

        def call() -> dict[str, Any]:
            return getattr(self._client(service), operation)(**asked)

        return await answered(call, self._threads, operation)

    def _client(self, service: str) -> Any:
        with self._making:
            if service not in self._clients:
                ours = self._listing
                places = {
                    _METERING: (ours.region, ours.endpoint_url),
                    _ENTITLEMENT: (ours.region, ours.entitlement_endpoint_url),
                    _AGREEMENT: (ours.agreement_region, ours.agreement_endpoint_url),
                }
                self._clients[service] = make_client(service, *places[service], self._credentials)
            return self._clients[service]


def make_client(
    service: str,
    region: str,
    url: str,
    credentials: Mapping[str, str],
    *,
    read: float = READ_SECONDS,
    tries: int = MOST_TRIES,
) -> Any:
    """A boto3 client with our time-outs (seconds) and at most so many tries; an empty address is AWS's own."""
    from boto3.session import Session  # takes a while to load, and is needed by those alone who have an AWS listing
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": tries},
        user_agent_extra="guance-portal",
        # What stands on this machine is never asked by a proxy; None leaves that to the environment.
        proxies={} if urlsplit(url).hostname == "127.0.0.1" else None,
    )
    # A session of its own: boto3's default one is not made for several threads.
    made: Any = cast("Any", Session())
    return made.client(service, region_name=region, endpoint_url=url or None, config=config, **credentials)


async def answered(
    call: Callable[[], dict[str, Any]], threads: ThreadPoolExecutor, operation: str, *, deadline: float = DEADLINE
) -> dict[str, Any]:
    """What a call of boto3 answers, made in one of the threads; its failures by our own names."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        NoCredentialsError,
        ParamValidationError,
        PartialCredentialsError,
    )

    try:
        async with asyncio.timeout(deadline):
            return await asyncio.get_running_loop().run_in_executor(threads, call)
    except ParamValidationError:
        raise errors.AwsTokenInvalidError from None
    except ClientError as refusal:
        said = cast("dict[str, Any]", refusal.response)
        code, status = _text(_inner(said, "Error").get("Code")), _inner(said, "ResponseMetadata").get("HTTPStatusCode")
        raise _named(operation, code, status) from None
    except (NoCredentialsError, PartialCredentialsError) as problem:
        raise _named(operation, type(problem).__name__, _OURS.start) from None
    except (BotoCoreError, TimeoutError) as problem:
        log.warning("aws_silent", operation=operation, problem=type(problem).__name__)
        raise errors.AwsSilentError from None


def _named(operation: str, code: str, status: object) -> errors.PortalError:
    """The error for what AWS answered. AWS says most things by status 400: what is no outage is our own affair."""
    known = _REFUSALS.get(code) or (errors.AwsBusyError if status == _TOO_MANY else None)
    if known is None and status in _OURS:
        metrics.count_aws_refusal(operation)
        log.error("aws_refuses_us", operation=operation, code=code)
        return errors.AwsRefusedError()
    log.warning("aws_refused", operation=operation, code=code)
    return (known or errors.AwsSilentError)()


def _entitlement(item: Mapping[str, Any]) -> Entitlement:
    values = list(_inner(item, "Value").values())
    until = item.get("ExpirationDate")
    return Entitlement(
        dimension=_text(item.get("Dimension")),
        value=str(values[0]) if values else "",
        expires_at=until if isinstance(until, datetime) else None,
    )


def _inner(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", found.get(name) or {})


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
