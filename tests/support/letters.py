"""The letters in the outbox, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from guance_portal.bootstrap import Services
from guance_portal.mail.tables import Letter


async def letters(services: Services, template: str) -> Sequence[Letter]:
    """The letters of a template that wait or were sent, oldest first."""
    async with services.database.reading() as work:
        found = select(Letter).where(col(Letter.template) == template).order_by(col(Letter.created_at))
        return (await work.session.exec(found)).all()


async def newest(services: Services, template: str) -> Letter:
    """The last one."""
    return (await letters(services, template))[-1]
