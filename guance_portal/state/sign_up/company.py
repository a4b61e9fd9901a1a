"""企业信息 of 商业版: kept while typing; 注册 makes the account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes
from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Typed, blank
from guance_portal.onboarding.rules import EmailRegisteredError, SignUpStep, StepNotReachedError
from guance_portal.payers.company import CompanyForm
from guance_portal.state import connection
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.sign_up.form import Agreeing, SignUpMixin, read_accepted
from guance_portal.state.typed import TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(CompanyForm.text_name)]


class CompanyRegisterForm(Agreeing, CompanyForm):
    """The page: the company, and the agreements."""


class SignUpCompanyState(TypedMixin, SignUpMixin, rx.State):
    """What was typed about the company; once there is a `ticket` the page posts it and goes on signed in."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(CompanyForm))
    is_name_lost: rx.Field[bool] = rx.field(default=False)
    is_registered: rx.Field[bool] = rx.field(default=False)
    ticket: rx.Field[str] = rx.field(default="")

    @audience(ANYONE, acts_as=(Realm.CONSOLE,))
    @rx.event
    async def load_company(self) -> rx.event.EventSpec | None:
        """Show the draft, once step 1 is done."""
        if elsewhere := await self._elsewhere(SignUpStep.ENTERPRISE):
            return rx.redirect(elsewhere, replace=True)
        self._start()
        self.ticket, self.is_name_lost, self.is_registered = "", False, False
        draft = await services().onboarding.drafts.load(connection.draft(self.router))
        self._take(CompanyForm.of(draft.form.typed()))
        self.version += 1
        return None

    @audience(ANYONE)
    @rx.event
    async def save(self, field: _Field, value: Typed) -> None:
        """Keep what is typed or chosen."""
        if self._type(CompanyForm, field, value) and field == "region" and "uscc" in self.problems:
            self._judge("uscc", CompanyForm.of(self.typed).problem_of("uscc"))
        try:
            await services().onboarding.drafts.save(connection.draft(self.router), {field: value})
        except PortalError as error:
            await self._say_error(error)

    @audience(ANYONE)
    @rx.event
    def leave(self, field: _Field, value: Typed) -> None:
        """Say what is wrong with a field that is left."""
        self._leave(CompanyForm, field, value)

    @audience(ANYONE)
    @rx.event
    async def register(self, form: CompanyRegisterForm) -> AsyncIterator[Any]:
        """注册: the account comes into being."""
        self._begin()
        self.is_name_lost = self.is_registered = False
        yield
        try:
            accepted = read_accepted(form.versions) if form.agreements else ()
            receipt = await services().onboarding.sign_up.register_commercial(
                self._visitor(form.language), form, accepted
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
