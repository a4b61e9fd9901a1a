"""The bill of a month on paper, for the account itself and once the month is final."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass

import segno
import typst

from guance_portal import routes
from guance_portal.accounts.members.access import require_password_session
from guance_portal.billing.bills import viewing
from guance_portal.billing.bills.views import BillViews
from guance_portal.billing.paper import content
from guance_portal.billing.paper.typesetting import Typesetter
from guance_portal.billing.paper.words import Issuer, PaperLink, texts
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import NotSignedInError, PortalError
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Language
from guance_portal.core.rate_limits import RateLimits
from guance_portal.payers import queries as payers
from guance_portal.wallet.statement_queries import hold_still


class NoPaperError(PortalError, code="errors.no_paper"):
    """There are no bills of this month, or it is not final yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A PDF and the name it goes by."""

    name: str
    pdf: bytes


class MonthPapers:
    """Audited; the same month in the same language gives the same bytes."""

    def __init__(
        self, database: Database, limits: RateLimits, clock: Clock, *, issuer: Issuer, public_url: str
    ) -> None:
        self._database, self._limits, self._clock = database, limits, clock
        self._issuer, self._public_url = issuer, public_url
        self._views, self._typesetter = BillViews(database, clock), Typesetter()

    async def make(self, actor: Actor, month: str, language: Language, caller: Caller) -> Paper:
        """The paper. Raises NoPaperError, PasswordNeededError for a session that is limited to a workspace, TooManyAttemptsError."""
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        await self._limits.hit("bill_exports", of_account(actor.realm, actor.subject_id))
        read = await self._read(actor, month)
        address = f"{self._public_url}{routes.bill_month(month)}"
        link = PaperLink(address=address, qr=_qr(address))
        said = await asyncio.to_thread(texts, read, language, self._issuer, link)
        try:
            pdf = await self._typesetter.pdf(said)
        except typst.TypstError:
            # A text that passes every check and still cannot be set: the bill comes without names, never not at all.
            said = await asyncio.to_thread(texts, content.without_names(read), language, Issuer(), link)
            pdf = await self._typesetter.pdf(said)
        name = f"{read.code}-{language}.pdf"
        async with self._database.writing() as work:
            audit.record(
                work,
                "paper.downloaded",
                ("fee_account", actor.subject_id),
                at=self._clock.now(),
                actor=actor,
                caller=caller,
                month=month,
                file=name,
            )
            await work.commit()
        return Paper(name=name, pdf=pdf)

    async def _read(self, actor: Actor, month: str) -> content.MonthPaper:
        async with self._database.reporting() as work:
            await hold_still(work)
            viewer = await viewing.viewer_of(work, actor)
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            found = [one for one in await self._views.months_in(work, viewer) if one.month == month]
            if not found or not found[0].is_final or viewer.scope is None or viewer.scope.payer is None:
                raise NoPaperError
            return await content.read(work, account, viewer.scope.payer, found[0], viewer.zone)


def _qr(address: str) -> str:
    into = io.BytesIO()
    segno.make(address, error="m").save(into, kind="svg", xmldecl=False, border=0)
    return into.getvalue().decode()
