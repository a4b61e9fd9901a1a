"""An invited person without an account: registers with the address the email went to, and joins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from guance_portal.accounts.identity import contact, password_rules, phones
from guance_portal.accounts.identity.tables import TicketKind
from guance_portal.accounts.members import joining as invitations_joining
from guance_portal.accounts.members import queries as members
from guance_portal.accounts.members.emails import MemberEmails
from guance_portal.accounts.opening import NewUser, open_user
from guance_portal.accounts.sessions import tickets
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.checklist import Checklist
from guance_portal.core.limit_keys import of_network
from guance_portal.core.messages import Language
from guance_portal.onboarding import agreements, registering
from guance_portal.onboarding.agreements import Accepted
from guance_portal.onboarding.forms import JoinForm
from guance_portal.onboarding.rules import PasswordMissingError
from guance_portal.onboarding.tools import SignUpTools


class JoiningService:
    """Makes a console user out of an invitation."""

    def __init__(self, tools: SignUpTools, emails: MemberEmails) -> None:
        self._tools, self._emails = tools, emails
        self._database, self._clock = tools.database, tools.clock

    async def register(
        self, token: str, form: JoinForm, accepted: Sequence[Accepted], language: Language, caller: Caller
    ) -> str:
        """Console user, consents and membership in one transaction; a ticket for `POST /session/open`.

        Raises InvitationSpentError, FormProblemsError, EmailTakenError (the address has an account by now),
        TooManyAttemptsError.
        """
        await self._tools.rate_limits.hit("sign_up_per_address", of_network(caller.address))
        async with self._database.reading() as work:
            invitation, workspace, _ = await invitations_joining.find(work, token, self._clock.now())
        checks = Checklist(*form.asked(), "agreements")
        username = form.read(checks).username
        phone = checks.read(lambda: phones.phone_at(form.phone, workspace.site), "")
        agreed = checks.read(lambda: agreements.require(agreements.required_for(workspace.edition), accepted), ())
        if not form.password:
            checks.refuse(PasswordMissingError(field="password"))
        else:
            verdict = await asyncio.to_thread(
                password_rules.judge, form.password, username=username, email=invitation.email, field="password"
            )
            checks.read(verdict.require, None)
        checks.finish()
        password_hash = await self._tools.hashes.hash(form.password)
        now = self._clock.now()
        async with self._database.writing() as work:
            new = NewUser(
                site=workspace.site,
                email=contact.clean_email(invitation.email),
                username=username,
                phone=phone,
                language=language,
                password_hash=password_hash,
            )
            user_id = await open_user(work, new, now)
            user = await members.user(work, user_id)
            if user is None:
                raise RuntimeError(f"{user_id} was opened and is not there")
            workspace_id = await invitations_joining.join(
                work, user, token, emails=self._emails, now=now, caller=caller
            )
            work.session.add_all(
                registering.consent(user_id, agreement, language=language, now=now, address=caller.address)
                for agreement in agreed
            )
            ticket = tickets.issue(
                work, TicketKind.SESSION, Realm.CONSOLE, user_id, caller, now=now, workspace_id=workspace_id
            )
            await work.commit()
        return ticket
