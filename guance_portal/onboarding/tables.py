"""Rows of sign-up: what an account began with, workspaces opened, agreements accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from guance_portal.accounts.rules import Edition
from guance_portal.core.db import Moment
from guance_portal.core.messages import Language
from guance_portal.core.rows import Row, choice
from guance_portal.onboarding.agreements import AgreementKind


class Registration(Row, table=True):
    """How a console user began: the edition signed up for, and the fee-centre account of their own, opened then or later."""

    __tablename__ = "registrations"

    user_id: str = Field(primary_key=True, foreign_key="users.id")
    edition: Edition = Field(sa_type=choice(Edition))
    fee_account_id: str | None = Field(default=None, foreign_key="fee_accounts.id", index=True)
    registered_at: datetime = Field(sa_type=Moment)


class Opening(Row, table=True):
    """A workspace somebody opened; `once` is the idempotency key: a repeated act opens nothing more."""

    __tablename__ = "workspace_openings"
    __table_args__ = (UniqueConstraint("user_id", "idempotency_key"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    user_id: str = Field(foreign_key="users.id")
    idempotency_key: str
    opened_at: datetime = Field(sa_type=Moment)


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
