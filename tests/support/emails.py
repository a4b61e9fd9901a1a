"""The emails in the outbox, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from guance_portal.bootstrap import Services
from guance_portal.mail.tables import Email


async def emails(services: Services, template: str) -> Sequence[Email]:
    """The emails of a template that wait or were sent, oldest first."""
    async with services.database.reading() as work:
        found = select(Email).where(col(Email.template) == template).order_by(col(Email.created_at))
        return (await work.session.exec(found)).all()


async def newest(services: Services, template: str) -> Email:
    """The last one."""
    return (await emails(services, template))[-1]
