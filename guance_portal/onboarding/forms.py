"""Forms of sign-up that keep no draft of their own."""

from __future__ import annotations

from typing import Annotated, Literal

from guance_portal.accounts.identity import usernames
from guance_portal.accounts.identity.asked import NewPassword
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.onboarding import rules

EditionName = Annotated[Literal["free", "commercial"], Asked(label="workspaces_new.edition", kind=FieldKind.CHOICE)]


class WorkspaceForm(Form):
    """What a workspace is called, and which language it speaks."""

    name: Annotated[str, Asked(label="sign_up.workspace_name", check=rules.workspace_name)] = ""
    workspace_language: Annotated[str, Asked(label="sign_up.workspace_language", kind=FieldKind.CHOICE, most=5)] = ""


class JoinForm(Form):
    """What a new person types who was invited; the address is that of the email, and proven by its link.

    Whether a number is one depends on the site of the workspace, which the form does not know.
    """

    username: Annotated[str, Asked(label="sign_up.username", check=usernames.choose, autocomplete="username")] = ""
    password: NewPassword = ""
    phone: Annotated[str, Asked(label="sign_up.phone", kind=FieldKind.PHONE, autocomplete="tel", most=60)] = ""
