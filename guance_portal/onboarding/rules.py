"""Decisions of sign-up that need neither database nor clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guance_portal.accounts.rules import TICKET_LIFE
from guance_portal.core import names, plain
from guance_portal.core.errors import PortalError

DRAFT_LIFE = timedelta(days=30)
MAX_WORKSPACE_NAME = 256


class SignUpStep(StrEnum):
    """The steps of signing up for 商业版, in order."""

    BASIC = "basic"
    ENTERPRISE = "enterprise"
    SETTLEMENT = "settlement"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far somebody has come.

    `is_confirmed`: step 1 was accepted and not changed since. `is_registered`: signed in to an account
    whose sign-up waits for its workspace. `is_opened`: signed in, and the workspace of the sign-up exists.
    """

    is_confirmed: bool = False
    is_registered: bool = False
    is_opened: bool = False


class StepNotReachedError(PortalError, code="errors.step_not_reached"):
    """An earlier step is not done, or was changed in another tab."""


class FeeAccountMissingError(PortalError, code="errors.fee_account_missing"):
    """A commercial workspace needs a fee-centre account of one's own."""


class SignUpFinishedError(PortalError, code="errors.sign_up_finished"):
    """The account of this draft exists already: signing in continues it."""


class EmailRegisteredError(PortalError, code="errors.email_registered"):
    """The address got an account at this site since it was proven: told only to the person who has proven it."""


class CookieMissingError(PortalError, code="errors.cookie_missing"):
    """The browser sent no draft cookie, so that nothing could be kept for it."""


class PasswordMissingError(PortalError, code="errors.password_missing"):
    """No password was typed, and none was accepted before."""


class WorkspaceNameMissingError(PortalError, code="errors.workspace_name_missing"):
    """No name for the workspace."""


class WorkspaceNameTooLongError(PortalError, code="errors.text_too_long"):
    """More than MAX_WORKSPACE_NAME characters. Parameters: most, count."""


def step_for(wanted: SignUpStep, progress: Progress) -> SignUpStep:
    """The step to show to somebody who asks for one by its address: the wanted, or the first unmet before it.

    Once the account exists there is no way back to the first two.
    """
    if progress.is_registered and wanted is not SignUpStep.DONE:
        return SignUpStep.SETTLEMENT
    if progress.is_opened and wanted in (SignUpStep.SETTLEMENT, SignUpStep.DONE):
        return SignUpStep.DONE
    if progress.is_registered:
        return SignUpStep.SETTLEMENT
    return SignUpStep.ENTERPRISE if progress.is_confirmed and wanted is not SignUpStep.BASIC else SignUpStep.BASIC


def may_repeat(finished_at: datetime, now: datetime) -> bool:
    """Whether a repeated submit (double click, second tab, lost answer) still gets a ticket of its own.

    As long as the first ticket lived: afterwards the browser has a session, or the person signs in.
    """
    return now - finished_at < TICKET_LIFE


def workspace_name(typed: str) -> str:
    """The name of a workspace; raises one of the errors above, plain.HiddenCharacterError."""
    name = plain.line(typed)
    if not name:
        raise WorkspaceNameMissingError(field="name")
    if len(name) > MAX_WORKSPACE_NAME:
        raise WorkspaceNameTooLongError(field="name", most=MAX_WORKSPACE_NAME, count=len(name))
    return names.choose(plain.require_visible(name, field="name"), field="name")
