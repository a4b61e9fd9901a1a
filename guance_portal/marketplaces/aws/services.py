"""The services of AWS Marketplace, joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guance_portal.marketplaces.aws.book import AwsBook
from guance_portal.marketplaces.aws.client import AwsClient
from guance_portal.marketplaces.aws.intake import SnsIntake, Trusted
from guance_portal.marketplaces.aws.landing import AwsLanding
from guance_portal.marketplaces.aws.renewals import Renewals
from guance_portal.marketplaces.aws.topics import topics_of
from guance_portal.marketplaces.aws.worker import AwsQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from guance_portal.core.clock import Clock
    from guance_portal.core.db import Database
    from guance_portal.core.rate_limits import RateLimits
    from guance_portal.core.settings import Settings
    from guance_portal.marketplaces.claims import ClaimService
    from guance_portal.marketplaces.listings import AwsListing, Listings
    from guance_portal.marketplaces.notices import NoticeService
    from guance_portal.marketplaces.subscriptions import SubscriptionService

SANDBOX_CREDENTIALS = {"aws_access_key_id": "AKIASANDBOX", "aws_secret_access_key": "sandbox"}
"""What the sandbox's stand-in checks signatures with; never sent to AWS."""
SANDBOX_CERTIFICATE = "/sandbox/aws/sns.pem"
SANDBOX_CONFIRMATION = "/sandbox/aws/"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsServices:
    """What the HTTP API and the workers ask of AWS Marketplace."""

    book: AwsBook
    landing: AwsLanding
    intake: SnsIntake
    clients: Mapping[str, AwsClient]
    queues: tuple[AwsQueue, ...]

    def background(self) -> tuple[Callable[[], Coroutine[None, None, None]], ...]:
        """What every process runs beside its requests."""
        return (*(queue.run for queue in self.queues), self.book.follow)

    def close(self) -> None:
        """Let the threads go."""
        for client in self.clients.values():
            client.close()
        for queue in self.queues:
            queue.close()


def build_book(
    settings: Settings, database: Database, clock: Clock, listings: Listings, subscriptions: SubscriptionService
) -> tuple[AwsBook, dict[str, AwsClient]]:
    """What applies the notices, and the clients of all configured listings."""
    clients = {one.id: AwsClient(one, _credentials(settings, one)) for one in listings.aws()}
    book = AwsBook(
        database,
        clock,
        listings=listings,
        subscriptions=subscriptions,
        renewals=Renewals(database, clock),
        clients=clients,
    )
    return book, clients


def build(
    settings: Settings,
    clock: Clock,
    *,
    listings: Listings,
    book: AwsBook,
    clients: Mapping[str, AwsClient],
    notices: NoticeService,
    subscriptions: SubscriptionService,
    claims: ClaimService,
    limits: RateLimits,
) -> AwsServices:
    """Join them; nothing connects before it is used."""
    ours = {one.id: one for one in listings.aws()}
    topics = {topic: one for one in ours.values() for topic in topics_of(one, is_sandbox=settings.is_sandbox)}
    return AwsServices(
        book=book,
        landing=AwsLanding(
            ours, clients, notices=notices, book=book, subscriptions=subscriptions, claims=claims, limits=limits
        ),
        intake=SnsIntake(clock, topics=topics, notices=notices, book=book, trusted=_trusted(settings)),
        clients=clients,
        queues=tuple(
            AwsQueue(one, notices, book, _credentials(settings, one)) for one in ours.values() if one.queue_url
        ),
    )


def _trusted(settings: Settings) -> Trusted:
    if not settings.is_sandbox:
        return Trusted()
    here = f"http://127.0.0.1:{settings.port}"
    return Trusted(
        certificates=(here + SANDBOX_CERTIFICATE, settings.effective_public_url + SANDBOX_CERTIFICATE),
        confirmations=(here + SANDBOX_CONFIRMATION, settings.effective_public_url + SANDBOX_CONFIRMATION),
    )


def _credentials(settings: Settings, listing: AwsListing) -> Mapping[str, str]:
    """Those that boto3 finds by itself; for the stand-in the sandbox's own, so that real ones never go there."""
    is_stand_in = settings.is_sandbox and listing.endpoint_url.startswith(f"http://127.0.0.1:{settings.port}/")
    return SANDBOX_CREDENTIALS if is_stand_in else {}
