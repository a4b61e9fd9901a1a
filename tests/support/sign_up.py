"""Somebody who signs up through the services, with a browser of their own and a look into the outbox."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import SQLModel, col, select

from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import Services
from guance_portal.core.db import Database
from guance_portal.core.draft_tables import Draft
from guance_portal.core.messages import Language
from guance_portal.mail.tables import Email
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.orders import WorkspaceOrder
from guance_portal.onboarding.receipts import OpeningReceipt
from guance_portal.onboarding.sign_up import SignUpReceipt
from guance_portal.onboarding.tools import Visitor
from guance_portal.payers.company import CompanyForm
from tests import factories
from tests.factories import SignedIn

PASSWORD = "violet kettle marches north"
COMPANY = CompanyForm(
    company_name="杭州云帆科技有限公司",
    uscc="91350100M000100Y43",
    industry="internet",
    region="CN-ZJ",
    contact="林知夏",
    introduction="做船帆，也做云。",
)
_numbers = itertools.count(1)


def basic_form(**changes: Any) -> BasicForm:
    """A form that is accepted once its code is filled in; everybody's is another one."""
    number = next(_numbers)
    form = BasicForm(
        site="cn1",
        username=f"yunfan_{number}",
        password=PASSWORD,
        email=f"lin{number}@yunfan.example",
        phone="13800138000",
    )
    return form.but(**changes)


def visitor(language: Language = Language.ZH, *, address: str = "") -> Visitor:
    """A browser of its own."""
    number = next(_numbers)
    caller = factories.browser(address or f"198.51.{number // 250 % 250}.{number % 250 + 1}")
    return Visitor(browser=f"browser-{number}", language=language, caller=caller)


def accepted(edition: Edition) -> list[Accepted]:
    """Every agreement of an edition, in the version in force."""
    return [Accepted(one.kind, one.version) for one in agreements.required_for(edition)]


async def rows(services: Services, table: type[SQLModel]) -> Sequence[Any]:
    """Every row of a table."""
    async with services.database.reading() as work:
        return (await work.session.exec(select(table))).all()


async def open_drafts(services: Services) -> list[Draft]:
    """What is typed somewhere and has become nothing yet."""
    return [draft for draft in await rows(services, Draft) if draft.finished_at is None]


async def emails(database: Database, to: str) -> Sequence[Email]:
    """The emails to an address, the oldest first."""
    async with database.reading() as work:
        found = select(Email).where(col(Email.recipient) == to).order_by(col(Email.created_at))
        return (await work.session.exec(found)).all()


async def code_for(database: Database, to: str) -> str:
    """The digits of the last code sent to an address."""
    return [email for email in await emails(database, to) if email.template == "verification_code"][-1].params["code"]


@dataclass
class Signer:
    """A person at a browser, going through the steps."""

    services: Services
    who: Visitor = field(default_factory=visitor)
    form: BasicForm = field(default_factory=basic_form)

    async def get_code(self) -> str:
        """Ask for a code, and read it in the mail."""
        await self.services.onboarding.step_one.send_code(self.who, self.form.site, self.form.email)
        return await code_for(self.services.database, self.form.email)

    async def confirm_basic(self) -> None:
        """Step 1, with the right code."""
        self.form = self.form.but(code=await self.get_code())
        await self.services.onboarding.step_one.confirm(self.who, self.form)

    async def register(self) -> SignUpReceipt:
        """Step 2."""
        return await self.services.onboarding.sign_up.register_commercial(
            self.who, COMPANY, accepted(Edition.COMMERCIAL)
        )

    async def sign_in(self, receipt: SignUpReceipt) -> SignedIn:
        """Hand the ticket in, as the page does."""
        return await factories.enter(self.services, receipt.ticket, self.who.caller)

    async def choose_settlement(self, session: SignedIn, **changes: Any) -> OpeningReceipt:
        """Step 3."""
        order = WorkspaceOrder(actor=session.actor, caller=self.who.caller, name="云帆-生产环境", language=Language.ZH)
        return await self.services.onboarding.openings.choose_settlement(replace(order, **changes))

    async def complete(self) -> OpeningReceipt:
        """商业版 from the first step to the last."""
        await self.confirm_basic()
        return await self.choose_settlement(await self.sign_in(await self.register()))

    async def register_free(self) -> SignUpReceipt:
        """The one page of 体验版."""
        if not self.form.code:
            self.form = self.form.but(code=await self.get_code())
        return await self.services.onboarding.sign_up.register_free(self.who, self.form, accepted(Edition.FREE))


async def complete_many(services: Services, count: int, *, at_once: int) -> list[float]:
    """So many people complete 商业版 through the services, so many at a time; the seconds each took."""
    turns = asyncio.Semaphore(at_once)

    async def one(site: str) -> float:
        phone = "+8613800138000"
        signer = Signer(services, form=basic_form(site=site, phone=phone))
        async with turns:
            started = time.perf_counter()
            await signer.complete()
            return time.perf_counter() - started

    sites = itertools.cycle(["cn1", "cn2", "us1"])
    return await asyncio.gather(*(one(site) for site, _ in zip(sites, range(count), strict=False)))
