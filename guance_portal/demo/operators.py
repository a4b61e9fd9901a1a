"""One of the vendor's account managers, with an authenticator."""

from __future__ import annotations

from pyotp.totp import TOTP

from guance_portal import routes
from guance_portal.accounts.errors import EmailTakenError
from guance_portal.accounts.sessions.operator_sign_in import SecondStep
from guance_portal.core.actor import Actor, Realm
from guance_portal.demo.book import SignIn
from guance_portal.demo.stage import PASSWORD, Stage

EMAIL, NAME = "operator@portal.example", "运营一"
_SECRET, _ID, _SESSION = "operator:secret", "operator:id", "operator:session"


class OperatorChapter:
    """Made as `portal operator add` makes them, and enrolled as at a first sign-in."""

    name = "operator"

    async def begin(self, stage: Stage) -> None:
        """Add, enrol, and keep the authenticator's secret in the book."""
        services, caller = stage.services, stage.caller()
        try:
            initial = await services.operators.add(EMAIL, NAME)
        except EmailTakenError:
            initial = await services.operators.reset(EMAIL)
        challenge = await services.operator_sign_in.begin(EMAIL, initial, caller)
        if challenge.enrolment is None:
            raise RuntimeError("a new operator is not asked to enrol")
        secret = challenge.enrolment.secret
        code = TOTP(secret).at(stage.clock.now())
        step = SecondStep(challenge=challenge.token, code=code, new_password=PASSWORD)
        ticket = await services.operator_sign_in.finish(step, caller)
        stage.book.secrets[_SECRET] = secret
        actor = (await services.sessions.open(ticket, caller, {})).actor
        stage.book.secrets |= {_ID: actor.subject_id, _SESSION: actor.session_id}
        how = f"second factor: {secret} in an authenticator, or the present code by: portal demo --code"
        stage.book.sign_ins.append(
            SignIn(who=f"运营后台 {NAME}", path=routes.OPERATOR_LOGIN, login=EMAIL, password=PASSWORD, extra=how)
        )

    async def live(self, stage: Stage) -> None:
        """Nothing of their own."""

    async def arrive(self, stage: Stage) -> None:
        """Nothing either."""


def present_code(secrets: dict[str, str]) -> str:
    """What the operator's authenticator shows now; empty before there is one."""
    return TOTP(secrets[_SECRET]).now() if _SECRET in secrets else ""


def operator(stage: Stage) -> Actor | None:
    """The operator as signed in at enrolment; None in a data folder of a demo that did not note it."""
    kept = stage.book.secrets
    if _ID not in kept:
        return None
    return Actor(realm=Realm.OPERATOR, subject_id=kept[_ID], session_id=kept[_SESSION])
