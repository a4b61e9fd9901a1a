"""Making a fee-centre account, inside the transaction of the caller; and which usernames are free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.exc import IntegrityError

from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.identity import usernames
from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.accounts.rules import email_key
from guance_portal.core import audit
from guance_portal.core.actor import Realm
from guance_portal.core.db import Reader, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language
from guance_portal.payers import queries
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.rules import username_key
from guance_portal.payers.tables import Company, FeeAccount
from guance_portal.sites import Site

_SUGGESTIONS = 3
_TRIED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeeAccount:
    """A fee-centre account to be; the values are checked and the password hashed already.

    `site` is where it is opened: the account gets its currency and its time zone.
    """

    username: str
    email: str
    language: Language
    site: Site
    password_hash: str
    company: CompanyForm | None = None


async def require_free(reader: Reader, username: str) -> None:
    """Raise UsernameTakenError, with free suggestions, when an account has the username (in stored form)."""
    if await queries.taken_usernames(reader, [username]):
        raise UsernameTakenError(await suggestions(reader, username))


async def suggestions(reader: Reader, username: str) -> tuple[str, ...]:
    """Three free usernames like a taken one: the same as long as they are free, so that none changes under a click."""
    chance = Random(username)
    numbers = sorted({chance.randrange(10, 10_000) for _ in range(_TRIED)})
    candidates = usernames.alternatives(username, numbers)
    taken = await queries.taken_usernames(reader, candidates)
    return tuple(candidate for candidate in candidates if candidate not in taken)[:_SUGGESTIONS]


async def open_account(work: UnitOfWork, new: NewFeeAccount, now: datetime) -> str:
    """Make the account and return the id; raises UsernameTakenError (field `username`)."""
    account = FeeAccount(
        id=new_id("acnt"),
        username=new.username,
        username_key=username_key(new.username),
        email=new.email.strip(),
        email_key=email_key(new.email),
        language=new.language,
        site=new.site.code,
        currency=new.site.currency,
        created_at=now,
    )
    work.session.add(account)
    try:
        await work.session.flush()
    except IntegrityError:
        raise UsernameTakenError from None
    await identity_queries.set_password(work, Realm.FEE_CENTER, account.id, new.password_hash, now=now)
    if new.company:
        work.session.add(Company(fee_account_id=account.id, updated_at=now, **new.company.row()))
    audit.record(work, "fee_account.opened", ("fee_account", account.id), at=now)
    return account.id
