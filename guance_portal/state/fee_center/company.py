"""企业信息 of a fee-centre account: shown, and edited in a dialog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.words import Text, text
from guance_portal.payers import choices
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.profile import CompanyProfile
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.session import ViewerState

_Line = Annotated[str, Field(max_length=plain.LONGEST_LINE)]


class _Form(TypedDict):
    company_name: _Line
    uscc: _Line
    industry: _Line
    region: _Line
    contact: _Line
    introduction: Annotated[str, Field(max_length=plain.LONGEST_TEXT)]


class FeeCompanyState(FormMixin, rx.State):
    """The company as it is kept; `openings` grows with each opening of the dialog, which then shows it anew."""

    company_name: rx.Field[str] = rx.field(default="")
    uscc: rx.Field[str] = rx.field(default="")
    industry: rx.Field[str] = rx.field(default="")
    region: rx.Field[str] = rx.field(default="")
    contact: rx.Field[str] = rx.field(default="")
    introduction: rx.Field[str] = rx.field(default="")
    industry_name: rx.Field[Text] = rx.field(default_factory=Text)
    region_name: rx.Field[Text] = rx.field(default_factory=Text)
    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_company(self) -> None:
        """Read it."""
        self._start()
        self.is_open = False
        await self._load()

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def open_company(self) -> None:
        """Edit what is kept now."""
        self._start()
        await self._load()
        self.openings += 1
        self.is_open = True

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_company(self) -> None:
        """Change nothing."""
        self.is_open = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def save_company(self, form: _Form) -> AsyncIterator[Any]:
        """Take the form."""
        self._begin()
        yield None
        try:
            await services().companies.change(self._actor(), CompanyForm(**form), self._caller())
        except FormProblemsError as error:
            self._refuse({one.field: text(one.code, **one.params) for one in error})
            return
        except PortalError as error:
            self._fail(error)
            return
        await self._load()
        self.is_busy = self.is_open = False
        await self._say("fee_company.saved")
        yield ViewerState.load_viewer

    async def _load(self) -> None:
        self.is_loaded = False
        try:
            view = await services().fee_center.account(self._actor())
        except PasswordNeededError:
            return
        self._show(view.company)
        self.is_loaded = True

    def _show(self, company: CompanyProfile | None) -> None:
        self.company_name, self.uscc = (company.name, company.uscc) if company else ("", "")
        self.industry, self.region = (company.industry, company.region) if company else ("", "")
        self.contact, self.introduction = (company.contact, company.introduction) if company else ("", "")
        self.industry_name = choices.industries().get(self.industry, Text())
        self.region_name = choices.regions().get(self.region, Text())
