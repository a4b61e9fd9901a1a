"""What a vendor calls: ResolveCustomer, BatchMeterUsage, GetEntitlements and DescribeAgreement."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.tokens import digest
from guance_portal.sandbox import queries
from guance_portal.sandbox.aws import metering, notices, signature, wire
from guance_portal.sandbox.aws.market import AwsMarket
from guance_portal.sandbox.aws.notices import Happening
from guance_portal.sandbox.aws.signature import Call
from guance_portal.sandbox.aws.wire import AwsError
from guance_portal.sandbox.numbers import unsure
from guance_portal.sandbox.rules import SLOW_SECONDS, TOKEN_AGAIN, TOKEN_LIFE, Chance, PurchaseState, Whim
from guance_portal.sandbox.shops import AwsShop, Credentials, Shops
from guance_portal.sandbox.tables import SandboxPurchase, SandboxUsage

_PAGE = 25


class AwsApi:
    """Answers signed calls; every request and answer is held to botocore's model of the service."""

    def __init__(self, database: Database, clock: Clock, wall: Clock, *, shops: Shops, market: AwsMarket) -> None:
        self._database, self._clock, self._wall = database, clock, wall
        self._shops, self._market = shops, market

    async def answer(self, shop_id: str, call: Call, credentials: Credentials) -> bytes:
        """The body of the answer; raises AwsError, which is the body of a refusal."""
        shop = self._shops.aws(shop_id)
        async with self._database.reading() as work:
            whims = await queries.whims(work, shop.id)
        if Whim.UNREACHABLE in whims:
            raise AwsError("ServiceUnavailable", "The service is unavailable.", status=503)
        if Whim.SLOW in whims:
            await asyncio.sleep(SLOW_SECONDS)
        signature.check(call, credentials, shop.region, self._wall.now())
        asked = wire.operation(call.headers.get("x-amz-target", ""))
        parameters = wire.read(asked, call.body)
        try:
            if asked.name == "ResolveCustomer":
                return wire.write(asked, await self._resolve(shop, parameters["RegistrationToken"], whims))
            if asked.name == "BatchMeterUsage":
                return wire.write(asked, await self._meter(shop, parameters, whims))
            if asked.name == "DescribeAgreement":
                return wire.write(asked, await self._describe(shop, parameters["agreementId"]))
            return wire.write(asked, await self._entitlements(shop, parameters))
        except AwsError as error:
            if error.code != "ValidationException":
                wire.require_declared(asked, error)
            raise

    async def _resolve(self, shop: AwsShop, token: str, whims: frozenset[Whim]) -> dict[str, Any]:
        now = self._wall.now()
        async with self._database.writing() as work:
            row = await queries.token(work, digest(token))
            purchase = await queries.purchase(work, row.purchase_id, shop.id, lock=True) if row else None
            if row is None or purchase is None:
                raise AwsError("InvalidTokenException", "Registration token is invalid.")
            if now - row.created_at > TOKEN_LIFE or (row.redeemed_at and now - row.redeemed_at > TOKEN_AGAIN):
                raise AwsError("ExpiredTokenException", "The submitted registration token has expired.")
            if row.redeemed_at is None and Whim.CANCEL_BETWEEN in whims:
                await self._market.happen(work, shop, purchase, Happening.CANCELLED)
            # Vendors wait less long than a slow marketplace takes: what nobody heard redeems nothing.
            if Whim.SLOW not in whims:
                row.redeemed_at = row.redeemed_at or now
            await work.commit()
        found = {
            "CustomerIdentifier": purchase.customer,
            "CustomerAWSAccountId": purchase.account,
            "ProductCode": row.product_code,
        }
        if shop.uses_licences:
            return {**found, "LicenseArn": purchase.instance, "Metadata": {"AgreementId": purchase.reference}}
        return found

    async def _describe(self, shop: AwsShop, agreement: str) -> dict[str, Any]:
        async with self._database.reading() as work:
            found = next((one for one in await queries.matching(work, shop.id) if agreement in _agreements(one)), None)
        if found is None:
            raise AwsError("ResourceNotFoundException", "There is no such agreement.")
        is_last = agreement == found.reference
        product = {"id": notices.product_id(shop.code(is_other=found.is_other)), "type": "SaaSProduct"}
        return {
            "agreementId": agreement,
            "agreementType": "PurchaseAgreement",
            "acceptor": {"accountId": found.account},
            "status": _STATUSES[found.state] if is_last else "RENEWED",
            "proposalSummary": {"resources": [product]},
            "initialAgreementId": _agreements(found)[0],
        }

    async def _meter(self, shop: AwsShop, parameters: dict[str, Any], whims: frozenset[Whim]) -> dict[str, Any]:
        if Whim.THROTTLES_USAGE in whims:
            raise AwsError("ThrottlingException", "The calls to the operation exceed the throttling limits.")
        records = metering.check_batch(shop, parameters, self._clock.now())
        chance = unsure(whims)
        if chance is Chance.LOST:
            raise _internal()
        async with self._database.writing() as work:
            results = [
                _not_subscribed(record) if Whim.REFUSES_USAGE in whims else await self._count(work, shop, record)
                for record in records
            ]
            await work.commit()
        if chance is Chance.COUNTED:
            raise _internal()
        if Whim.SILENT_ON_USAGE in whims:
            await asyncio.sleep(SLOW_SECONDS)
        return {"Results": results, "UnprocessedRecords": []}

    async def _count(self, work: UnitOfWork, shop: AwsShop, record: dict[str, Any]) -> dict[str, Any]:
        purchase = await self._customer(work, shop, record)
        ended = None if purchase.state is PurchaseState.LIVE else purchase.updated_at
        if ended and self._clock.now() - ended > metering.LAST_USAGE:
            return _not_subscribed(record)
        one = metering.metered(shop, purchase, record)
        row = SandboxUsage(
            key=one.key, purchase_id=purchase.id, record_id=str(uuid.uuid4()), said=one.said, at=self._clock.now()
        )
        if not await queries.add_if_new(work, row):
            row = (await queries.metered(work, [one.key]))[one.key]
            if row.said != one.said:
                return {"UsageRecord": record, "Status": "DuplicateRecord"}
        return {"UsageRecord": record, "MeteringRecordId": row.record_id, "Status": "Success"}

    async def _customer(self, work: UnitOfWork, shop: AwsShop, record: dict[str, Any]) -> SandboxPurchase:
        account, customer, arn = (
            record.get(name, "") for name in ("CustomerAWSAccountId", "CustomerIdentifier", "LicenseArn")
        )
        one = {"instance": arn, "account": account, "is_other": False}
        if shop.uses_licences:
            found = await queries.matching(work, shop.id, **one) if arn and account else ()
            if not found or customer:
                raise AwsError("InvalidLicenseException", "The licence is not of this customer.")
            return found[-1]
        if arn:
            raise AwsError("InvalidLicenseException", "This product is not metered by licence.")
        if bool(account) == bool(customer):
            raise AwsError("InvalidCustomerIdentifierException", "A record names its customer in one way.")
        wanted = {"customer": customer} if customer else {"account": account}
        if not (found := await queries.matching(work, shop.id, is_other=False, **wanted)):
            raise AwsError("InvalidCustomerIdentifierException", "There is no such customer.")
        return next((one for one in found if one.state is PurchaseState.LIVE), found[-1])

    async def _entitlements(self, shop: AwsShop, parameters: dict[str, Any]) -> dict[str, Any]:
        if parameters["ProductCode"] != shop.product_code:
            raise AwsError("InvalidParameterException", "The product code is not that of the product.")
        token, size = parameters.get("NextToken", "0"), parameters.get("MaxResults", _PAGE)
        if not (token.isascii() and token.isdecimal() and len(token) < 9):
            raise AwsError("InvalidParameterException", "NextToken was not given out here.")
        async with self._database.reading() as work:
            bought = await queries.matching(work, shop.id, is_other=False)
        found = [_entitlement(shop, one) for one in bought if one.state is PurchaseState.LIVE]
        kept = [one for one in found if _passes(one, parameters.get("Filter", {}))]
        start = int(token)
        answer: dict[str, Any] = {"Entitlements": kept[start : start + size]}
        return {**answer, "NextToken": str(start + size)} if len(kept) > start + size else answer


