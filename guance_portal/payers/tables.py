"""Rows of those who pay."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from guance_portal import sites
from guance_portal.core.db import Moment
from guance_portal.core.messages import Language
from guance_portal.core.rows import Row, choice, coded
from guance_portal.payers.rules import CloudState, SettlementMethod, mask
from guance_portal.sites import Currency, Provider

_REGISTERED = text("let_go_at IS NULL")


class FeeAccount(Row, table=True):
    """A fee-centre account; its username is unique everywhere and never changes.

    `site` is the one it was opened at: by its zone the account's days are counted.
    `has_arbitrary_choice` is 结算方式任意选择. `version` grows whenever something changes that decides what can be
    chosen for its workspaces: open dialogs watch it. `locked_at` (business time) is set while a debt has locked it:
    the workspaces that it pays for itself take no data, and it can take on no others.
    """

    __tablename__ = "fee_accounts"

    id: str = Field(primary_key=True)
    username: str
    username_key: str = Field(unique=True)
    email: str
    email_key: str = Field(index=True)
    language: Language = Field(sa_type=choice(Language))
    site: str
    currency: Currency = Field(sa_type=choice(Currency))
    has_arbitrary_choice: bool = False
    version: int = Field(default=0, sa_type=BigInteger)
    locked_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its days and months."""
        return sites.get(self.site).zone


class CloudAccount(Row, table=True):
    """A cloud account that was subscribed on a marketplace and is registered under a fee-centre account.

    `account` and `instance` are the provider's own ids: a pair belongs to one fee-centre account at a time.
    `known_as` is the account as its holder knows it, where that is another than `account` (in AWS China the customer
    identifier). `claimed_at` is when it was last subscribed or verified: anyone who waits for that sees it come in.
    Once it was let go (解除登记) the row is history alone, and the pair may be registered again, as another row.
    """

    __tablename__ = "cloud_accounts"
    __table_args__ = (
        Index(
            "uq_cloud_accounts_pair",
            "provider",
            "account",
            "instance",
            unique=True,
            sqlite_where=_REGISTERED,
            postgresql_where=_REGISTERED,
        ),
    )

    id: str = Field(primary_key=True)
    fee_account_id: str = Field(foreign_key="fee_accounts.id", index=True)
    provider: Provider = Field(sa_type=coded(Provider))
    currency: Currency = Field(sa_type=choice(Currency))
    account: str
    instance: str
    known_as: str = ""
    state: CloudState = Field(default=CloudState.LIVE, sa_type=choice(CloudState))
    registered_at: datetime = Field(sa_type=Moment)
    claimed_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    let_go_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def shown(self) -> str:
        """The account as people see it: as its holder knows it, masked."""
        return mask(self.known_as or self.account)


class Company(Row, table=True):
    """What a fee-centre account says about its company: the fields of `CompanyForm`, of which some may be empty."""

    __tablename__ = "companies"

    fee_account_id: str = Field(primary_key=True, foreign_key="fee_accounts.id")
    name: str
    uscc: str
    industry: str
    region: str
    contact: str
    introduction: str
    updated_at: datetime = Field(sa_type=Moment)


class WorkspacePayer(Row, table=True):
    """Which fee-centre account a workspace belongs to, and by which method its bills are settled.

    `cloud_account_id` says by which cloud account; none while the method is 观测云企业账号. `shows_balances`: whether the
    workspace's owner sees in the console what the account has; None until the account chooses.
    """

    __tablename__ = "workspace_payers"
    __table_args__ = (CheckConstraint("(method = 'enterprise') = (cloud_account_id IS NULL)", name="method"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    fee_account_id: str = Field(foreign_key="fee_accounts.id", index=True)
    method: SettlementMethod = Field(sa_type=coded(SettlementMethod.of))
    cloud_account_id: str | None = Field(default=None, foreign_key="cloud_accounts.id", index=True)
    since: datetime = Field(sa_type=Moment)
    shows_balances: bool | None = None


class PayerPeriod(Row, table=True):
    """Who pays a workspace's billing days from `from_day` on, until the next row of the workspace: read by the daily close.

    Written by whatever changes who pays. A day that has been closed keeps the payer it was closed with.
    """

    __tablename__ = "payer_periods"
    __table_args__ = (CheckConstraint("(method = 'enterprise') = (cloud_account_id IS NULL)", name="method"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    from_day: date = Field(primary_key=True)
    fee_account_id: str = Field(foreign_key="fee_accounts.id", index=True)
    method: SettlementMethod = Field(sa_type=coded(SettlementMethod.of))
    cloud_account_id: str | None = Field(default=None, foreign_key="cloud_accounts.id")
    written_at: datetime = Field(sa_type=Moment)


class EmailChange(Row, table=True):
    """A change of a fee-centre account's e-mail under way: the old address is proven, in this session, for a while."""

    __tablename__ = "fee_email_changes"

    fee_account_id: str = Field(primary_key=True, foreign_key="fee_accounts.id")
    session_id: str
    expires_at: datetime = Field(sa_type=Moment)
