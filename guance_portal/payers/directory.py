"""The people of the fee centre, who sign in with username or e-mail."""

from __future__ import annotations

from sqlmodel import col

from guance_portal.accounts.identity.usernames import key as username_key
from guance_portal.accounts.ports import People, Person
from guance_portal.accounts.rules import email_key
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.payers import queries
from guance_portal.payers.tables import FeeAccount


class FeeCenterDirectory:
    """Fee-centre accounts. Their site is where they were opened and names their time zone; they pay at every one."""

    realm = Realm.FEE_CENTER
    people = People(
        table=FeeAccount,
        id=col(FeeAccount.id),
        name=col(FeeAccount.username),
        email=col(FeeAccount.email),
        language=col(FeeAccount.language),
        site=col(FeeAccount.site),
    )

    def key(self, login: str, site: str) -> str:
        """See `Directory`: no username has an @, so that none is an e-mail too."""
        del site
        return username_key(login) or email_key(login)

    async def find(self, work: UnitOfWork, login: str, site: str) -> str | None:
        """See `Directory`: the username first, then the e-mail when it belongs to one account only."""
        del site
        return await queries.account_by_username(work, login) or await queries.only_account_by_email(work, login)


async def payer_person(work: UnitOfWork, workspace_id: str) -> Person | None:
    """The account that pays for a workspace, to be written to; None while nobody does."""
    account_id = await queries.payer_of(work, workspace_id)
    account = await queries.account(work, account_id) if account_id else None
    if account is None:
        return None
    return Person(
        realm=Realm.FEE_CENTER,
        id=account.id,
        name=account.username,
        email=account.email,
        language=account.language,
        site=account.site,
    )
