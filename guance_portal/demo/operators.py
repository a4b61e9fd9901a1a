"""Two of the vendor's account managers, each with an authenticator."""

from __future__ import annotations

from pyotp.totp import TOTP

from guance_portal import routes
from guance_portal.accounts.errors import EmailTakenError
from guance_portal.accounts.sessions.operator_sign_in import SecondStep
from guance_portal.core.actor import Actor, Realm
from guance_portal.demo.book import SignIn
from guance_portal.demo.stage import PASSWORD, Stage

EMAIL, NAME = "operator@portal.example", "运营一"
SECOND_EMAIL, SECOND_NAME = "operator2@portal.example", "运营二"
_SECRET, _ID, _SESSION = "operator:secret", "operator:id", "operator:session"
_SECOND_ID, _SECOND_SESSION = "operator2:id", "operator2:session"


class OperatorChapter:
    """Made as `portal operator add` makes them, and enrolled as at a first sign-in."""

    name = "operator"

    async def begin(self, stage: Stage) -> None:
        """Add, enrol, and keep the authenticator's secret in the book."""
        secret, actor = await _enrol(stage, EMAIL, NAME)
        stage.book.secrets |= {_SECRET: secret, _ID: actor.subject_id, _SESSION: actor.session_id}
        how = f"second factor: {secret} in an authenticator, or the present code by: portal demo --code"
        stage.book.sign_ins.append(
            SignIn(who=f"运营后台 {NAME}", path=routes.OPERATOR_LOGIN, login=EMAIL, password=PASSWORD, extra=how)
        )

    async def live(self, stage: Stage) -> None:
        """Nothing of their own."""

    async def arrive(self, stage: Stage) -> None:
        """Nothing either."""


class SecondOperatorChapter:
    """Who decides what the first one asks for; in the demo since its customers have debts."""

    name = "second operator"

    async def begin(self, stage: Stage) -> None:
        """Add and enrol."""
        secret, actor = await _enrol(stage, SECOND_EMAIL, SECOND_NAME)
        stage.book.secrets |= {_SECOND_ID: actor.subject_id, _SECOND_SESSION: actor.session_id}
        stage.book.sign_ins.append(
            SignIn(
                who=f"运营后台 {SECOND_NAME}",
                path=routes.OPERATOR_LOGIN,
                login=SECOND_EMAIL,
                password=PASSWORD,
                extra=f"second factor: {secret} in an authenticator",
            )
        )

    async def live(self, stage: Stage) -> None:
        """Nothing of their own."""

    async def arrive(self, stage: Stage) -> None:
        """Nothing either."""


async def _enrol(stage: Stage, email: str, name: str) -> tuple[str, Actor]:
    """Somebody new, or again after an interruption: the authenticator's secret, and their session."""
    services, caller = stage.services, stage.caller()
    try:
        initial = await services.operators.add(email, name)
    except EmailTakenError:
        initial = await services.operators.reset(email)
    challenge = await services.operator_sign_in.begin(email, initial, caller)
    if challenge.enrolment is None:
        raise RuntimeError("a new operator is not asked to enrol")
    secret = challenge.enrolment.secret
    code = TOTP(secret).at(stage.clock.now())
    step = SecondStep(challenge=challenge.token, code=code, new_password=PASSWORD)
    ticket = await services.operator_sign_in.finish(step, caller)
    return secret, (await services.sessions.open(ticket, caller, {})).actor


def present_code(secrets: dict[str, str]) -> str:
    """What the operator's authenticator shows now; empty before there is one."""
    return TOTP(secrets[_SECRET]).now() if _SECRET in secrets else ""


def operator(stage: Stage) -> Actor | None:
    """The operator as signed in at enrolment; None in a data folder of a demo that did not note it."""
    return _actor(stage, _ID, _SESSION)


def second_operator(stage: Stage) -> Actor | None:
    """The other one."""
    return _actor(stage, _SECOND_ID, _SECOND_SESSION)


def _actor(stage: Stage, subject: str, session: str) -> Actor | None:
    kept = stage.book.secrets
    if subject not in kept:
        return None
    return Actor(realm=Realm.OPERATOR, subject_id=kept[subject], session_id=kept[session])
