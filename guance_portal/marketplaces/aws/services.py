"""The services of AWS Marketplace, joined."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from guance_portal import routes
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.settings import Settings
from guance_portal.marketplaces.aws.book import AwsBook
from guance_portal.marketplaces.aws.client import AwsClient
from guance_portal.marketplaces.aws.intake import SnsIntake, Trusted
from guance_portal.marketplaces.aws.landing import AwsLanding
from guance_portal.marketplaces.aws.renewals import Renewals
from guance_portal.marketplaces.aws.topics import topics_of
from guance_portal.marketplaces.aws.worker import AwsQueue
from guance_portal.marketplaces.claims import ClaimService
from guance_portal.marketplaces.listings import AwsListing, Listings
from guance_portal.marketplaces.notices import NoticeService
from guance_portal.marketplaces.subscriptions import SubscriptionService


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAccess:
    """How AWS is called: by what boto3 finds by itself, or in the sandbox by what its simulator knows."""

    settings: Settings
    simulator_keys: Mapping[str, str]

    def credentials(self, listing: AwsListing) -> Mapping[str, str]:
        """What boto3 is handed; real credentials never go to the simulator."""
        here = f"http://127.0.0.1:{self.settings.port}/"
        return self.simulator_keys if self.settings.is_sandbox and listing.endpoint_url.startswith(here) else {}


def build_book(
    caller: AwsAccess, database: Database, clock: Clock, listings: Listings, subscriptions: SubscriptionService
) -> tuple[AwsBook, dict[str, AwsClient]]:
    """What applies the notices, and the clients of all configured listings."""
    clients = {one.id: AwsClient(one, caller.credentials(one)) for one in listings.aws()}
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
    caller: AwsAccess,
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
    is_sandbox = caller.settings.is_sandbox
    topics = {topic: one for one in ours.values() for topic in topics_of(one, is_sandbox=is_sandbox)}
    return AwsServices(
        book=book,
        landing=AwsLanding(
            ours, clients, notices=notices, book=book, subscriptions=subscriptions, claims=claims, limits=limits
        ),
        intake=SnsIntake(
            clock, topics=topics, notices=notices, book=book, limits=limits, trusted=_trusted(caller.settings)
        ),
        clients=clients,
        queues=tuple(AwsQueue(one, notices, book, caller.credentials(one)) for one in ours.values() if one.queue_url),
    )


def _trusted(settings: Settings) -> Trusted:
    """Beside Amazon's own certificates that of the sandbox, while there is one."""
    if not settings.is_sandbox:
        return Trusted()
    places = (f"http://127.0.0.1:{settings.port}", settings.effective_public_url)
    return Trusted(
        certificates=tuple(place + routes.SANDBOX_AWS_CERTIFICATE for place in places),
        confirmations=tuple(f"{place}{routes.SANDBOX_MARKETS}/aws/" for place in places),
    )