def _not_subscribed(record: dict[str, Any]) -> dict[str, Any]:
    return {"UsageRecord": record, "Status": "CustomerNotSubscribed"}


def _internal() -> AwsError:
    return AwsError("InternalServiceErrorException", "An internal error has occurred.", status=500)


_STATUSES = {
    PurchaseState.LIVE: "ACTIVE",
    PurchaseState.EXPIRED: "EXPIRED",
    PurchaseState.CANCELLED: "CANCELLED",
}


def _agreements(purchase: SandboxPurchase) -> list[str]:
    return purchase.agreements.split() or [purchase.reference]


def _entitlement(shop: AwsShop, purchase: SandboxPurchase) -> dict[str, Any]:
    said: dict[str, Any] = {
        "ProductCode": shop.product_code,
        "Dimension": purchase.sku,
        "CustomerAWSAccountId": purchase.account,
        "Value": {"IntegerValue": 1},
    }
    said |= {"LicenseArn": purchase.instance} if shop.uses_licences else {"CustomerIdentifier": purchase.customer}
    return {**said, "ExpirationDate": purchase.expires_at.timestamp()} if purchase.expires_at else said


_FILTERS = {
    "CUSTOMER_IDENTIFIER": "CustomerIdentifier",
    "DIMENSION": "Dimension",
    "CUSTOMER_AWS_ACCOUNT_ID": "CustomerAWSAccountId",
    "LICENSE_ARN": "LicenseArn",
}


def _passes(entitlement: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    return all(entitlement.get(_FILTERS[name]) in values for name, values in filters.items())
