"""The people this context keeps itself: of the console and of the operators."""

from __future__ import annotations

from sqlalchemy import literal
from sqlmodel import col

from guance_portal import sites
from guance_portal.accounts import queries
from guance_portal.accounts.ports import People
from guance_portal.accounts.rules import email_key
from guance_portal.accounts.tables import Operator, User
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork


class ConsoleDirectory:
    """Console users, who sign in with site and e-mail."""

    realm = Realm.CONSOLE
    people = People(
        table=User,
        id=col(User.id),
        name=col(User.username),
        email=col(User.email),
        language=col(User.language),
        site=col(User.site),
    )

    def key(self, login: str, site: str) -> str:
        """See `Directory`; without an e-mail of this form at a site that exists there is nobody."""
        mapped = email_key(login)
        return f"{site}:{mapped}" if mapped and sites.exists(site) else ""

    async def find(self, work: UnitOfWork, login: str, site: str) -> str | None:
        """See `Directory`."""
        return await queries.user_by_email(work, site, login)


class OperatorDirectory:
    """Operators, who sign in with e-mail; they belong to no site."""

    realm = Realm.OPERATOR
    people = People(
        table=Operator,
        id=col(Operator.id),
        name=col(Operator.name),
        email=col(Operator.email),
        language=col(Operator.language),
        site=literal(""),
    )

    def key(self, login: str, site: str) -> str:
        """See `Directory`; the site does not matter."""
        del site
        return email_key(login)

    async def find(self, work: UnitOfWork, login: str, site: str) -> str | None:
        """See `Directory`; the site does not matter."""
        del site
        return await queries.operator_by_email(work, login)
