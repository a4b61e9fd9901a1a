"""What somebody who opens another workspace may choose, said before they try."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError
from guance_portal.onboarding import agreements, queries, settlement_options
from guance_portal.onboarding.settlement_options import SiteTerms
from guance_portal.payers.registry import Providers
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceOffer:
    """The site it would be at; the fee-centre account that would pay, empty without one; whether all is agreed to."""

    site: Site
    fee_username: str
    has_agreed: bool


class OfferService:
    """Answers the page of new workspaces, and anyone who chooses a site."""

    def __init__(self, database: Database, providers: Providers) -> None:
        self._database, self._providers = database, providers

    def terms(self, site: Site) -> SiteTerms:
        """In which currency and by whom bills of a site may be paid."""
        return settlement_options.terms(site, self._providers)

    async def offer(self, actor: Actor) -> WorkspaceOffer:
        """What the actor may open; raises NotAllowedError for an actor who is no console user."""
        async with self._database.reading() as work:
            user = await queries.user(work, actor.subject_id) if actor.realm is Realm.CONSOLE else None
            if user is None:
                raise NotAllowedError
            began = await queries.registration(work, user.id)
            account = await queries.fee_account(work, began.fee_account_id if began else None)
            needed = agreements.required_for(Edition.COMMERCIAL)
            agreed = [await queries.has_agreed(work, user.id, one.kind, one.version) for one in needed]
        return WorkspaceOffer(
            site=sites.get(user.site), fee_username=account.username if account else "", has_agreed=all(agreed)
        )
