"""The fields by which people make themselves known, as every form asks for them."""

from __future__ import annotations

from typing import Annotated

from guance_portal.accounts.codes import rules as code_rules
from guance_portal.accounts.identity import contact, usernames
from guance_portal.core.forms import Asked, FieldKind

Username = Annotated[
    str, Asked(label="sign_up.username", kind=FieldKind.USERNAME, check=usernames.choose, autocomplete="username")
]
CurrentPassword = Annotated[
    str,
    Asked(
        label="sign_in.password",
        kind=FieldKind.PASSWORD,
        autocomplete="current-password",
        missing="sign_in.missing_password",
    ),
]
"""One that exists."""
ChosenPassword = Annotated[
    str,
    Asked(label="reset.password", kind=FieldKind.PASSWORD, autocomplete="new-password", missing="sign_in.missing_new"),
]
"""One that takes the place of another."""
SecondFactor = Annotated[
    str,
    Asked(
        label="operator_sign_in.code",
        kind=FieldKind.CODE,
        autocomplete="one-time-code",
        missing="sign_in.missing_code",
    ),
]
"""The code of an operator's authenticator, or a recovery code in its place."""
NewPassword = Annotated[
    str, Asked(label="sign_up.password", kind=FieldKind.PASSWORD, help="reset.help", autocomplete="new-password")
]
EmailAddress = Annotated[
    str, Asked(label="sign_up.email", kind=FieldKind.EMAIL, check=contact.clean_email, autocomplete="email")
]
Code = Annotated[
    str, Asked(label="sign_up.code", kind=FieldKind.CODE, check=code_rules.read, autocomplete="one-time-code")
]
