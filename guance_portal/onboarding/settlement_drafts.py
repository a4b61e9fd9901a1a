"""What somebody typed and chose at step 3: kept until the workspace is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from guance_portal import sites
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.drafts import DraftKind, Found, of_actor
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.forms import Asked, FieldKind
from guance_portal.core.messages import Language
from guance_portal.onboarding import queries, rules, settlement_options
from guance_portal.onboarding.forms import WorkspaceForm
from guance_portal.onboarding.progress import newcomers_account, suggested_name
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.errors import MethodNotChoosableError
from guance_portal.sites import Site


def method_of(typed: str) -> SettlementMethod:
    """The settlement method of this name; raises MethodNotChoosableError."""
    try:
        return SettlementMethod.of(typed)
    except ValueError:
        raise MethodNotChoosableError(field="method") from None


class SettlementForm(WorkspaceForm):
    """选择结算方式 as typed."""

    method: Annotated[
        str, Asked(label="sign_up.method", kind=FieldKind.CHOICE, most=20, check=lambda typed: method_of(typed).value)
    ] = ""


SETTLEMENT = DraftKind(name="settlement", form=SettlementForm, found=Found, life=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The workspace to be, and how it will be settled."""

    name: str
    language: Language
    method: SettlementMethod

    @classmethod
    def of(cls, form: SettlementForm) -> Chosen:
        """What a form says; raises MethodNotChoosableError."""
        return cls(name=form.name, language=Language.of(form.workspace_language), method=method_of(form.method))

    @property
    def form(self) -> SettlementForm:
        """As it is typed."""
        return SettlementForm(name=self.name, workspace_language=self.language.value, method=self.method.value)


class SettlementDraftService:
    """Keeps one choice for each person whose sign-up waits for its workspace."""

    def __init__(self, database: Database, clock: Clock, providers: Providers) -> None:
        self._database, self._clock, self._providers = database, clock, providers

    async def save(self, actor: Actor, site: Site, chosen: Chosen) -> None:
        """Keep what was chosen, before its cloud account is subscribed.

        Raises WorkspaceNameMissingError, WorkspaceNameTooLongError, HiddenCharacterError,
        MethodNotChoosableError, NotAllowedError.
        """
        name = rules.workspace_name(chosen.name)
        settlement_options.require_choosable(site, self._providers, chosen.method)
        async with self._database.writing() as work:
            if await newcomers_account(work, actor.subject_id) is None:
                raise NotAllowedError
            draft = await SETTLEMENT.take(work, of_actor(actor), self._clock.now())
            draft.type(chosen.form.but(name=name).typed())
            await work.commit()

    async def note(self, actor: Actor, changes: Mapping[str, Any], spoken: Language) -> None:
        """Keep what was typed so far, by field, without judging the name; nothing once the workspace is open.

        The rest begins as the page does: with the name that is suggested, the language `spoken`, 观测云企业账号.
        Raises MethodNotChoosableError.
        """
        async with self._database.writing() as work:
            user = await queries.user(work, actor.subject_id, lock=True)
            fee_account = await newcomers_account(work, actor.subject_id)
            if user is None or fee_account is None:
                return
            if method := changes.get("method"):
                settlement_options.require_choosable(sites.get(user.site), self._providers, method_of(method))
            draft = await SETTLEMENT.take(work, of_actor(actor), self._clock.now())
            if not draft.typed.method:
                name = await suggested_name(work, user, fee_account)
                draft.type(Chosen(name=name, language=spoken, method=SettlementMethod.ENTERPRISE).form.typed())
            draft.type(changes)
            await work.commit()

    async def kept(self, actor: Actor) -> Chosen | None:
        """What was kept; None for nothing."""
        async with self._database.reading() as work:
            draft = await SETTLEMENT.find(work, of_actor(actor), self._clock.now(), lock=False)
        return Chosen.of(draft.typed) if draft else None


async def delete(work: UnitOfWork, user_id: str) -> None:
    """The workspace is open."""
    await SETTLEMENT.end(work, f"{Realm.CONSOLE}:{user_id}")
