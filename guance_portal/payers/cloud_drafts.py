"""What is begun in the dialog of a cloud account: a refresh, a lost connection or a restart loses nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guance_portal.core import drafts
from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.drafts import DraftKind, Found, OpenDraft
from guance_portal.payers.cloud_access import NewcomersAccount, claimant
from guance_portal.payers.cloud_ids import CloudForm
from guance_portal.sites import Provider

LATELY = timedelta(hours=2)
"""Who comes back from a marketplace within this comes for what was begun then."""


class CloudFound(Found):
    """Which provider the dialog is about, and since when it waits, in business time."""

    provider: Provider | None = None
    began_at: datetime | None = None


CLOUD = DraftKind(name="cloud", form=CloudForm, found=CloudFound, life=timedelta(days=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudDraftView:
    """The ids as typed so far; `began_at` is business time, `waited` the seconds since."""

    provider: Provider
    account: str
    instance: str
    began_at: datetime
    waited: int


class CloudDraftService:
    """Keeps one draft for each person and workspace."""

    def __init__(self, database: Database, clock: Clock, business_clock: Clock, *, newcomers: NewcomersAccount) -> None:
        self._database, self._clock, self._business_clock = database, clock, business_clock
        self._newcomers = newcomers

    async def open(self, actor: Actor, workspace_id: str, provider: Provider, *, is_new: bool) -> CloudDraftView:
        """The draft for a provider; `is_new` begins the waiting again, and another provider all of it.

        Raises NotAllowedError, PasswordNeededError.
        """
        owner, now = drafts.of_actor(actor), self._business_clock.now()
        async with self._database.writing() as work:
            await claimant(work, actor, workspace_id, self._newcomers, lock=True)
            draft = await CLOUD.take(work, owner, self._clock.now(), about=workspace_id)
            if draft.found.provider is not provider:
                draft.type(CloudForm().typed())
                draft.note(provider=provider, began_at=now)
            elif is_new:
                draft.note(began_at=now)
            view = _view(draft, now)
            await work.commit()
        return view

    async def waiting(self, actor: Actor, provider: Provider) -> dict[str, CloudDraftView]:
        """The actor's drafts for a provider that were begun lately, by workspace (empty: for none)."""
        owner, now = drafts.of_actor(actor), self._business_clock.now()
        async with self._database.reading() as work:
            mine = await CLOUD.every(work, owner, self._clock.now())
        views = {draft.about: _view(draft, now) for draft in mine if draft.found.provider is provider}
        return {about: view for about, view in views.items() if view.began_at > now - LATELY}

    async def save(self, actor: Actor, workspace_id: str, *, account: str, instance: str) -> None:
        """Keep what was typed; without a draft nothing is kept."""
        now = self._clock.now()
        async with self._database.writing() as work:
            draft = await CLOUD.find(work, drafts.of_actor(actor), now, about=workspace_id)
            if draft is not None:
                draft.type({"account": account, "instance": instance})
                draft.renew(now)
                await work.commit()

    async def delete(self, actor: Actor, workspace_id: str) -> None:
        """It is done, or was given up."""
        async with self._database.writing() as work:
            await CLOUD.end(work, drafts.of_actor(actor), about=workspace_id)
            await work.commit()


def _view(draft: OpenDraft[CloudForm, CloudFound], now: datetime) -> CloudDraftView:
    typed, found = draft.typed, draft.found
    if found.provider is None or found.began_at is None:
        raise RuntimeError(f"{draft.id} is about no cloud")
    return CloudDraftView(
        provider=found.provider,
        account=typed.account,
        instance=typed.instance,
        began_at=found.began_at,
        waited=max(0, int((now - found.began_at).total_seconds())),
    )
