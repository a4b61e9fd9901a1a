"""How far somebody has come with signing up, and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import sites
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import User
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.drafts import of_browser
from guance_portal.onboarding import drafts, queries, receipts, rules, settlement_options
from guance_portal.onboarding.receipts import OpeningReceipt
from guance_portal.onboarding.registering import SIGN_UP
from guance_portal.onboarding.rules import Progress, SignUpStep
from guance_portal.onboarding.settlement_options import SettlementOptions
from guance_portal.onboarding.tables import Registration
from guance_portal.payers.registry import Providers
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSignUp:
    """What step 3 shows to somebody whose account waits for its workspace."""

    username: str
    site: Site
    suggested_name: str
    options: SettlementOptions


class ProgressService:
    """Answers the pages of 商业版, and the code that sends a person on after signing in."""

    def __init__(self, database: Database, clock: Clock, providers: Providers) -> None:
        self._database, self._clock, self._providers = database, clock, providers

    async def step_for(self, wanted: SignUpStep, browser: str, actor: Actor | None) -> SignUpStep:
        """The step to show to anyone who asks for one by its address."""
        return rules.step_for(wanted, await self.progress(browser, actor))

    async def progress(self, browser: str, actor: Actor | None) -> Progress:
        """How far a browser (its draft cookie, hashed), and the person who is signed in there, has come."""
        async with self._database.reading() as work:
            owner, now = of_browser(browser), self._clock.now()
            draft = await drafts.SIGN_UP.find(work, owner, now, lock=False) if browser else None
            began = await _commercial(work, actor)
            is_opened = began is not None and await queries.opened(work, began.user_id, SIGN_UP) is not None
        return rules.Progress(
            is_confirmed=draft is not None and draft.found.confirmed_at is not None,
            is_registered=began is not None and not is_opened,
            is_opened=is_opened,
        )

    async def pending(self, actor: Actor) -> PendingSignUp | None:
        """The sign-up for 商业版 that the actor left before step 3; None when nothing is left to do."""
        async with self._database.reading() as work:
            began = await _commercial(work, actor)
            user = await queries.user(work, began.user_id) if began else None
            if began is None or user is None or await queries.opened(work, user.id, SIGN_UP):
                return None
            suggested = await suggested_name(work, user, began.fee_account_id)
        site = sites.get(user.site)
        return PendingSignUp(
            username=user.username,
            site=site,
            suggested_name=suggested,
            options=settlement_options.options(site, self._providers),
        )

    async def done(self, actor: Actor) -> OpeningReceipt | None:
        """What the actor's sign-up opened, for 开通成功 after a reload; None before, and once they are not in it."""
        if actor.realm is not Realm.CONSOLE:
            return None
        async with self._database.reading() as work:
            user = await queries.user(work, actor.subject_id)
            receipt = await receipts.opened(work, user, SIGN_UP) if user else None
            # They may have left it or been removed, and one that is dissolved has no members.
            is_in = receipt and await workspace_queries.role(work, receipt.workspace_id, actor.subject_id)
        return receipt if is_in else None


async def newcomers_account(work: UnitOfWork, user_id: str) -> str | None:
    """The fee-centre account of a sign-up for 商业版 that waits for its workspace; None for anybody else."""
    began = await queries.registration(work, user_id)
    if began is None or began.edition is not Edition.COMMERCIAL or await queries.opened(work, user_id, SIGN_UP):
        return None
    return began.fee_account_id


async def suggested_name(work: UnitOfWork, user: User, fee_account_id: str | None) -> str:
    """How step 3 would call the workspace: like the company."""
    company = await queries.company(work, fee_account_id)
    return company.name if company else user.username


async def _commercial(work: UnitOfWork, actor: Actor | None) -> Registration | None:
    if actor is None or actor.realm is not Realm.CONSOLE:
        return None
    began = await queries.registration(work, actor.subject_id)
    return began if began and began.edition is Edition.COMMERCIAL else None
