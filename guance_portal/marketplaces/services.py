"""The services of the marketplaces, joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guance_portal.billing.clouds.ports import UsageSender
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.sealing import Sealer
from guance_portal.core.settings import Settings
from guance_portal.marketplaces.adapter import ListedMarketplace
from guance_portal.marketplaces.admin import MarketplaceAdmin
from guance_portal.marketplaces.aliyun.acs3 import OpenApiKey
from guance_portal.marketplaces.aliyun.metering import AliyunUsageSender
from guance_portal.marketplaces.aliyun.spi import AliyunSpi, SpiActions
from guance_portal.marketplaces.aws import services as aws
from guance_portal.marketplaces.aws.metering import AwsUsageSender
from guance_portal.marketplaces.claim_offers import ClaimOffers
from guance_portal.marketplaces.claims import SEALED_FOR, ClaimService
from guance_portal.marketplaces.listings import Listings
from guance_portal.marketplaces.notices import NoticeService
from guance_portal.marketplaces.rules import NoticeSource
from guance_portal.marketplaces.sso import MarketplaceSsoService
from guance_portal.marketplaces.subscriptions import SubscriptionService
from guance_portal.payers.cloud_accounts import CloudAccountService
from guance_portal.settlement.service import SettlementService
from guance_portal.sites import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplaces:
    """What pages, the HTTP API and workers ask of the marketplaces."""

    listings: Listings
    subscriptions: SubscriptionService
    notices: NoticeService
    admin: MarketplaceAdmin
    sso: MarketplaceSsoService
    aliyun: AliyunSpi
    claims: ClaimService
    claim_offers: ClaimOffers
    aws: aws.AwsServices
    senders: Mapping[Provider, UsageSender]

    def close(self) -> None:
        """Let the threads go."""
        self.aws.close()
        for sender in self.senders.values():
            if isinstance(sender, AwsUsageSender):
                sender.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorKeys:
    """What the sandbox's marketplaces are called with: what boto3 is handed, and the id and secret of an access key."""

    aws: Mapping[str, str]
    aliyun: tuple[str, str]


def adapters(listings: Listings, database: Database) -> tuple[ListedMarketplace, ...]:
    """A marketplace for each provider that has listings."""
    return tuple(ListedMarketplace(provider, listings, database) for provider in Provider if provider.listings)


def build(
    settings: Settings,
    listings: Listings,
    database: Database,
    clock: Clock,
    *,
    settlement: SettlementService,
    cloud_accounts: CloudAccountService,
    limits: RateLimits,
    simulator_keys: SimulatorKeys,
) -> Marketplaces:
    """Join them. The appliers of each source of notices are named here."""
    subscriptions = SubscriptionService(database, clock, settlement.closing)
    claims = ClaimService(
        database,
        clock,
        sealer=Sealer(settings.signing_key(), SEALED_FOR),
        subscriptions=subscriptions,
        cloud_accounts=cloud_accounts,
        switching=settlement.switching,
    )
    calls = aws.AwsAccess(settings=settings, simulator_keys=simulator_keys.aws)
    book, clients = aws.build_book(calls, database, clock, listings, subscriptions)
    of_aws = (NoticeSource.AWS_LANDING, NoticeSource.AWS_SNS, NoticeSource.AWS_QUEUE)
    sso, actions = MarketplaceSsoService(database, clock), SpiActions(listings, subscriptions)
    appliers = {NoticeSource.ALIYUN_SPI: actions.apply, **dict.fromkeys(of_aws, book.apply)}
    notices = NoticeService(database, clock, appliers)
    return Marketplaces(
        listings=listings,
        subscriptions=subscriptions,
        notices=notices,
        admin=MarketplaceAdmin(database, notices),
        sso=sso,
        aliyun=AliyunSpi(
            listings,
            subscriptions,
            notices,
            sso,
            clock=clock,
            actions=actions,
            public_url=settings.effective_public_url,
        ),
        claims=claims,
        claim_offers=ClaimOffers(database, cloud_accounts),
        aws=aws.build(
            calls,
            clock,
            listings=listings,
            book=book,
            clients=clients,
            notices=notices,
            subscriptions=subscriptions,
            claims=claims,
            limits=limits,
        ),
        senders={
            Provider.AWS: AwsUsageSender({one.id: one for one in listings.aws()}, calls.credentials),
            Provider.ALIYUN: AliyunUsageSender(
                database,
                clock,
                {one.id: one for one in listings.aliyun()},
                {
                    one.id: OpenApiKey(key_id=key_id, secret=secret)
                    for one in listings.aliyun()
                    for key_id, secret in [simulator_keys.aliyun if settings.is_sandbox else one.access_key]
                },
            ),
        },
    )
