"""What 套餐升级 shows: where the workspace stands, who would pay, and what an upgrade means for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.codes.queries import last_sent
from guance_portal.accounts.codes.rules import CodePurpose, seconds_to_wait
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import MANAGERS, require_role
from guance_portal.accounts.rules import Edition, Role, email_key
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.metering import queries as metering
from guance_portal.metering.items import Item
from guance_portal.onboarding import queries
from guance_portal.onboarding.agreements import Agreement
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.onboarding.upgrade import service as upgrade
from guance_portal.onboarding.upgrade import standing as upgrade_standing
from guance_portal.onboarding.upgrade.forms import PAYER, PayerForm, PayerFound
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPayer:
    """What was typed in the dialogs before; username and e-mail are the user's own until others are typed."""

    form: PayerForm
    resend_after: int
    is_email_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOffer:
    """To the owner of a 体验版 workspace.

    `payer` is the username of who would pay, empty before anybody is bound; `is_own`: it was opened by the user, so
    that there is nothing to bind. `collected` is what counted as 体验版 in all, and is not shown after the upgrade.
    `other_members` keep their roles.
    """

    payer: str
    is_own: bool
    typed: TypedPayer
    needed: tuple[Agreement, ...]
    collected: dict[Item, int]
    other_members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeView:
    """A workspace before or after its upgrade. `offer` is for its owner alone, and gone once it is 商业版.

    `is_upgraded`: it became 商业版 by an upgrade, so that there is a result to show. `version` is the one its
    watchers compare.
    """

    workspace_id: str
    workspace_name: str
    site: Site
    edition: Edition
    opened_at: datetime
    owner_name: str
    is_owner: bool
    is_upgraded: bool
    version: int
    offer: UpgradeOffer | None


class UpgradeViews:
    """Answers the page."""

    def __init__(self, tools: SignUpTools) -> None:
        self._database, self._clock = tools.database, tools.clock

    async def view(self, actor: Actor) -> UpgradeView:
        """The workspace of the session, for owner and admin; raises NotAllowedError for everybody else."""
        async with self._database.reading() as work:
            version = (await metering.versions(work, [actor.workspace_id])).get(actor.workspace_id, 0)
            workspace, user, role = await _member(work, actor)
            owner = await workspace_queries.owner(work, workspace.id)
            is_offered = role is Role.OWNER and workspace.edition is Edition.FREE
            return UpgradeView(
                workspace_id=workspace.id,
                workspace_name=workspace.name,
                site=sites.get(workspace.site),
                edition=workspace.edition,
                opened_at=workspace.created_at,
                owner_name=owner.username if owner else "",
                is_owner=role is Role.OWNER,
                is_upgraded=await upgrade_queries.done(work, workspace.id) is not None,
                version=version,
                offer=await self._offer(work, workspace, user) if is_offered else None,
            )

    async def _offer(self, work: UnitOfWork, workspace: Workspace, user: User) -> UpgradeOffer:
        now = self._clock.now()
        draft = await PAYER.find(work, f"{Realm.CONSOLE}:{user.id}", now, about=workspace.id, lock=False)
        form, proven = (draft.typed, draft.found) if draft else (PayerForm(), PayerFound())
        own = await upgrade_standing.own_account(work, user.id)
        payer = await upgrade_standing.payer(work, user.id, draft, now)
        email = form.email or user.email
        sent = await last_sent(work, CodePurpose.OPEN_FEE_ACCOUNT, "", email_key(email))
        typed = TypedPayer(
            form=form.but(username=form.username or user.username, email=email),
            resend_after=seconds_to_wait(sent, now),
            is_email_proven=bool(proven.proven_email) and proven.proven_email == email_key(email),
        )
        return UpgradeOffer(
            payer=payer.username if payer else "",
            is_own=own is not None,
            typed=typed,
            needed=await upgrade.needed(work, user.id),
            collected=await metering.totals(work, workspace.id, Edition.FREE),
            other_members=await upgrade_queries.count_members(work, workspace.id) - 1,
        )


async def _member(work: UnitOfWork, actor: Actor) -> tuple[Workspace, User, Role]:
    if actor.realm is Realm.CONSOLE:
        workspace = await upgrade_queries.workspace(work, actor.workspace_id)
        user = await queries.user(work, actor.subject_id)
        role = await require_role(work, actor, MANAGERS)
        if workspace and user:
            return workspace, user, role
    raise NotAllowedError
