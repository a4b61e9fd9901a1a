"""套餐升级: what it means, 服务协议, and 升级成功. The open dialog stands in the address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.forms import Id
from guance_portal.core.messages import Language, Text, text
from guance_portal.onboarding.agreements import AgreementOutdatedError
from guance_portal.onboarding.upgrade.payer import AskingOwner
from guance_portal.onboarding.upgrade.rules import AlreadyCommercialError, PayerChangedError, PayerMissingError
from guance_portal.onboarding.upgrade.service import UpgradeOrder
from guance_portal.onboarding.upgrade.view import UpgradeOffer, UpgradeView
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FORM, FormMixin
from guance_portal.state.display import moment
from guance_portal.state.live import LiveMixin, billing_days
from guance_portal.state.sign_up.agreement import SectionRow, section_rows
from guance_portal.state.sign_up.form import Agreeing, read_accepted
from guance_portal.state.upgrade.effects import EffectRow, effects

AGREEMENT_TEXT = "agreement-text"
"""The id of the frame in which 服务协议 is read."""
AGREEMENT, BIND, REGISTER = "agreement", "bind", "register"
"""The dialogs by the names they have in the address."""


class AgreementForm(Agreeing):
    """What is accepted; `workspace` and `payer` are those that the dialog named."""

    workspace: Id = ""
    payer: Id = ""


class UpgradeMixin(FormMixin, mixin=True):
    """A dialog of 套餐升级."""

    def _asker(self, workspace_id: str, language: str = "") -> AskingOwner:
        return AskingOwner(
            actor=self._actor(),
            caller=self._caller(),
            workspace_id=workspace_id,
            language=Language.of(language),
        )

    async def _turn_away(self, error: PortalError) -> rx.event.EventSpec | None:
        """Where to go when the page is out of date: the workspace was upgraded elsewhere, or somebody can pay now."""
        if isinstance(error, AlreadyCommercialError):
            self.is_busy = False
            await self._say("upgrade.done_elsewhere")
            return rx.redirect(routes.UPGRADE_DONE, replace=True)
        return None


class UpgradeState(UpgradeMixin, LiveMixin, rx.State):
    """The workspace as it stands, and what the owner would accept.

    `is_renewed`: a newer version came into force while the dialog was open, and is shown in the place of the old one.
    """

    is_loaded: rx.Field[bool] = rx.field(default=False)
    dialog: rx.Field[str] = rx.field(default="")
    workspace_id: rx.Field[str] = rx.field(default="")
    workspace: rx.Field[str] = rx.field(default="")
    site: rx.Field[str] = rx.field(default="")
    is_owner: rx.Field[bool] = rx.field(default=False)
    owner: rx.Field[str] = rx.field(default="")
    payer: rx.Field[str] = rx.field(default="")
    is_own: rx.Field[bool] = rx.field(default=False)
    is_upgraded: rx.Field[bool] = rx.field(default=False)
    rows: rx.Field[list[EffectRow]] = rx.field(default_factory=list)
    about: rx.Field[Text] = rx.field(default_factory=Text)
    chinese: rx.Field[list[SectionRow]] = rx.field(default_factory=list)
    english: rx.Field[list[SectionRow]] = rx.field(default_factory=list)
    versions: rx.Field[str] = rx.field(default="")
    is_renewed: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_upgrade(self) -> rx.event.EventSpec | None:
        """Show where the workspace stands, and the dialog that the address asks for."""
        asked = self._asked("dialog")
        try:
            view = await services().onboarding.upgrade_views.view(self._actor())
        except NotAllowedError:
            return rx.redirect(routes.BILLING, replace=True)
        if view.edition is Edition.COMMERCIAL:
            return rx.redirect(
                routes.UPGRADE_DONE if view.is_upgraded and view.is_owner else routes.BILLING, replace=True
            )
        if asked != self.dialog or view.workspace_id != self.workspace_id:
            self._start()
            self.is_renewed = False
        days = billing_days(view.site.zone)
        await self._show(view)
        self._follow(view.workspace_id, view.version, days=days)
        self.dialog = _dialog(asked, view.offer)
        return None

    @audience(Realm.CONSOLE)
    @rx.event
    def begin(self) -> rx.event.EventSpec:
        """升级: to 服务协议 when it is known who pays, else to 绑定费用中心账号."""
        return rx.redirect(routes.upgrade(AGREEMENT if self.payer else BIND))

    @audience(Realm.CONSOLE, page=DISPLAY_ONLY)
    @rx.event
    def close_dialog(self) -> rx.event.EventSpec:
        """Back to the page; nothing has changed."""
        self.dialog = ""
        return rx.redirect(routes.UPGRADE, replace=True)

    @audience(Realm.CONSOLE)
    @rx.event
    async def accept_agreement(self, form: AgreementForm) -> AsyncIterator[Any]:
        """同意并升级."""
        self._begin()
        self.is_renewed = False
        yield
        try:
            accepted = read_accepted(form.versions) if form.agreements else ()
            who = self._asker(form.workspace, form.language)
            receipt = await services().onboarding.upgrades.upgrade(
                UpgradeOrder(who=who, payer=form.payer, accepted=accepted)
            )
        except AgreementOutdatedError:
            await self._renew()
            # The box is ticked again for the text that is read again: the focus goes there, not to a summary.
            self.is_busy, self.is_renewed = False, True
            yield rx.set_focus(AGREEMENT_TEXT)
        except PayerChangedError as error:
            await self._renew()
            self._fail(error)
        except PortalError as error:
            self._refuse({error.field or FORM: text(error.code, **error.params)})
            yield await self._way_on(error)
        else:
            self.is_busy, self.dialog = False, ""
            if receipt.is_repeated:
                await self._say("upgrade.done_elsewhere")
            yield rx.redirect(routes.UPGRADE_DONE, replace=True)

    async def _way_on(self, error: PortalError) -> rx.event.EventSpec | None:
        if isinstance(error, PayerMissingError):
            await self._say_error(error)
            return rx.redirect(routes.upgrade(BIND), replace=True)
        return await self._turn_away(error)

    async def _renew(self) -> None:
        """Show the agreement now in force, and who pays now; anyone who may not see it any more keeps what they see."""
        with suppress(NotAllowedError):
            await self._show(await services().onboarding.upgrade_views.view(self._actor()))

    async def _arrive(self) -> bool:
        """See `LiveMixin`: what is counted meanwhile, and an upgrade from another tab."""
        session = await self._live_session()
        if session is None or session.actor.workspace_id != self.workspace_id:
            return False
        try:
            view = await services().onboarding.upgrade_views.view(session.actor)
        except NotAllowedError:
            return False
        if view.edition is Edition.COMMERCIAL:
            self.is_upgraded = view.is_upgraded
            return False
        await self._show_effects(view, session.actor)
        return True

    async def _show(self, view: UpgradeView) -> None:
        self.workspace_id, self.workspace, self.site = view.workspace_id, view.workspace_name, view.site.code
        self.is_owner, self.owner, self.is_upgraded = view.is_owner, view.owner_name, False
        await self._show_effects(view, self._actor())
        if offer := view.offer:
            self.payer, self.is_own = offer.payer, offer.is_own
            self._show_agreements(offer)
        self.is_loaded = True

    async def _show_effects(self, view: UpgradeView, actor: Actor) -> None:
        self.rows = effects(view, view.offer, await services().usage.today(actor)) if view.offer else []

    def _show_agreements(self, offer: UpgradeOffer) -> None:
        first = offer.needed[0]
        self.about = Text(
            zh=_about(first.title.zh, first.version, first.effective.isoformat(), first.minutes(Language.ZH)).zh,
            en=_about(first.title.en, first.version, first.effective.isoformat(), first.minutes(Language.EN)).en,
        )
        self.chinese = [row for one in offer.needed for row in section_rows(one, Language.ZH)]
        self.english = [row for one in offer.needed for row in section_rows(one, Language.EN)]
        self.versions = " ".join(f"{one.kind}:{one.version}" for one in offer.needed)


class UpgradeDoneState(FormMixin, rx.State):
    """升级成功: what was done. Who pays now is told by `SettlementState`, for it may have changed since."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    workspace: rx.Field[str] = rx.field(default="")
    email: rx.Field[str] = rx.field(default="")
    since: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_done(self) -> rx.event.EventSpec | None:
        """Show the receipt; without one there is 付费计划与账单."""
        try:
            receipt = await services().onboarding.upgrades.done(self._actor())
        except PortalError:
            receipt = None
        if receipt is None:
            return rx.redirect(routes.BILLING, replace=True)
        self.workspace, self.email = receipt.workspace_name, receipt.email
        self.since, self.is_loaded = moment(receipt.upgraded_at, receipt.site.code), True
        return None


def _dialog(asked: str, offer: UpgradeOffer | None) -> str:
    """The dialog to show to somebody who asks for one by its address."""
    if offer is None or asked not in (AGREEMENT, BIND, REGISTER):
        return ""
    if offer.is_own:
        return AGREEMENT
    return BIND if asked == AGREEMENT and not offer.payer else asked


def _about(title: str, version: str, date: str, minutes: int) -> Text:
    return text("upgrade.agreement_about", title=title, version=version, date=date, minutes=minutes)
