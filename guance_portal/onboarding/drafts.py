"""Drafts: what somebody has typed into sign-up so far, kept behind a cookie of the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guance_portal import sites
from guance_portal.accounts.codes.rules import CodePurpose
from guance_portal.accounts.codes.service import CodeScope, EmailCodes
from guance_portal.accounts.identity import password_rules
from guance_portal.accounts.rules import email_key
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.drafts import DraftKind, Found, OpenDraft, of_browser
from guance_portal.onboarding import basic
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.rules import DRAFT_LIFE, CookieMissingError
from guance_portal.payers.company import CompanyForm

_BASIC = frozenset(BasicForm.kept()) - {"opens_fee_account"}


class SignUpForm(CompanyForm, BasicForm):
    """What both steps of 商业版 ask for."""


class SignUpFound(Found):
    """What is known of a draft besides.

    `password_hash` is set once 下一步 accepted a password; `proven` names site and e-mail that a code has proven;
    `confirmed_at` is set while step 1 stands as accepted. `user_id` is whose account it became.
    """

    password_hash: str = ""
    proven: str = ""
    confirmed_at: datetime | None = None
    user_id: str = ""


SIGN_UP = DraftKind(name="sign_up", form=SignUpForm, found=SignUpFound, life=DRAFT_LIFE)
SignUpDraft = OpenDraft[SignUpForm, SignUpFound]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft as the pages show it, as typed; the site is empty when there is no such site (any more).

    `has_password`: the field shows 已设置. `is_email_proven`: no code is needed any more. `resend_after`: seconds
    until 获取验证码 works again. `is_confirmed`: step 1 is accepted, so that step 2 may be shown.
    """

    form: SignUpForm = field(default_factory=SignUpForm)
    has_password: bool = False
    is_email_proven: bool = False
    resend_after: int = 0
    is_confirmed: bool = False


class DraftService:
    """Loads and saves drafts; anyone who has the cookie has the draft."""

    def __init__(self, database: Database, clock: Clock, codes: EmailCodes) -> None:
        self._database, self._clock, self._codes = database, clock, codes

    async def load(self, browser: str) -> DraftView:
        """The browser's draft; an empty one when it has none."""
        if not browser:
            return DraftView()
        async with self._database.reading() as work:
            draft = await SIGN_UP.find(work, of_browser(browser), self._clock.now(), lock=False)
            return await self._view(work, draft) if draft else DraftView()

    async def save(self, browser: str, changes: Mapping[str, Any]) -> DraftView:
        """Keep what was typed, by field, without judging it; raises CookieMissingError.

        A changed site, username, e-mail or number takes back the acceptance of step 1; a changed site or e-mail
        also the proof of the address, and kills its code; a changed username or e-mail the password, which was
        judged by them and may be somebody else's. What a page of step 2 says too late, its draft being an account by
        now, begins no new one.
        """
        require_cookie(browser)
        owner, now = of_browser(browser), self._clock.now()
        find = SIGN_UP.take if BasicForm.asked().keys() & changes.keys() else SIGN_UP.find
        async with self._database.writing() as work:
            draft = await find(work, owner, now)
            if draft is None:
                return DraftView()
            await apply(work, draft, changes, self._codes)
            draft.renew(now)
            view = await self._view(work, draft)
            await work.commit()
        return view

    async def _view(self, work: UnitOfWork, draft: SignUpDraft) -> DraftView:
        typed, found = draft.typed, draft.found
        return DraftView(
            form=typed if sites.exists(typed.site) else typed.but(site=""),
            has_password=bool(found.password_hash),
            is_email_proven=found.proven == basic.proof(typed.site, typed.email),
            resend_after=await self._codes.seconds_to_wait(work, scope(draft)),
            is_confirmed=found.confirmed_at is not None,
        )


def require_cookie(browser: str) -> None:
    """Raise CookieMissingError when the browser sent no draft cookie."""
    if not browser:
        raise CookieMissingError


async def apply(work: UnitOfWork, draft: SignUpDraft, changes: Mapping[str, Any], codes: EmailCodes) -> None:
    """Write changes into a locked draft, and draw their consequences."""
    before = draft.typed
    draft.type(changes)
    now = draft.typed
    if any(getattr(now, name) != getattr(before, name) for name in _BASIC):
        draft.note(confirmed_at=None)
    if basic.proof(now.site, now.email) != basic.proof(before.site, before.email):
        draft.note(proven="")
        await codes.void(work, CodePurpose.SIGN_UP, draft.id)
    is_same_person = email_key(now.email) == email_key(before.email)
    if not is_same_person or not password_rules.stands_under(before.username, now.username):
        draft.note(password_hash="")


def scope(draft: SignUpDraft) -> CodeScope:
    """What a code for this draft is good for."""
    typed = draft.typed
    return CodeScope(purpose=CodePurpose.SIGN_UP, site=typed.site, email=typed.email, holder=draft.id)
