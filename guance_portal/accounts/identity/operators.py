"""Operators: created and reset from the command line."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from guance_portal.accounts import queries
from guance_portal.accounts.errors import EmailTakenError, OperatorUnknownError
from guance_portal.accounts.identity import contact, second_factor
from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.identity.proofs import Changed, Proofs, Root
from guance_portal.accounts.rules import email_key
from guance_portal.accounts.sessions import queries as session_queries
from guance_portal.accounts.tables import Operator
from guance_portal.core import audit
from guance_portal.core.actor import Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language
from guance_portal.core.passwords import Passwords


class OperatorService:
    """Makes operators and gives those who lost everything a new start; for the command line."""

    def __init__(self, database: Database, clock: Clock, hashes: Passwords, proofs: Proofs) -> None:
        self._database, self._clock, self._hashes, self._proofs = database, clock, hashes, proofs

    async def add(self, email: str, name: str, language: Language = Language.ZH) -> str:
        """Make an operator; returns the initial password, good for one sign-in within INITIAL_PASSWORD_LIFE.

        Raises EmailTakenError and the errors of `contact.clean_email`.
        """
        email = contact.clean_email(email)
        password, now = second_factor.random_code(4), self._clock.now()
        password_hash = await self._hashes.hash(password)
        operator = Operator(
            id=new_id("oper"),
            email=email,
            email_key=email_key(email),
            name=name.strip(),
            language=language,
            created_at=now,
        )
        async with self._database.writing() as work:
            work.session.add(operator)
            try:
                await work.session.flush()
            except IntegrityError:
                raise EmailTakenError(field="email") from None
            await identity_queries.set_password(
                work, Realm.OPERATOR, operator.id, password_hash, now=now, is_initial=True
            )
            audit.record(work, "operator.added", ("operator", operator.id), at=now)
            await work.commit()
        return password

    async def reset(self, email: str) -> str:
        """Forget an operator's password, authenticator and recovery codes and end their sessions.

        Returns a new initial password. Raises OperatorUnknownError.
        """
        password, now = second_factor.random_code(4), self._clock.now()
        password_hash = await self._hashes.hash(password)
        async with self._database.writing() as work:
            operator_id = await queries.operator_by_email(work, email)
            if operator_id is None:
                raise OperatorUnknownError
            await queries.delete_second_factor(work, operator_id)
            await identity_queries.set_password(
                work, Realm.OPERATOR, operator_id, password_hash, now=now, is_initial=True
            )
            await self._proofs.void(work, Changed(root=Root.PASSWORD, realm=Realm.OPERATOR, id=operator_id), now)
            await session_queries.end_all(work, Realm.OPERATOR, operator_id, now)
            audit.record(work, "operator.reset", ("operator", operator_id), at=now)
            await work.commit()
        return password
