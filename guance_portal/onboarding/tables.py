"""Rows of sign-up: drafts, what an account began with, workspaces opened, agreements accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from guance_portal.accounts.rules import Edition
from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice, coded
from guance_portal.core.words import Language
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.payers.rules import SettlementMethod

_OPEN = text("finished_at IS NULL")


class Draft(Row, table=True):
    """What a browser has typed into sign-up so far; `browser` is the hash of its draft cookie.

    `password_hash` is set once 下一步 accepted a password; `proven` names site and e-mail that a code has proven;
    `confirmed_at` is set while step 1 stands as accepted. Finished, it keeps only whose account it became.
    """

    __tablename__ = "sign_up_drafts"
    __table_args__ = (
        Index("uq_sign_up_drafts_open", "browser", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_sign_up_drafts_finished", "browser", "finished_at"),
    )

    id: str = Field(primary_key=True)
    browser: str
    site: str = ""
    username: str = ""
    email: str = ""
    phone: str = ""
    opens_fee_account: bool = False
    company_name: str = ""
    uscc: str = ""
    industry: str = ""
    region: str = ""
    contact: str = ""
    introduction: str = ""
    password_hash: str = ""
    proven: str = ""
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    user_id: str | None = Field(default=None, foreign_key="users.id")


class Registration(Row, table=True):
    """How a console user began: the edition signed up for, and the fee-centre account of their own, opened then or later."""

    __tablename__ = "registrations"

    user_id: str = Field(primary_key=True, foreign_key="users.id")
    edition: Edition = Field(sa_type=choice(Edition))
    fee_account_id: str | None = Field(default=None, foreign_key="fee_accounts.id", index=True)
    registered_at: datetime = Field(sa_type=Moment)


class Opening(Row, table=True):
    """A workspace somebody opened; `once` names the act, so that a repeated one opens nothing more."""

    __tablename__ = "workspace_openings"
    __table_args__ = (UniqueConstraint("user_id", "once"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    user_id: str = Field(foreign_key="users.id")
    once: str
    opened_at: datetime = Field(sa_type=Moment)


class SettlementDraft(Row, table=True):
    """What somebody typed and chose at step 3 so far; the name is not judged yet."""

    __tablename__ = "settlement_drafts"

    user_id: str = Field(primary_key=True, foreign_key="users.id")
    name: str
    language: Language = Field(sa_type=coded(Language))
    method: SettlementMethod = Field(sa_type=coded(SettlementMethod.of))


class Consent(Row, table=True):
    """An agreement somebody accepted: which version, in which language, and the SHA-256 of that very text.

    `workspace_id` names the workspace it was accepted for, where there was one already.
    """

    __tablename__ = "agreement_consents"
    __table_args__ = (Index("ix_agreement_consents_user", "user_id", "agreement"),)

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id")
    agreement: AgreementKind = Field(sa_type=choice(AgreementKind))
    version: str
    language: Language = Field(sa_type=choice(Language))
    text_hash: str
    accepted_at: datetime = Field(sa_type=Moment)
    session_id: str = ""
    address: str
    workspace_id: str = ""
