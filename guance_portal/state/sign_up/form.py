"""What the pages of sign-up share: the visitor with the draft, problems of a whole form, the way to the right step."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import every_problem
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Form, LanguageTag, Line
from guance_portal.core.messages import Language, text
from guance_portal.onboarding.agreements import Accepted, AgreementKind, AgreementOutdatedError
from guance_portal.onboarding.rules import SignUpStep, StepNotReachedError
from guance_portal.onboarding.tools import Visitor
from guance_portal.state import connection
from guance_portal.state.base import FORM, FormMixin


class Spoken(Form):
    """A form of a page that says which language it speaks."""

    language: LanguageTag = ""


class Agreeing(Spoken):
    """A form with agreements to accept; `versions` are those that the page showed."""

    agreements: bool = False
    versions: Line = ""


STEP_ADDRESS = {
    SignUpStep.BASIC: routes.REGISTER_BASIC,
    SignUpStep.ENTERPRISE: routes.REGISTER_ENTERPRISE,
    SignUpStep.SETTLEMENT: routes.REGISTER_SETTLEMENT,
    SignUpStep.DONE: routes.REGISTER_DONE,
}
_WHY_HERE = {
    SignUpStep.BASIC: StepNotReachedError.code,
    SignUpStep.ENTERPRISE: StepNotReachedError.code,
    SignUpStep.SETTLEMENT: "sign_up.account_exists",
}
"""What is said to somebody who asked for another step and is led to this one."""


class SignUpMixin(FormMixin, mixin=True):
    """A page of sign-up; `version` grows when the draft is read, so that the fields take its values."""

    version: rx.Field[int] = rx.field(default=0)

    def _visitor(self, language: str) -> Visitor:
        return Visitor(browser=connection.draft(self.router), language=Language.of(language), caller=self._caller())

    async def _elsewhere(self, wanted: SignUpStep) -> str:
        """The address of the first unmet step when the wanted one may not be shown, and why; empty when it may."""
        session = self._signed_in(Realm.CONSOLE)
        actor = session.actor if session else None
        step = await services().onboarding.progress.step_for(wanted, connection.draft(self.router), actor)
        if step is wanted:
            return ""
        if words := _WHY_HERE.get(step):
            await self._say(words)
        return STEP_ADDRESS[step]

    def _fail_all(self, error: PortalError) -> None:
        """Show every problem of a form at its field."""
        self._refuse({one.field or FORM: text(one.code, **one.params) for one in every_problem(error)})


def read_accepted(versions: str) -> tuple[Accepted, ...]:
    """The agreements a page showed, from its hidden field ("commercial:1.0 privacy:1.0"); raises AgreementOutdatedError."""
    try:
        pairs = [one.split(":", 1) for one in versions.split()]
        return tuple(Accepted(AgreementKind(kind), version) for kind, version in pairs)
    except ValueError:
        raise AgreementOutdatedError(field="agreements") from None
