"""基本信息: the live check of a username, the code for the e-mail, and 下一步."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import sites
from guance_portal.accounts import queries as accounts
from guance_portal.accounts.codes import rules as code_rules
from guance_portal.accounts.codes.rules import LIFE, RESEND_AFTER, CodePurpose
from guance_portal.accounts.identity import contact, usernames
from guance_portal.core.actor import Caller
from guance_portal.core.checklist import Checklist
from guance_portal.core.db import UnitOfWork
from guance_portal.core.drafts import of_browser as draft_of
from guance_portal.core.errors import PortalError
from guance_portal.core.limit_keys import of_browser, of_network
from guance_portal.onboarding import basic, emails
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.drafts import SIGN_UP, SignUpDraft, apply, require_cookie, scope
from guance_portal.onboarding.rules import PasswordMissingError, SignUpFinishedError, may_repeat
from guance_portal.onboarding.tools import SignUpTools, Visitor
from guance_portal.payers import opening as fee_accounts


@dataclass(frozen=True, slots=True)
class SignUpCodeSent:
    """What the page says after 获取验证码, whether the address is registered or not."""

    email: str
    minutes: int = LIFE.seconds // 60
    resend_after: int = RESEND_AFTER.seconds


class StepOne:
    """The first step of 商业版; the page of 体验版 begins with the same."""

    def __init__(self, tools: SignUpTools) -> None:
        self._tools, self._database, self._clock = tools, tools.database, tools.clock

    async def check_username(self, typed: str, caller: Caller) -> str:
        """The stored form of a username that is free for a fee-centre account.

        Raises the errors of `usernames.choose`, UsernameTakenError with suggestions, TooManyAttemptsError.
        """
        await self._tools.rate_limits.hit("username_check_per_visitor", of_browser(caller))
        await self._tools.rate_limits.hit("username_check_per_address", of_network(caller.address))
        username = usernames.choose(typed)
        await fee_accounts.require_free(self._database, username)
        return username

    async def send_code(self, visitor: Visitor, site: str, email: str, *, honeypot: str = "") -> SignUpCodeSent:
        """Mail a code, and to the owner of a registered address the truth; the answer is the same.

        `honeypot` is the field that people cannot see: anyone who fills it in gets the same answer, and no mail. Raises
        UnknownSiteError, the errors of `contact.clean_email`, CodeTooSoonError, CodeJustSentError, CodeLimitError,
        TooManyAttemptsError, CookieMissingError.
        """
        require_cookie(visitor.browser)
        chosen, address = sites.get(site), contact.clean_email(email)
        await self._tools.rate_limits.hit("code_per_address", of_network(visitor.caller.address))
        async with self._database.writing() as work:
            draft = await SIGN_UP.take(work, draft_of(visitor.browser), self._clock.now())
            await apply(work, draft, {"site": site, "email": email}, self._tools.codes)
            is_registered = await accounts.user_by_email(work, site, address) is not None
            code = await self._tools.codes.issue(
                work, scope(draft), visitor.caller, is_decoy=is_registered, is_caught=bool(honeypot)
            )
            if is_registered and not honeypot:
                await emails.say_already_registered(
                    work, address, visitor.language, code, site=chosen, public_url=self._tools.public_url
                )
            elif not honeypot:
                await emails.send_code(work, address, visitor.language, code, purpose=CodePurpose.SIGN_UP, site=chosen)
            await work.commit()
        return SignUpCodeSent(address)

    async def confirm(self, visitor: Visitor, form: BasicForm) -> None:
        """下一步 of 商业版: accept step 1, or raise FormProblemsError with every problem.

        Also raises SignUpFinishedError, TooManyAttemptsError, CookieMissingError.
        """
        await self.accept(visitor, form, Checklist(*BasicForm.asked()), needs_free_username=True)

    async def accept(
        self, visitor: Visitor, form: BasicForm, checks: Checklist, *, needs_free_username: bool
    ) -> BasicForm:
        """Check everything, and keep the password's hash and the acceptance in the draft.

        A wrong code is counted, and a right one counts even when another field has a problem.
        """
        require_cookie(visitor.browser)
        clean = form.read(checks)
        await self._judge_password(form, visitor.caller, checks)
        async with self._database.writing() as work:
            draft = await self._draft(work, visitor.browser, form)
            await apply(work, draft, form.typed(), self._tools.codes)
            if not form.password and not draft.found.password_hash:
                checks.refuse(PasswordMissingError(field="password"))
            if needs_free_username and clean.username:
                await _note_if_taken(work, clean.username, checks)
            await self._prove(work, draft, form, checks)
            await work.commit()
        checks.finish()
        password_hash = await self._tools.hashes.hash(form.password) if form.password else ""
        await self._save(visitor.browser, form, password_hash)
        return clean

    async def _draft(self, work: UnitOfWork, browser: str, form: BasicForm) -> SignUpDraft:
        owner, now = draft_of(browser), self._clock.now()
        if draft := await SIGN_UP.find(work, owner, now):
            return draft
        # The same form once more, just after it became an account: a new sign-up has another site or address.
        finished = await SIGN_UP.last_finished(work, owner)
        if finished and finished.finished_at and may_repeat(finished.finished_at, now):
            same = await accounts.user_by_email(work, form.site, form.email)
            if same == finished.found.user_id:
                raise SignUpFinishedError
        return await SIGN_UP.take(work, owner, now)

    async def _judge_password(self, form: BasicForm, caller: Caller, checks: Checklist) -> None:
        if form.password:
            verdict = await self._tools.passwords.judge(form.password, caller, username=form.username, email=form.email)
            checks.read(verdict.require, None)

    async def _prove(self, work: UnitOfWork, draft: SignUpDraft, form: BasicForm, checks: Checklist) -> None:
        needed = basic.proof(form.site, form.email)
        if draft.found.proven == needed:
            return
        if checks.finds("site", "email"):
            # No code can be right yet, so none is tried; that one is missing or no code is said with all else.
            checks.read(lambda: code_rules.read(form.code), "")
        elif problem := await self._tools.codes.check(work, scope(draft), form.code):
            checks.refuse(problem)
        else:
            draft.note(proven=needed)

    async def _save(self, browser: str, form: BasicForm, password_hash: str) -> None:
        async with self._database.writing() as work:
            draft = await SIGN_UP.find(work, draft_of(browser), self._clock.now())
            if draft is None:
                raise SignUpFinishedError
            await apply(work, draft, form.typed(), self._tools.codes)
            checks = Checklist()
            # Another tab may have changed name or address since: then the password or the proof is asked for again.
            await self._prove(work, draft, form, checks)
            if password_hash:
                draft.note(password_hash=password_hash)
            if not draft.found.password_hash:
                checks.refuse(PasswordMissingError(field="password"))
            if not checks.finds("code", "password"):
                draft.note(confirmed_at=self._clock.now())
            await work.commit()
        checks.finish()


async def _note_if_taken(work: UnitOfWork, username: str, checks: Checklist) -> None:
    try:
        await fee_accounts.require_free(work, username)
    except PortalError as problem:
        checks.refuse(problem)
