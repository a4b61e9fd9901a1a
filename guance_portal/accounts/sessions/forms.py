"""The forms by which people sign in, and get or change a password."""

from __future__ import annotations

from typing import Annotated

from guance_portal.accounts.identity.asked import ChosenPassword, CurrentPassword, SecondFactor
from guance_portal.core.forms import Asked, Form, Kind, Token

_Site = Annotated[str, Asked(label="sign_in.site", kind=Kind.SITE, most=10)]
_Email = Annotated[
    str,
    Asked(label="sign_in.email", kind=Kind.EMAIL, autocomplete="username", most=254, missing="sign_in.missing_email"),
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
        str, Asked(label="fee_sign_in.login", autocomplete="username", most=254, missing="sign_in.missing_login")
    ] = ""


class FeeSignIn(FeeLogin):
    """Into the fee centre."""

    password: CurrentPassword = ""


class OperatorSignIn(Form):
    """An operator's first step."""

    login: _Email = ""
    password: CurrentPassword = ""


class CodeForm(Form):
    """An operator's second step."""

    code: SecondFactor = ""


class EnrolmentForm(CodeForm):
    """The second step of the first time."""

    new_password: Annotated[
        str,
        Asked(
            label="reset.password",
            kind=Kind.PASSWORD,
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
            kind=Kind.PASSWORD,
            autocomplete="current-password",
            missing="sign_in.missing_current",
        ),
    ] = ""
    new: ChosenPassword = ""
