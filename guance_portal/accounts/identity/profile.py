"""资料 of a console user: the name that others see and the mobile number, changed by the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from guance_portal import sites
from guance_portal.accounts.identity import phones, usernames
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.tables import User
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.checklist import Checklist
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.sites import Site


class ProfileForm(Form):
    """资料 as typed. Whether a number is one depends on the person's site, which the form does not know."""

    username: Annotated[str, Asked(label="account.username", check=usernames.choose, autocomplete="username")] = ""
    phone: Annotated[str, Asked(label="sign_up.phone", kind=FieldKind.PHONE, autocomplete="tel", most=60)] = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is kept of a person; the number in E.164, empty when none was given."""

    username: str
    phone: str
    site: Site


class ProfileService:
    """Shows and changes it. The fee-centre account that was opened with the same name keeps its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def view(self, actor: Actor) -> Profile:
        """What is kept now; raises NotAllowedError, NotSignedInError."""
        actor.require(Realm.CONSOLE)
        async with self._database.reading() as work:
            user = await _user(work, actor)
            return Profile(user.username, user.phone, sites.get(user.site))

    async def change(self, actor: Actor, form: ProfileForm, caller: Caller) -> Profile:
        """Take the form; one that changes nothing leaves no trace.

        A name that is left as it is may be older than the rules. Raises FormProblemsError, NotAllowedError,
        PasswordNeededError, NotSignedInError.
        """
        actor.require(Realm.CONSOLE)
        require_password_session(actor)
        checks = Checklist(*ProfileForm.asked())
        async with self._database.writing() as work:
            user = await _user(work, actor)
            is_kept = form.username == user.username
            username = user.username if is_kept else checks.read(lambda: usernames.choose(form.username), "")
            phone = checks.read(lambda: phones.phone_at(form.phone, user.site), "")
            checks.finish()
            before = {"username": user.username, "phone": user.phone}
            user.username, user.phone = username, phone
            changed = [name for name, value in before.items() if getattr(user, name) != value]
            if changed:
                on, at = ("user", user.id), self._clock.now()
                audit.record(work, "profile.changed", on, at=at, actor=actor, caller=caller, fields=" ".join(changed))
            profile = Profile(username, phone, sites.get(user.site))
            await work.commit()
        return profile


async def _user(work: UnitOfWork, actor: Actor) -> User:
    user = await work.session.get(User, actor.subject_id)
    if user is None:
        raise NotSignedInError
    return user
