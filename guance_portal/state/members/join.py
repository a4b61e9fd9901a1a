"""Accepting an invitation: signed in, with the password of an account, or as a new person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes
from guance_portal.accounts.errors import EmailTakenError, WrongLoginError
from guance_portal.accounts.identity import contact, phones
from guance_portal.accounts.members.invitations import InvitationOffer
from guance_portal.accounts.members.rules import InvitationSpentError
from guance_portal.accounts.rules import Edition, email_key
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, Asked, FieldKind, Form, Line, Password, Token, blank
from guance_portal.core.messages import Language, Text, text
from guance_portal.onboarding.forms import JoinForm
from guance_portal.state.audience import ANYONE, SAME_PERSON, Exempt, audience
from guance_portal.state.sign_up.form import Agreeing, SignUpMixin, read_accepted
from guance_portal.state.typed import PasswordMixin, TypedMixin

_Field = Annotated[str, FIELD_NAME, AfterValidator(JoinForm.text_name)]


class AcceptForm(Form):
    """Joining as the person who is signed in."""

    token: Token = ""


class SignInForm(AcceptForm):
    """Joining with the password of an account."""

    password: Annotated[
        str,
        Asked(
            label="sign_up.password",
            kind=FieldKind.PASSWORD,
            autocomplete="current-password",
            missing="sign_in.missing_password",
        ),
    ] = ""


class JoinRegisterForm(Agreeing, JoinForm):
    """Joining as a new person."""

    token: Token = ""


class JoinState(PasswordMixin, TypedMixin, SignUpMixin, rx.State):
    """What the link offers, and to whom: `way` is "accept", "others", "sign_in", "register" or "dead".

    `others` is the address of somebody else who is signed in here.
    """

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(JoinForm))
    way: rx.Field[str] = rx.field(default="")
    workspace: rx.Field[str] = rx.field(default="")
    site: rx.Field[Text] = rx.field(default_factory=Text)
    sender: rx.Field[str] = rx.field(default="")
    role: rx.Field[Text] = rx.field(default_factory=Text)
    email: rx.Field[str] = rx.field(default="")
    others: rx.Field[str] = rx.field(default="")
    needs_phone: rx.Field[bool] = rx.field(default=True)
    is_commercial: rx.Field[bool] = rx.field(default=False)
    calling_code: rx.Field[str] = rx.field(default="")
    ticket: rx.Field[str] = rx.field(default="")
    _site_code: str = ""

    @audience(ANYONE)
    @rx.event
    def load_join(self) -> None:
        """Start over; what the link offers comes with the token."""
        self._start()
        self.ticket, self.score = "", -1

    @audience(
        ANYONE, acts_as=(Realm.CONSOLE,), page=Exempt("It shows what the link offers; what is done then is compared.")
    )
    @rx.event
    async def read_invitation(self, token: Token) -> None:
        """Show what the link offers."""
        try:
            offer = await services().invitations.read(token, self._caller())
        except InvitationSpentError:
            self.way = "dead"
        except PortalError as error:
            await self._say_error(error)
        else:
            self._show(offer)

    @audience(ANYONE)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        await self._rate_password("password", password, email=self.email)

    @audience(ANYONE)
    @rx.event
    async def leave_password(self, password: Password) -> None:
        """Say what is wrong with a password that is left."""
        await self._leave_password("password", password, email=self.email)

    @audience(ANYONE)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left."""
        if field != "phone":
            self._leave_unkept(JoinForm, field, value)
        elif value.strip() or field in self.problems:
            self._judge(field, phones.phone_problem(value, self._site_code))

    @audience(ANYONE, acts_as=(Realm.CONSOLE,), page=SAME_PERSON)
    @rx.event
    async def accept(self, form: AcceptForm) -> AsyncIterator[Any]:
        """Join as the person who is signed in."""
        self._begin()
        yield None
        session = self._signed_in(Realm.CONSOLE)
        if session is None:
            self.is_busy, self.way = False, "sign_in"
            return
        try:
            await services().invitations.accept(session.actor, form.token, self._caller())
        except PortalError as error:
            self._lose(error)
            return
        self.is_busy = False
        await self._say("join.joined", workspace=self.workspace)
        yield rx.redirect(routes.MEMBERS, replace=True)

    @audience(ANYONE)
    @rx.event
    async def sign_in(self, form: SignInForm) -> AsyncIterator[None]:
        """Prove to be whom the email was sent to, and join."""
        if self._lacks(form):
            return
        self._begin()
        yield
        try:
            self.ticket = await services().invitations.sign_in_and_accept(form.token, form.password, self._caller())
        except WrongLoginError:
            self._refuse({"password": text("join.wrong_password")})
        except PortalError as error:
            self._lose(error)

    @audience(ANYONE)
    @rx.event
    async def register(self, form: JoinRegisterForm) -> AsyncIterator[None]:
        """Become a console user and join."""
        self._begin()
        yield
        try:
            accepted = read_accepted(form.versions) if form.agreements else ()
            self.ticket = await services().joining.register(
                form.token, form, accepted, Language.of(form.language), self._caller()
            )
        except EmailTakenError:
            self.is_busy, self.way = False, "sign_in"
        except PortalError as error:
            self._lose(error)

    def _show(self, offer: InvitationOffer) -> None:
        self.workspace, self.site, self.sender = offer.workspace, offer.site.name, offer.sender
        self.role, self.email = text(f"role.{offer.role}"), offer.email
        self.needs_phone, self._site_code = phones.needs_phone(offer.site), offer.site.code
        self.is_commercial = offer.edition is Edition.COMMERCIAL
        self.calling_code = contact.calling_code(offer.site.country)
        session = self._signed_in(Realm.CONSOLE)
        self.others = ""
        if session is None:
            self.way = "sign_in" if offer.has_account else "register"
        elif (session.site, email_key(session.email)) == (offer.site.code, email_key(offer.email)):
            self.way = "accept"
        else:
            self.way, self.others = "others", session.email

    def _lose(self, error: PortalError) -> None:
        if isinstance(error, InvitationSpentError):
            self.is_busy, self.way = False, "dead"
        else:
            self._fail_all(error)
