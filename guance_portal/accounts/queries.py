"""All SQL about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy
from sqlmodel import col, delete, func, select, update

from guance_portal.accounts.ports import Directory, Person
from guance_portal.accounts.rules import email_key
from guance_portal.accounts.tables import Operator, RecoveryCode, User
from guance_portal.core.db import UnitOfWork


async def user_by_email(work: UnitOfWork, site: str, email: str) -> str | None:
    """The id of the console user with this e-mail at this site."""
    found = select(User.id).where(col(User.site) == site, col(User.email_key) == email_key(email))
    return (await work.session.exec(found)).one_or_none()


async def operator_by_email(work: UnitOfWork, email: str) -> str | None:
    """The id of the operator with this e-mail."""
    found = select(Operator.id).where(col(Operator.email_key) == email_key(email))
    return (await work.session.exec(found)).one_or_none()


async def operator(work: UnitOfWork, operator_id: str) -> Operator:
    """An operator that exists."""
    return (await work.session.exec(select(Operator).where(col(Operator.id) == operator_id))).one()


async def person(work: UnitOfWork, directory: Directory, subject_id: str) -> Person | None:
    """Somebody of a realm by id."""
    people = directory.people
    found = sqlalchemy.select(people.name, people.email, people.language, people.site).where(people.id == subject_id)
    connection = await work.session.connection()
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    name, email, language, site = row
    return Person(realm=directory.realm, id=subject_id, name=name, email=email, language=language, site=site)


async def use_totp_step(work: UnitOfWork, operator_id: str, step: int) -> bool:
    """Whether this caller is the first to use a code of this time step or a later one."""
    unused = col(Operator.id) == operator_id, col(Operator.totp_step) < step
    return (await work.session.exec(update(Operator).where(*unused).values(totp_step=step))).rowcount == 1


async def use_recovery_code(work: UnitOfWork, operator_id: str, code_hash: str, now: datetime) -> bool:
    """Whether this caller uses up one of the operator's recovery codes."""
    unused = (
        col(RecoveryCode.operator_id) == operator_id,
        col(RecoveryCode.code_hash) == code_hash,
        col(RecoveryCode.used_at).is_(None),
    )
    return (await work.session.exec(update(RecoveryCode).where(*unused).values(used_at=now))).rowcount == 1


async def recovery_codes_left(work: UnitOfWork, operator_id: str) -> int:
    """How many of an operator's recovery codes are unused."""
    unused = col(RecoveryCode.operator_id) == operator_id, col(RecoveryCode.used_at).is_(None)
    return (await work.session.exec(select(func.count()).select_from(RecoveryCode).where(*unused))).one()


async def save_second_factor(work: UnitOfWork, operator_id: str, sealed_secret: str) -> None:
    """Store the sealed secret of the authenticator that an operator has enrolled."""
    await work.session.exec(update(Operator).where(col(Operator.id) == operator_id).values(totp_secret=sealed_secret))


async def replace_recovery_codes(work: UnitOfWork, operator_id: str, code_hashes: Sequence[str], now: datetime) -> None:
    """Store the hashes of an operator's recovery codes in place of all older ones."""
    await work.session.exec(delete(RecoveryCode).where(col(RecoveryCode.operator_id) == operator_id))
    work.session.add_all(RecoveryCode(code_hash=code, operator_id=operator_id, created_at=now) for code in code_hashes)


async def delete_second_factor(work: UnitOfWork, operator_id: str) -> None:
    """Make an operator enrol again."""
    reset = update(Operator).where(col(Operator.id) == operator_id).values(totp_secret="", totp_step=0)
    await work.session.exec(reset)
    await work.session.exec(delete(RecoveryCode).where(col(RecoveryCode.operator_id) == operator_id))
