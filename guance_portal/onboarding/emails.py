"""The emails of sign-up."""

from __future__ import annotations

from datetime import datetime

from guance_portal import routes, sites
from guance_portal.accounts.codes.rules import LIFE, CodePurpose
from guance_portal.accounts.codes.service import IssuedCode
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.actor import Realm
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language, text
from guance_portal.mail import outbox
from guance_portal.onboarding import first_password
from guance_portal.onboarding.receipts import OpeningReceipt
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
from guance_portal.sites import Site


async def send_code(
    work: UnitOfWork, to: str, language: Language, code: IssuedCode, *, purpose: CodePurpose, site: Site
) -> None:
    """The code, worded by what it is for."""
    values = {
        "code": code.digits,
        "minutes": str(LIFE.seconds // 60),
        "purpose": text(f"code_purpose.{purpose}"),
        "site": site.name,
    }
    await outbox.queue(
        work, outbox.Recipient(to, language), "verification_code", values, idempotency_key=f"code:{code.id}"
    )


async def say_already_registered(
    work: UnitOfWork, to: str, language: Language, code: IssuedCode, *, site: Site, public_url: str
) -> None:
    """The truth, told to the owner of the address alone, with the ways to get in."""
    values = {
        "email": to,
        "site": site.name,
        "sign_in_link": public_url + routes.LOGIN,
        "reset_link": public_url + routes.FORGOT_PASSWORD,
    }
    await outbox.queue(
        work, outbox.Recipient(to, language), "already_registered", values, idempotency_key=f"code:{code.id}"
    )


async def say_opened(
    work: UnitOfWork, user: User, account: FeeAccount, opened: OpeningReceipt, *, public_url: str
) -> None:
    """开通提醒: a commercial workspace was opened, which `account` belongs to; once per workspace."""
    password = await first_password.of(work, user.id, account)
    values = {
        "name": user.username,
        "workspace": opened.workspace_name,
        "site": opened.site.name,
        "fee_username": opened.fee_username,
        "method": text(f"settlement_method.{opened.method}"),
        "first_password": text(f"onboarding.first_password.{password}"),
        "link": public_url + routes.home(Realm.CONSOLE),
        "fee_center_link": public_url + routes.FEE_LOGIN,
    }
    await outbox.queue(
        work, user, "commercial_opened", values, idempotency_key=f"commercial_opened:{opened.workspace_id}"
    )


async def say_free_opened(
    work: UnitOfWork, user: User, opened: OpeningReceipt, *, fee_username: str, public_url: str
) -> None:
    """开通提醒 of 体验版, with the way in; once per workspace. `fee_username` is empty without a fee-centre account."""
    values = {
        "name": user.username,
        "workspace": opened.workspace_name,
        "site": opened.site.name,
        "email": user.email,
        "fee_username": fee_username or text("onboarding.no_fee_account"),
        "link": public_url + routes.LOGIN,
    }
    await outbox.queue(work, user, "free_opened", values, idempotency_key=f"free_opened:{opened.workspace_id}")


async def send_binding_code(
    work: UnitOfWork, account: FeeAccount, code: IssuedCode, asker: User, workspace: Workspace
) -> None:
    """The code that lets somebody charge a workspace to a fee-centre account, with who asks for which workspace."""
    values = {
        "code": code.digits,
        "minutes": str(LIFE.seconds // 60),
        "asker": asker.username,
        "asker_email": asker.email,
        "workspace": workspace.name,
        "site": sites.get(workspace.site).name,
        "fee_username": account.username,
    }
    await outbox.queue(work, account, "binding_code", values, idempotency_key=f"code:{code.id}")


async def say_bound(
    work: UnitOfWork,
    account: FeeAccount,
    asker: User,
    workspace: Workspace,
    *,
    method: SettlementMethod,
    now: datetime,
    public_url: str,
) -> None:
    """To the fee-centre account: this workspace belongs to it from now on; once per workspace and account."""
    site = sites.get(workspace.site)
    values = {
        "fee_username": account.username,
        "workspace": workspace.name,
        "site": site.name,
        "asker": asker.username,
        "asker_email": asker.email,
        "at": zoned(now, site.zone),
        "method": text(f"settlement_method.{method}"),
        "link": public_url + routes.FEE_LOGIN,
    }
    await outbox.queue(
        work, account, "fee_account_bound", values, idempotency_key=f"fee_account_bound:{workspace.id}:{account.id}"
    )
