"""An operator's sign-in: password, then authenticator; at the first one also enrolment and a password of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import StrEnum

import reflex as rx
import segno

from guance_portal import routes
from guance_portal.accounts.errors import SecondFactorOverError
from guance_portal.accounts.sessions.forms import EnrolmentForm, OperatorCodeForm, OperatorSignInForm
from guance_portal.accounts.sessions.operator_sign_in import SecondStep
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Password
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.typed import PasswordMixin


class SignInStep(StrEnum):
    """Where the sign-in stands."""

    PASSWORD = "password"
    CODE = "code"
    ENROLMENT = "enrolment"


class OperatorSignInState(PasswordMixin, rx.State):
    """Both steps. What is shown once (secret, QR code, recovery codes) is forgotten with the step."""

    step: rx.Field[str] = rx.field(default=SignInStep.PASSWORD.value)
    qr: rx.Field[str] = rx.field(default="")
    secret: rx.Field[str] = rx.field(default="")
    recovery_codes: rx.Field[list[str]] = rx.field(default_factory=list)
    ticket: rx.Field[str] = rx.field(default="")
    next_path: rx.Field[str] = rx.field(default="")
    _challenge: str = ""

    @audience(ANYONE, acts_as=(Realm.OPERATOR,))
    @rx.event
    def load_operator_sign_in(self) -> rx.event.EventSpec | None:
        """Start over; a person who is signed in already goes on at once."""
        self._start_over()
        self.next_path = routes.safe_next(self._asked("next", routes.LONGEST_NEXT + 1), Realm.OPERATOR)
        if self._signed_in(Realm.OPERATOR):
            return rx.redirect(self.next_path, replace=True)
        return None

    @audience(ANYONE)
    @rx.event
    def start_over(self) -> None:
        """Back to the password."""
        self._start_over()

    @audience(ANYONE)
    @rx.event
    async def give_password(self, form: OperatorSignInForm) -> AsyncIterator[None]:
        """The first step."""
        if self._lacks(form):
            return
        self._begin()
        yield
        try:
            challenge = await services().operator_sign_in.begin(form.login, form.password, self._caller())
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy, self._challenge = False, challenge.token
        self.step = SignInStep.CODE.value
        if enrolment := challenge.enrolment:
            self.step, self.secret = SignInStep.ENROLMENT.value, enrolment.secret
            self.recovery_codes = list(enrolment.recovery_codes)
            self.qr = segno.make(enrolment.uri, error="m").svg_data_uri(scale=5, border=2, light="#fff")

    @audience(ANYONE)
    @rx.event
    async def give_code(self, form: OperatorCodeForm) -> AsyncIterator[None]:
        """The second step."""
        async for _ in self._finish(form):
            yield

    @audience(ANYONE)
    @rx.event
    async def enrol(self, form: EnrolmentForm) -> AsyncIterator[None]:
        """The second step of the first time."""
        async for _ in self._finish(form, form.new_password):
            yield

    async def _finish(self, form: OperatorCodeForm, new_password: str = "") -> AsyncIterator[None]:
        if self._lacks(form):
            return
        self._begin()
        yield
        try:
            step = SecondStep(challenge=self._challenge, code=form.code, new_password=new_password)
            ticket = await services().operator_sign_in.finish(step, self._caller())
        except SecondFactorOverError as error:
            self._start_over()
            self._fail(error)
        except PortalError as error:
            self._fail(error)
        else:
            self._forget_secrets()
            self.ticket = ticket

    @audience(ANYONE)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        await self._rate_password("new_password", password)

    @audience(ANYONE)
    @rx.event
    async def leave_password(self, password: Password) -> None:
        """Say what is wrong with a password that is left."""
        await self._leave_password("new_password", password)

    def _start_over(self) -> None:
        self._start()
        self._forget_secrets()
        self.step, self.ticket, self.score = SignInStep.PASSWORD.value, "", -1

    def _forget_secrets(self) -> None:
        # The state outlives the page for a while, and is sent again to anyone who has the tab's token and cookie.
        self.qr, self.secret, self.recovery_codes, self._challenge = "", "", [], ""
