"""注册新账号: a fee-centre account of the owner's own, opened on the way to 商业版."""

from __future__ import annotations

from guance_portal.accounts.codes.rules import CodePurpose
from guance_portal.accounts.codes.service import CodeScope
from guance_portal.accounts.identity import contact, usernames
from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.accounts.rules import Edition, email_key
from guance_portal.core import audit
from guance_portal.core.checklist import Checklist
from guance_portal.core.db import UnitOfWork
from guance_portal.core.drafts import of_actor
from guance_portal.core.limit_keys import of_network
from guance_portal.onboarding import emails, queries
from guance_portal.onboarding.rules import PasswordMissingError
from guance_portal.onboarding.tables import Registration
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade.forms import PAYER, NewPayerForm
from guance_portal.onboarding.upgrade.payer import AskingOwner, BindingCodeSent, require_no_own, slow_down, stand_free
from guance_portal.onboarding.upgrade.standing import UpgradeStanding, own_account
from guance_portal.payers import opening as fee_accounts
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.opening import NewFeeAccount, open_account


class NewPayerService:
    """The dialog 注册新账号; every method but `check_username` raises what `PayerService` raises."""

    def __init__(self, tools: SignUpTools) -> None:
        self._tools, self._database, self._clock = tools, tools.database, tools.clock

    async def check_username(self, who: AskingOwner, typed: str) -> str:
        """The stored form of a username that is free for a new account.

        Raises the errors of `usernames.choose`, UsernameTakenError with suggestions, TooManyAttemptsError.
        """
        await slow_down(self._tools, who.caller)
        username = usernames.choose(typed)
        await fee_accounts.require_free(self._database, username)
        return username

    async def send_opening_code(self, who: AskingOwner, typed: str) -> BindingCodeSent:
        """Mail a code to the address of the account to be.

        Raises the errors of `contact.clean_email`, HasFeeAccountError, CodeTooSoonError, CodeLimitError,
        TooManyAttemptsError.
        """
        email = contact.clean_email(typed)
        await self._tools.rate_limits.hit("code_per_address", of_network(who.caller.address))
        async with self._database.writing() as work:
            standing = await stand_free(work, who)
            await require_no_own(work, standing)
            draft = await PAYER.take(work, of_actor(who.actor), self._clock.now(), about=who.workspace_id)
            draft.type({"email": typed})
            draft.note(proven_email="")
            code = await self._tools.codes.issue(work, _opening(standing, email), who.caller)
            await emails.send_code(
                work, email, who.language, code, purpose=CodePurpose.OPEN_FEE_ACCOUNT, site=standing.site
            )
            await work.commit()
        return BindingCodeSent()

    async def register(self, who: AskingOwner, form: NewPayerForm) -> str:
        """Open the account, as the user's own, to pay for this workspace; returns its username.

        Repeated, it opens no second one. Raises FormProblemsError, UsernameTakenError (a lost race),
        TooManyAttemptsError.
        """
        checks = Checklist(*form.asked())
        clean = form.read(checks)
        await self._judge_password(who, form, checks)
        if opened := await self._accept(who, form, checks, username=clean.username, email=clean.email):
            return opened
        checks.finish()
        password_hash = await self._tools.hashes.hash(form.password)
        try:
            return await self._open(who, clean, password_hash)
        except UsernameTakenError:
            async with self._database.reading() as work:
                await fee_accounts.require_free(work, clean.username)
            raise

    async def _accept(
        self, who: AskingOwner, form: NewPayerForm, checks: Checklist, *, username: str, email: str
    ) -> str:
        """Keep what was typed and use the code up; the username of the account, when it was opened before."""
        async with self._database.writing() as work:
            standing = await stand_free(work, who)
            if account := await own_account(work, standing.user.id):
                return account.username
            draft = await PAYER.take(work, of_actor(who.actor), self._clock.now(), about=who.workspace_id)
            draft.type(form.typed())
            if username:
                await _note_if_taken(work, username, checks)
            if email and draft.found.proven_email != email_key(email):
                problem = await self._tools.codes.check(work, _opening(standing, email), form.code)
                draft.note(proven_email="" if problem else email_key(email))
                if problem:
                    checks.refuse(problem)
            await work.commit()
        return ""

    async def _open(self, who: AskingOwner, clean: NewPayerForm, password_hash: str) -> str:
        async with self._database.writing() as work:
            standing = await stand_free(work, who)
            if account := await own_account(work, standing.user.id):
                return account.username
            now = self._clock.now()
            new = NewFeeAccount(
                username=clean.username,
                email=clean.email,
                language=who.language,
                site=standing.site,
                password_hash=password_hash,
                company=CompanyForm(company_name=clean.company_name),
            )
            account_id = await open_account(work, new, now)
            await _own(work, standing, account_id)
            audit.record(
                work,
                "fee_account.registered",
                ("fee_account", account_id),
                at=now,
                actor=who.actor,
                caller=who.caller,
                workspace=who.workspace_id,
            )
            await work.commit()
        return clean.username

    async def _judge_password(self, who: AskingOwner, form: NewPayerForm, checks: Checklist) -> None:
        if not form.password:
            checks.refuse(PasswordMissingError(field="password"))
            return
        verdict = await self._tools.passwords.judge(form.password, who.caller, username=form.username, email=form.email)
        checks.read(verdict.require, None)


async def _own(work: UnitOfWork, standing: UpgradeStanding, account_id: str) -> None:
    """Remember whose account it is; somebody whom others invited has not registered before."""
    user = await queries.user(work, standing.user.id, lock=True)
    began = await queries.registration(work, standing.user.id)
    if began is None and user:
        began = Registration(user_id=user.id, edition=Edition.FREE, registered_at=user.created_at)
        work.session.add(began)
    if began:
        began.fee_account_id = account_id
    await work.session.flush()


async def _note_if_taken(work: UnitOfWork, username: str, checks: Checklist) -> None:
    try:
        await fee_accounts.require_free(work, username)
    except UsernameTakenError as taken:
        checks.refuse(taken)


def _opening(standing: UpgradeStanding, email: str) -> CodeScope:
    holder = f"{standing.workspace.id}:{standing.user.id}"
    return CodeScope(purpose=CodePurpose.OPEN_FEE_ACCOUNT, site="", email=email, holder=holder)
