"""What comes into being when somebody registers: the statements of that one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.opening import NewUser, NewWorkspace, open_user, open_workspace
from guance_portal.accounts.rules import Edition
from guance_portal.core import audit
from guance_portal.core.checklist import Checklist
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language, text
from guance_portal.metering.tokens import TokenService
from guance_portal.onboarding import basic
from guance_portal.onboarding.agreements import Agreement
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.drafts import SignUpDraft
from guance_portal.onboarding.rules import MAX_WORKSPACE_NAME, StepNotReachedError
from guance_portal.onboarding.tables import Consent, Opening, Registration
from guance_portal.onboarding.tools import Visitor
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.opening import NewFeeAccount, open_account
from guance_portal.sites import Site

SIGN_UP = "sign_up"
"""The name of the opening that belongs to a sign-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """The person who registers, read from an accepted draft."""

    visitor: Visitor
    draft: SignUpDraft
    site: Site
    username: str
    email: str
    phone: str
    edition: Edition
    now: datetime

    @property
    def has_fee_account(self) -> bool:
        """Whether a fee-centre account comes with it: always with 商业版, by the switch with 体验版."""
        return self.edition is Edition.COMMERCIAL or self.draft.typed.opens_fee_account


def read(visitor: Visitor, draft: SignUpDraft, edition: Edition, now: datetime) -> Registrant:
    """The registrant of a draft; raises StepNotReachedError unless its step 1 stands as accepted."""
    checks, typed, found = Checklist(), draft.typed, draft.found
    clean = typed.read(checks)
    is_proven = found.proven == basic.proof(typed.site, typed.email)
    if not (found.confirmed_at and found.password_hash and is_proven) or checks.finds(*BasicForm.asked()):
        raise StepNotReachedError
    return Registrant(
        visitor=visitor,
        draft=draft,
        site=sites.get(clean.site),
        username=clean.username,
        email=clean.email,
        phone=clean.phone,
        edition=edition,
        now=now,
    )


async def register(work: UnitOfWork, who: Registrant, agreed: Sequence[Agreement], company: CompanyForm | None) -> str:
    """Console user, fee-centre account, consents; returns the user's id.

    Raises EmailTakenError, and UsernameTakenError without suggestions.
    """
    user = NewUser(
        site=who.site.code,
        email=who.email,
        username=who.username,
        phone=who.phone,
        language=who.visitor.language,
        password_hash=who.draft.found.password_hash,
    )
    user_id = await open_user(work, user, who.now)
    fee_account_id = await _open_fee_account(work, who, company) if who.has_fee_account else None
    work.session.add(
        Registration(user_id=user_id, edition=who.edition, fee_account_id=fee_account_id, registered_at=who.now)
    )
    caller, language = who.visitor.caller, who.visitor.language
    for agreement in agreed:
        work.session.add(consent(user_id, agreement, language=language, now=who.now, address=caller.address))
    audit.record(
        work,
        "user.registered",
        ("user", user_id),
        at=who.now,
        caller=caller,
        site=who.site.code,
        edition=who.edition,
        agreements=" ".join(f"{agreement.kind}:{agreement.version}" for agreement in agreed),
    )
    await work.session.flush()
    return user_id


async def open_first_workspace(work: UnitOfWork, who: Registrant, user_id: str, tokens: TokenService) -> str:
    """The workspace that 体验版 begins with, named after its owner; returns its id."""
    language = who.visitor.language
    name = text("onboarding.first_workspace", name=who.username).in_(language)[:MAX_WORKSPACE_NAME]
    new = NewWorkspace(site=who.site.code, name=name, language=language, owner_id=user_id, edition=Edition.FREE)
    workspace_id = await open_workspace(work, new, who.now)
    await tokens.issue(work, workspace_id)
    work.session.add(Opening(workspace_id=workspace_id, user_id=user_id, idempotency_key=SIGN_UP, opened_at=who.now))
    return workspace_id


def consent(
    user_id: str,
    agreement: Agreement,
    *,
    language: Language,
    now: datetime,
    address: str,
    session_id: str = "",
    workspace_id: str = "",
) -> Consent:
    """The row that proves what was agreed to, in which words, by whom, when and from where."""
    return Consent(
        id=new_id("cnst"),
        user_id=user_id,
        agreement=agreement.kind,
        version=agreement.version,
        language=language,
        text_hash=agreement.text_hash(language),
        accepted_at=now,
        session_id=session_id,
        address=address,
        workspace_id=workspace_id,
    )


async def _open_fee_account(work: UnitOfWork, who: Registrant, company: CompanyForm | None) -> str:
    account = NewFeeAccount(
        username=who.username,
        email=who.email,
        language=who.visitor.language,
        site=who.site,
        password_hash=who.draft.found.password_hash,
        company=company,
    )
    return await open_account(work, account, who.now)
