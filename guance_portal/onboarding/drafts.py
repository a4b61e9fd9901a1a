"""Drafts: what somebody has typed into sign-up so far, kept behind a cookie of the browser."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields

from guance_portal import sites
from guance_portal.accounts import password_rules
from guance_portal.accounts.code_rules import CodePurpose
from guance_portal.accounts.codes import CodeScope, EmailCodes
from guance_portal.accounts.rules import email_key
from guance_portal.core import plain
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.onboarding import basic, queries
from guance_portal.onboarding.rules import DRAFT_LIFE, CookieMissingError
from guance_portal.onboarding.tables import Draft
from guance_portal.payers.company import CompanyForm

_BASIC = frozenset({"site", "username", "email", "phone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanges:
    """What was typed since the last save; None leaves a field as it is."""

    site: str | None = None
    username: str | None = None
    email: str | None = None
    phone: str | None = None
    opens_fee_account: bool | None = None
    company_name: str | None = None
    uscc: str | None = None
    industry: str | None = None
    region: str | None = None
    contact: str | None = None
    introduction: str | None = None

    @property
    def is_of_step_one(self) -> bool:
        """Whether a registration may begin with it: what belongs to the company comes later."""
        began = (self.site, self.username, self.email, self.phone, self.opens_fee_account)
        return any(value is not None for value in began)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft as the pages show it, text as typed; `site` is empty when there is no such site (any more).

    `has_password`: the field shows 已设置. `is_email_proven`: no code is needed any more. `resend_after`: seconds
    until 获取验证码 works again. `is_confirmed`: step 1 is accepted, so that step 2 may be shown.
    """

    site: str = ""
    username: str = ""
    email: str = ""
    phone: str = ""
    opens_fee_account: bool = False
    company: CompanyForm = field(default_factory=CompanyForm)
    has_password: bool = False
    is_email_proven: bool = False
    resend_after: int = 0
    is_confirmed: bool = False


class DraftService:
    """Loads and saves drafts; whoever has the cookie has the draft."""

    def __init__(self, database: Database, clock: Clock, codes: EmailCodes) -> None:
        self._database, self._clock, self._codes = database, clock, codes

    async def load(self, browser: str) -> DraftView:
        """The browser's draft; an empty one when it has none."""
        if not browser:
            return DraftView()
        async with self._database.reading() as work:
            draft = await queries.open_draft(work, browser, self._clock.now(), lock=False)
            return await self._view(work, draft) if draft else DraftView()

    async def save(self, browser: str, changes: DraftChanges) -> DraftView:
        """Keep what was typed, without judging it; raises CookieMissingError.

        A changed site, username, e-mail or number takes back the acceptance of step 1; a changed site or e-mail
        also the proof of the address, and kills its code; a changed username or e-mail the password, which was
        judged by them and may be somebody else's. What a page of step 2 says too late, its draft being an account by
        now, begins no new one.
        """
        require_cookie(browser)
        now = self._clock.now()
        async with self._database.writing() as work:
            find = queries.take_draft if changes.is_of_step_one else queries.open_draft
            draft = await find(work, browser, now)
            if draft is None:
                return DraftView()
            await apply(work, draft, changes, self._codes)
            draft.expires_at = now + DRAFT_LIFE
            view = await self._view(work, draft)
            await work.commit()
        return view

    async def forget_old(self) -> int:
        """Delete what nobody has touched for DRAFT_LIFE; returns how many. Safe in several processes at once."""
        async with self._database.writing() as work:
            gone = await queries.forget_drafts(work, self._clock.now())
            await work.commit()
        return gone

    async def _view(self, work: UnitOfWork, draft: Draft) -> DraftView:
        return DraftView(
            site=draft.site if sites.exists(draft.site) else "",
            username=draft.username,
            email=draft.email,
            phone=draft.phone,
            opens_fee_account=draft.opens_fee_account,
            company=CompanyForm(**{one.name: getattr(draft, one.name) for one in fields(CompanyForm)}),
            has_password=bool(draft.password_hash),
            is_email_proven=draft.proven == basic.proof(draft.site, draft.email),
            resend_after=await self._codes.seconds_to_wait(work, scope(draft)),
            is_confirmed=draft.confirmed_at is not None,
        )


def require_cookie(browser: str) -> None:
    """Raise CookieMissingError when the browser sent no draft cookie."""
    if not browser:
        raise CookieMissingError


async def apply(work: UnitOfWork, draft: Draft, changes: DraftChanges, codes: EmailCodes) -> None:
    """Write changes into a locked draft, and draw their consequences."""
    typed = {name: value for name, value in asdict(changes).items() if value is not None}
    new = {name: value[: plain.LONGEST_TEXT] if isinstance(value, str) else value for name, value in typed.items()}
    changed = {name for name, value in new.items() if value != getattr(draft, name)}
    before, (username, email) = basic.proof(draft.site, draft.email), (draft.username, draft.email)
    for name in changed:
        setattr(draft, name, new[name])
    if changed & _BASIC:
        draft.confirmed_at = None
    if basic.proof(draft.site, draft.email) != before:
        draft.proven = ""
        await codes.void(work, CodePurpose.SIGN_UP, draft.id)
    if email_key(email) != email_key(draft.email) or not password_rules.stands_under(username, draft.username):
        draft.password_hash = ""


def scope(draft: Draft) -> CodeScope:
    """What a code for this draft is good for."""
    return CodeScope(purpose=CodePurpose.SIGN_UP, site=draft.site, email=draft.email, holder=draft.id)
