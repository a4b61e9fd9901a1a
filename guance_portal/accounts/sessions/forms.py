"""The forms by which people sign in, and get or change a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from guance_portal.accounts.identity import contact, usernames
from guance_portal.accounts.identity.asked import ChosenPassword, CurrentPassword, SecondFactor
from guance_portal.core import plain
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Token


def _at_login(check: Callable[[str], str]) -> Callable[[str], str]:
    """The same check for the field of this name."""

    def checked(typed: str) -> str:
        try:
            return check(typed)
        except PortalError as problem:
            problem.field = "login"
            raise

    return checked


def _name_or_address(typed: str) -> str:
    """A username or an e-mail: no username has an @."""
    login = plain.identifier(typed)
    return contact.clean_email(login) if "@" in login else usernames.clean(login)


_Site = Annotated[str, Asked(label="sign_in.site", kind=FieldKind.SITE, most=10)]
_Email = Annotated[
    str,
    Asked(
        label="sign_in.email",
        kind=FieldKind.EMAIL,
        check=_at_login(contact.clean_email),
        autocomplete="username",
        most=254,
        missing="sign_in.missing_email",
    ),
]


class ConsoleLogin(Form):
    """Whose password was forgotten in the console."""

    site: _Site = ""
    login: _Email = ""


class ConsoleSignIn(ConsoleLogin):
    """Into the console; `keep` asks for a long session."""

    password: CurrentPassword = ""
    keep: bool = False


class FeeLogin(Form):
    """Whose password was forgotten in the fee centre, where a username does as well."""

    login: Annotated[
        str,
        Asked(
            label="fee_sign_in.login",
            check=_at_login(_name_or_address),
            autocomplete="username",
            most=254,
            missing="sign_in.missing_login",
        ),
    ] = ""


class FeeSignIn(FeeLogin):
    """Into the fee centre."""

    password: CurrentPassword = ""


class OperatorSignInForm(Form):
    """An operator's first step."""

    login: _Email = ""
    password: CurrentPassword = ""


class OperatorCodeForm(Form):
    """An operator's second step."""

    code: SecondFactor = ""


class EnrolmentForm(OperatorCodeForm):
    """The second step of the first time."""

    new_password: Annotated[
        str,
        Asked(
            label="reset.password",
            kind=FieldKind.PASSWORD,
            autocomplete="new-password",
            missing="sign_in.missing_new_password",
        ),
    ] = ""


class RecoveryForm(Form):
    """What new recovery codes cost."""

    password: CurrentPassword = ""
    code: SecondFactor = ""


class ResetForm(Form):
    """A new password by the link of a mail."""

    token: Token = ""
    new: ChosenPassword = ""


class ChangeForm(Form):
    """A new password for the present one."""

    current: Annotated[
        str,
        Asked(
            label="security.current",
            kind=FieldKind.PASSWORD,
            autocomplete="current-password",
            missing="sign_in.missing_current",
        ),
    ] = ""
    new: ChosenPassword = ""
