"""企业信息 of a fee-centre account: shown, and edited in a dialog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Typed, blank
from guance_portal.core.messages import Text, text
from guance_portal.payers.company import CompanyForm
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.session import ViewerState
from guance_portal.state.typed import TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(CompanyForm.text_name)]


class FeeCompanyState(TypedMixin, rx.State):
    """The company as it is kept; `names` are those of what was chosen, `has_company` whether anything was ever given.

    `openings` grows with each opening of the dialog, which then shows all of it again.
    """

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(CompanyForm))
    names: rx.Field[dict[str, Text]] = rx.field(default_factory=dict)
    has_company: rx.Field[bool] = rx.field(default=False)
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

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, field: _Field, value: Typed) -> None:
        """Say what is wrong with a field that is left."""
        if field in ("region", "uscc"):  # one decides what the other is called, and how it is judged
            self.typed[field] = value
        self._leave_unkept(CompanyForm, field, value)
        if field == "region" and "uscc" in self.problems:
            self._judge("uscc", CompanyForm.of(self.typed).problem_of("uscc"))

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def save_company(self, form: CompanyForm) -> AsyncIterator[Any]:
        """Take the form."""
        self._begin()
        yield None
        try:
            await services().companies.change(self._actor(), form, self._caller())
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

    def _show(self, company: CompanyForm | None) -> None:
        self.has_company = company is not None
        shown = company or CompanyForm()
        self._take(shown)
        self.names = shown.names()
