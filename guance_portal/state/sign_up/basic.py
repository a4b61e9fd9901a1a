"""基本信息 of 商业版, and the one page of 体验版: typed, checked while typing, kept, and sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes, sites
from guance_portal.accounts.identity import contact, phones, usernames
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import every_problem
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, LanguageTag, Line, Password, blank
from guance_portal.core.messages import Language, Text
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.drafts import DraftView
from guance_portal.onboarding.rules import EmailRegisteredError, SignUpStep
from guance_portal.state import connection
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.codes import CodeMixin
from guance_portal.state.sign_up.form import Agreeing, SignUpMixin, Spoken, read_accepted
from guance_portal.state.sign_up.username import UsernameMixin
from guance_portal.state.typed import PasswordMixin, TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(BasicForm.text_name)]


class CommercialForm(Spoken, BasicForm):
    """The page of 商业版."""


class FreeForm(Agreeing, BasicForm):
    """The page of 体验版."""


class SignUpBasicState(PasswordMixin, TypedMixin, UsernameMixin, CodeMixin, SignUpMixin, rx.State):
    """What was typed, and what is known about it.

    `is_password_lost`: the one accepted before went with the username or email it was judged by.
    """

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(BasicForm))
    opens_fee_account: rx.Field[bool] = rx.field(default=False)
    has_password: rx.Field[bool] = rx.field(default=False)
    is_password_lost: rx.Field[bool] = rx.field(default=False)
    is_email_proven: rx.Field[bool] = rx.field(default=False)
    needs_phone: rx.Field[bool] = rx.field(default=True)
    calling_code: rx.Field[str] = rx.field(default="")
    site_currency: rx.Field[str] = rx.field(default="")
    site_methods: rx.Field[Text] = rx.field(default_factory=Text)
    site_note: rx.Field[Text] = rx.field(default_factory=Text)
    sent_to: rx.Field[str] = rx.field(default="")
    is_registered: rx.Field[bool] = rx.field(default=False)
    ticket: rx.Field[str] = rx.field(default="")
    is_honeypot_filled: rx.Field[bool] = rx.field(default=False)
    _honeypot: str = ""
    _needs_free_name: bool = True

    @audience(ANYONE, acts_as=(Realm.CONSOLE,))
    @rx.event
    async def load_basic(self) -> rx.event.EventSpec | None:
        """Show the draft; whose account exists already goes on to its next step."""
        if elsewhere := await self._elsewhere(SignUpStep.BASIC):
            return rx.redirect(elsewhere, replace=True)
        await self._load()
        self._needs_free_name = True
        await self._recall_name(self.typed["username"], self._check)
        return None

    @audience(ANYONE)
    @rx.event
    async def load_free(self) -> None:
        """Show the draft on the page of 体验版."""
        await self._load()
        self._needs_free_name = self.opens_fee_account
        await self._recall_name(self.typed["username"], self._check)

    @audience(ANYONE)
    @rx.event
    async def save(self, field: _Field, value: Line) -> None:
        """Keep what is typed or chosen."""
        is_changed = self._type(BasicForm, field, value)
        try:
            draft = await services().onboarding.drafts.save(connection.draft(self.router), {field: value})
        except PortalError as error:
            await self._say_error(error)
        else:
            self._know(draft)
            if is_changed and field == "site" and "phone" in self.problems:
                self._judge("phone", BasicForm.of(self.typed).problem_of("phone", is_empty_wrong=True))
            if is_changed and field in ("site", "email"):
                # The code was for another address; whether this one may have one now is said when it is asked for.
                self.sent_to, self.wait = "", 0
                self.problems.pop("code", None)

    @audience(ANYONE)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left."""
        self._leave(BasicForm, field, value)

    @audience(ANYONE)
    @rx.event
    async def leave_password(self, password: Password) -> None:
        """Say what is wrong with a password that is left."""
        await self._leave_password("password", password, self.typed["username"], self.typed["email"])

    @audience(ANYONE)
    @rx.event
    def note_honeypot(self, value: Line) -> None:
        """Remember that the field which people cannot see was filled in, and show it: it may be a person's own program."""
        self._honeypot, self.is_honeypot_filled = value, bool(value)

    @audience(ANYONE)
    @rx.event
    async def save_switch(self, opens_fee_account: bool) -> AsyncIterator[None]:  # noqa: FBT001 - what a switch sends
        """Keep whether a fee-centre account is wanted with 体验版."""
        try:
            await services().onboarding.drafts.save(
                connection.draft(self.router), {"opens_fee_account": opens_fee_account}
            )
        except PortalError as error:
            await self._say_error(error)
        else:
            self.opens_fee_account = self._needs_free_name = opens_fee_account
            async for _ in self.check_username(self.typed["username"]):
                yield

    @audience(ANYONE)
    @rx.event
    async def check_username(self, typed: Line) -> AsyncIterator[None]:
        """Say while it is typed whether a username can be had: free, where it also names a fee-centre account."""
        async for _ in self._check_name(typed, self._check):
            yield

    @audience(ANYONE)
    @rx.event
    async def take_suggestion(self, username: Line) -> AsyncIterator[None]:
        """Put a suggested username into the field."""
        try:
            draft = await services().onboarding.drafts.save(connection.draft(self.router), {"username": username})
        except PortalError as error:
            await self._say_error(error)
            return
        self._know(draft)
        self.typed["username"] = username
        self.renames += 1
        async for _ in self.check_username(username):
            yield

    @audience(ANYONE)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        await self._rate_password("password", password, self.typed["username"], self.typed["email"])

    @audience(ANYONE)
    @rx.event
    async def send_code(self, language: LanguageTag) -> AsyncIterator[None]:
        """Send a code to the address in the form, which was kept when its field was left."""
        if not self._begin_sending("email", "code"):
            return
        yield
        asked = services().onboarding.step_one.send_code(
            self._visitor(language), self.typed["site"], self.typed["email"], honeypot=self._honeypot
        )
        sent, error = await self._send(asked, otherwise="email")
        if error is None:
            self.sent_to, self.is_email_proven = sent.email if sent else self.typed["email"].strip(), False

    @audience(ANYONE)
    @rx.event
    async def next_step(self, form: CommercialForm) -> AsyncIterator[Any]:
        """下一步 of 商业版; once it is accepted the next page is opened, and this one stays busy until it is loaded again."""
        if self.is_busy:
            return
        self._begin()
        yield
        try:
            await services().onboarding.step_one.confirm(self._visitor(form.language), form)
        except PortalError as error:
            await self._fail_basic(error)
            return
        yield rx.redirect(routes.REGISTER_ENTERPRISE)

    @audience(ANYONE)
    @rx.event
    async def register_free(self, form: FreeForm) -> AsyncIterator[None]:
        """注册 of 体验版: on success there is a ticket, which the page posts."""
        self._begin()
        yield
        try:
            accepted = read_accepted(form.versions) if form.agreements else ()
            receipt = await services().onboarding.sign_up.register_free(self._visitor(form.language), form, accepted)
        except PortalError as error:
            await self._fail_basic(error)
            return
        self.ticket = receipt.ticket

    async def _check(self, typed: str) -> str:
        if not self._needs_free_name:
            return usernames.choose(typed)
        return await services().onboarding.step_one.check_username(typed, self._caller())

    async def _load(self) -> None:
        self._start()
        self.ticket, self.score = "", -1
        self._forget_name()
        self.sent_to, self.is_sending = "", False
        self.has_password = self.is_password_lost = self.is_registered = False
        draft = await services().onboarding.drafts.load(connection.draft(self.router))
        self._take(BasicForm.of(draft.form.typed()))
        self.opens_fee_account, self.wait = draft.form.opens_fee_account, draft.resend_after
        self._know(draft)
        self.version += 1

    async def _fail_basic(self, error: PortalError) -> None:
        """Say what is wrong, and what the refused submit has changed all the same: a right code, an accepted password."""
        self._fail_all(error)
        self._fail_name(error)
        self.is_registered = any(isinstance(one, EmailRegisteredError) for one in every_problem(error))
        self._know(await services().onboarding.drafts.load(connection.draft(self.router)))

    def _know(self, draft: DraftView) -> None:
        self.typed["site"] = draft.form.site or self._first_site()
        self.is_password_lost = not draft.has_password and (self.has_password or self.is_password_lost)
        self.has_password, self.is_email_proven = draft.has_password, draft.is_email_proven
        if not self.typed["site"]:
            self.needs_phone, self.calling_code, self.site_currency = False, "", ""
            return
        site = sites.get(self.typed["site"])
        self.needs_phone, self.calling_code = phones.needs_phone(site), contact.calling_code(site.country)
        terms = services().onboarding.offers.terms(site)
        self.site_currency, self.site_note = terms.currency.value, terms.note
        self.site_methods = Text("、".join(one.zh for one in terms.methods), ", ".join(one.en for one in terms.methods))

    def _first_site(self) -> str:
        """What stands in the field at first: who reads English may be anywhere, and is asked."""
        is_asked = connection.language(self.router) is Language.EN
        return "" if is_asked else sites.all_sites()[0].code
