"""What somebody typed and chose at step 3: kept until the workspace is open."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlmodel import col, delete

from guance_portal import sites
from guance_portal.core.actor import Actor
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.words import Language
from guance_portal.onboarding import queries, rules, settlement_options
from guance_portal.onboarding.progress import newcomers_account, suggested_name
from guance_portal.onboarding.tables import SettlementDraft
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The workspace to be, and how it will be settled."""

    name: str
    language: Language
    method: SettlementMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was typed since the last time; None leaves a field as it is."""

    name: str | None = None
    language: Language | None = None
    method: SettlementMethod | None = None


class SettlementDraftService:
    """Keeps one choice for each person whose sign-up waits for its workspace."""

    def __init__(self, database: Database, providers: Providers) -> None:
        self._database, self._providers = database, providers

    async def keep(self, actor: Actor, site: Site, chosen: Chosen) -> None:
        """Keep what was chosen, before its cloud account is subscribed.

        Raises WorkspaceNameMissingError, WorkspaceNameTooLongError, WorkspaceNameHiddenError,
        MethodNotChoosableError, NotAllowedError.
        """
        name = rules.workspace_name(chosen.name)
        settlement_options.require_choosable(site, self._providers, chosen.method)
        async with self._database.writing() as work:
            if await newcomers_account(work, actor.subject_id) is None:
                raise NotAllowedError
            row = SettlementDraft(user_id=actor.subject_id, name=name, language=chosen.language, method=chosen.method)
            await work.session.merge(row)
            await work.commit()

    async def note(self, actor: Actor, changes: Changes, spoken: Language) -> None:
        """Keep what was typed so far, without judging the name; nothing once the workspace is open.

        The rest begins as the page does: with the name that is suggested, the language `spoken`, 观测云企业账号.
        Raises MethodNotChoosableError.
        """
        async with self._database.writing() as work:
            user = await queries.user(work, actor.subject_id, lock=True)
            fee_account = await newcomers_account(work, actor.subject_id)
            if user is None or fee_account is None:
                return
            if changes.method:
                settlement_options.require_choosable(sites.get(user.site), self._providers, changes.method)
            began = await work.session.get(SettlementDraft, user.id) or SettlementDraft(
                user_id=user.id,
                name=await suggested_name(work, user, fee_account),
                language=spoken,
                method=SettlementMethod.ENTERPRISE,
            )
            for field in fields(changes):
                if (value := getattr(changes, field.name)) is not None:
                    setattr(began, field.name, value)
            work.session.add(began)
            await work.commit()

    async def kept(self, actor: Actor) -> Chosen | None:
        """What was kept; None for nothing."""
        async with self._database.reading() as work:
            row = await work.session.get(SettlementDraft, actor.subject_id)
        return Chosen(name=row.name, language=row.language, method=row.method) if row else None


async def forget(work: UnitOfWork, user_id: str) -> None:
    """The workspace is open."""
    await work.session.exec(delete(SettlementDraft).where(col(SettlementDraft.user_id) == user_id))
