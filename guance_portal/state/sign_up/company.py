"""企业信息 of 商业版: kept while typing; 注册 makes the account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from guance_portal import routes
from guance_portal.accounts.usernames import UsernameTakenError
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.onboarding.drafts import DraftChanges
from guance_portal.onboarding.rules import EmailRegisteredError, Step, StepNotReachedError
from guance_portal.payers.company import CompanyForm
from guance_portal.state import connection
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.sign_up.form import LanguageTag, Line, SignUpMixin, read_accepted

Kept = Literal["company_name", "uscc", "industry", "region", "contact", "introduction"]
"""The fields that are kept while they are typed."""
_Text = Annotated[str, Field(max_length=plain.LONGEST_TEXT)]


class _Form(TypedDict):
    language: LanguageTag
    company_name: Line
    uscc: Line
    industry: Line
    region: Line
    contact: Line
    introduction: _Text
    agreements: bool
    versions: Line


class SignUpCompanyState(SignUpMixin, rx.State):
    """What was typed about the company; once there is a `ticket` the page posts it and goes on signed in."""

    company_name: rx.Field[str] = rx.field(default="")
    uscc: rx.Field[str] = rx.field(default="")
    industry: rx.Field[str] = rx.field(default="")
    region: rx.Field[str] = rx.field(default="")
    contact: rx.Field[str] = rx.field(default="")
    introduction: rx.Field[str] = rx.field(default="")
    is_name_lost: rx.Field[bool] = rx.field(default=False)
    is_registered: rx.Field[bool] = rx.field(default=False)
    ticket: rx.Field[str] = rx.field(default="")

    @audience(ANYONE, acts_as=(Realm.CONSOLE,))
    @rx.event
    async def load_company(self) -> rx.event.EventSpec | None:
        """Show the draft, once step 1 is done."""
        if elsewhere := await self._elsewhere(Step.ENTERPRISE):
            return rx.redirect(elsewhere, replace=True)
        self._start()
        self.ticket, self.is_name_lost, self.is_registered = "", False, False
        company = (await services().onboarding.drafts.load(connection.draft(self.router))).company
        self.company_name, self.uscc, self.industry = company.company_name, company.uscc, company.industry
        self.region, self.contact, self.introduction = company.region, company.contact, company.introduction
        self.version += 1
        return None

    @audience(ANYONE)
    @rx.event
    async def keep(self, field: Kept, value: _Text) -> None:
        """Keep what is typed or chosen."""
        setattr(self, field, value)
        try:
            await services().onboarding.drafts.save(
                connection.draft(self.router), replace(DraftChanges(), **{field: value})
            )
        except PortalError as error:
            await self._say_error(error)

    @audience(ANYONE)
    @rx.event
    async def register(self, form: _Form) -> AsyncIterator[Any]:
        """注册: the account comes into being."""
        self._begin()
        self.is_name_lost = self.is_registered = False
        yield
        company = CompanyForm(
            company_name=form["company_name"],
            uscc=form["uscc"],
            industry=form["industry"],
            region=form["region"],
            contact=form["contact"],
            introduction=form["introduction"],
        )
        try:
            accepted = read_accepted(form["versions"]) if form["agreements"] else ()
            receipt = await services().onboarding.sign_up.register_commercial(
                self._visitor(form["language"]), company, accepted
            )
        except (UsernameTakenError, EmailRegisteredError) as lost:
            self._fail_all(lost)
            self.is_name_lost = isinstance(lost, UsernameTakenError)
            self.is_registered = not self.is_name_lost
        except StepNotReachedError as error:
            self.is_busy = False
            await self._say_error(error)
            yield rx.redirect(routes.REGISTER_BASIC)
        except PortalError as error:
            self._fail_all(error)
        else:
            self.ticket = receipt.ticket
