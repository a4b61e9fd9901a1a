"""注册: an account comes into being, once, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from guance_portal.accounts.errors import EmailTakenError
from guance_portal.accounts.identity import usernames
from guance_portal.accounts.identity.tables import TicketKind
from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.sessions import tickets
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import Checklist
from guance_portal.core.db import UnitOfWork
from guance_portal.core.drafts import of_browser
from guance_portal.core.limit_keys import of_network
from guance_portal.onboarding import agreements, drafts, emails, queries, receipts, registering
from guance_portal.onboarding.agreements import Accepted, Agreement
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.drafts import SignUpDraft, require_cookie
from guance_portal.onboarding.registering import SIGN_UP, Registrant
from guance_portal.onboarding.rules import EmailRegisteredError, SignUpFinishedError, StepNotReachedError, may_repeat
from guance_portal.onboarding.step_one import StepOne
from guance_portal.onboarding.tools import SignUpTools, Visitor
from guance_portal.payers import opening as fee_accounts
from guance_portal.payers.company import CompanyForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpReceipt:
    """An account exists; the page posts the ticket to `/session/open`. `workspace_id` is empty until step 3."""

    user_id: str
    edition: Edition
    ticket: str
    workspace_id: str = ""


class SignUpService:
    """Registers for both editions. A repeated submit gets the same account, and for a minute a ticket of its own."""

    def __init__(self, tools: SignUpTools, step_one: StepOne) -> None:
        self._tools, self._step_one = tools, step_one
        self._database, self._clock = tools.database, tools.clock

    async def register_commercial(
        self, visitor: Visitor, form: CompanyForm, accepted: Sequence[Accepted]
    ) -> SignUpReceipt:
        """注册 of step 2: console user, fee-centre account and consents.

        Raises FormProblemsError, StepNotReachedError, SignUpFinishedError, TooManyAttemptsError, CookieMissingError;
        UsernameTakenError (with suggestions) or EmailRegisteredError when a race was lost: step 1 is then open again,
        with everything else as it was.
        """
        require_cookie(visitor.browser)
        checks = Checklist(*CompanyForm.asked(), "agreements")
        profile = form.read(checks)
        agreed = checks.read(lambda: agreements.require(agreements.required_for(Edition.COMMERCIAL), accepted), ())
        checks.finish()
        return await self._open(visitor, Edition.COMMERCIAL, agreed, profile)

    async def register_free(self, visitor: Visitor, form: BasicForm, accepted: Sequence[Accepted]) -> SignUpReceipt:
        """注册 of 体验版: console user, workspace, consents, and with the switch a fee-centre account; 开通提醒 by mail.

        Raises what `register_commercial` raises, except StepNotReachedError.
        """
        require_cookie(visitor.browser)
        checks = Checklist(*BasicForm.asked(), "agreements")
        agreed = checks.read(lambda: agreements.require(agreements.required_for(Edition.FREE), accepted), ())
        # Of two clicks, or two tabs, the slower finds the draft gone: the account is there.
        with suppress(SignUpFinishedError):
            await self._step_one.accept(visitor, form, checks, needs_free_username=form.opens_fee_account)
        return await self._open(visitor, Edition.FREE, agreed, None)

    async def _open(
        self, visitor: Visitor, edition: Edition, agreed: Sequence[Agreement], profile: CompanyForm | None
    ) -> SignUpReceipt:
        await self._tools.rate_limits.hit("sign_up_per_address", of_network(visitor.caller.address))
        try:
            async with self._database.writing() as work:
                draft = await drafts.SIGN_UP.find(work, of_browser(visitor.browser), self._clock.now())
                if draft is None:
                    receipt = await self._repeat(work, visitor)
                else:
                    receipt = await self._register(work, visitor, draft, edition, agreed=agreed, profile=profile)
                await work.commit()
        except (UsernameTakenError, EmailTakenError) as lost:
            raise await self._reopen_step_one(visitor, lost) from None
        return receipt

    async def _register(
        self,
        work: UnitOfWork,
        visitor: Visitor,
        draft: SignUpDraft,
        edition: Edition,
        *,
        agreed: Sequence[Agreement],
        profile: CompanyForm | None,
    ) -> SignUpReceipt:
        who = registering.read(visitor, draft, edition, self._clock.now())
        user_id = await registering.register(work, who, agreed, profile)
        workspace_id = ""
        if edition is Edition.FREE:
            workspace_id = await registering.open_first_workspace(work, who, user_id, self._tools.tokens)
            await self._say_free_opened(work, who, user_id)
        draft.finish(who.now, user_id=user_id)
        return self._receipt(work, visitor, user_id, edition, workspace_id)

    async def _say_free_opened(self, work: UnitOfWork, who: Registrant, user_id: str) -> None:
        user = await queries.user(work, user_id)
        opened = await receipts.opened(work, user, SIGN_UP) if user else None
        if user is None or opened is None:
            raise RuntimeError(f"{user_id} was registered and is not there")
        account = who.username if who.has_fee_account else ""
        await emails.say_free_opened(work, user, opened, fee_username=account, public_url=self._tools.public_url)

    async def _repeat(self, work: UnitOfWork, visitor: Visitor) -> SignUpReceipt:
        finished = await drafts.SIGN_UP.last_finished(work, of_browser(visitor.browser))
        if finished is None or finished.finished_at is None:
            raise StepNotReachedError
        user_id = finished.found.user_id
        began = await queries.registration(work, user_id)
        if began is None or not may_repeat(finished.finished_at, self._clock.now()):
            raise SignUpFinishedError
        opened = await queries.opened(work, user_id, SIGN_UP)
        return self._receipt(work, visitor, user_id, began.edition, opened[0].id if opened else "")

    def _receipt(
        self, work: UnitOfWork, visitor: Visitor, user_id: str, edition: Edition, workspace_id: str
    ) -> SignUpReceipt:
        now = self._clock.now()
        ticket = tickets.issue(
            work, TicketKind.SESSION, Realm.CONSOLE, user_id, visitor.caller, now=now, workspace_id=workspace_id
        )
        return SignUpReceipt(user_id=user_id, edition=edition, ticket=ticket, workspace_id=workspace_id)

    async def _reopen_step_one(
        self, visitor: Visitor, lost: UsernameTakenError | EmailTakenError
    ) -> UsernameTakenError | EmailRegisteredError:
        async with self._database.writing() as work:
            draft = await drafts.SIGN_UP.find(work, of_browser(visitor.browser), self._clock.now())
            free: tuple[str, ...] = ()
            if draft:
                draft.note(confirmed_at=None)
                if isinstance(lost, UsernameTakenError):
                    free = await fee_accounts.suggestions(work, usernames.clean(draft.typed.username))
            await work.commit()
        return UsernameTakenError(free) if isinstance(lost, UsernameTakenError) else EmailRegisteredError(field="email")
