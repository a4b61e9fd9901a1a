"""The emails to the account that pays: a cloud account was registered, closed at the cloud, or let go."""

from __future__ import annotations

from datetime import datetime

from guance_portal import routes
from guance_portal.accounts.tables import User
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import text
from guance_portal.mail import outbox
from guance_portal.payers.tables import CloudAccount, FeeAccount


async def say_registered(
    work: UnitOfWork, account: FeeAccount, cloud: CloudAccount, actor: Actor, *, public_url: str
) -> None:
    """Say which cloud account, and who did it; once."""
    user = await work.session.get(User, actor.subject_id) if actor.realm is Realm.CONSOLE else None
    values = {
        "fee_username": account.username,
        "method": text(f"settlement_method.{cloud.provider}"),
        "account": cloud.shown,
        "asker": user.username if user else account.username,
        "asker_email": user.email if user else account.email,
        "at": zoned(cloud.registered_at, account.zone),
        "link": public_url + routes.FEE_ACCOUNT,
    }
    await outbox.queue(
        work, account, "cloud_account_registered", values, idempotency_key=f"cloud_account_registered:{cloud.id}"
    )


async def say_closed(
    work: UnitOfWork, account: FeeAccount, cloud: CloudAccount, now: datetime, *, public_url: str
) -> None:
    """Say that an account is closed which paid for no workspace: of those that it paid for there are emails already."""
    await _say(work, account, cloud, now, template="cloud_account_closed", public_url=public_url)


async def say_let_go(
    work: UnitOfWork, account: FeeAccount, cloud: CloudAccount, now: datetime, *, public_url: str
) -> None:
    """Say that an account was let go (解除登记)."""
    await _say(work, account, cloud, now, template="cloud_account_let_go", public_url=public_url)


async def _say(
    work: UnitOfWork, account: FeeAccount, cloud: CloudAccount, now: datetime, *, template: str, public_url: str
) -> None:
    values = {
        "fee_username": account.username,
        "method": text(f"settlement_method.{cloud.provider}"),
        "account": cloud.shown,
        "at": zoned(now, account.zone),
        "link": public_url + routes.FEE_ACCOUNT,
    }
    await outbox.queue(work, account, template, values, idempotency_key=f"{template}:{cloud.id}:{now.isoformat()}")
