"""The marketplaces as operators see them: what was bought, and every notice with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.paging import Paging
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.notices import NoticeService
from guance_portal.marketplaces.purchases import SubscriptionView, view
from guance_portal.marketplaces.rules import NoticeOutcome, NoticeSource
from guance_portal.marketplaces.tables import MarketplaceNotice

A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice. `payload` is JSON; `detail` a key of words or empty, about the part of it that `about` names.

    `account` is empty where it led to nothing.
    """

    id: str
    listing_id: str
    source: NoticeSource
    kind: str
    outcome: NoticeOutcome
    detail: str
    about: str
    payload: str
    account: str
    times: int
    received_at: datetime
    last_at: datetime
    is_replayable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionLine:
    """One subscription, and the fee-centre account it is registered under, if any (id and username)."""

    subscription: SubscriptionView
    fee_account_id: str
    fee_username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """A page of notices, counted from 1."""

    lines: tuple[NoticeLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionPage:
    """A page of subscriptions, counted from 1."""

    lines: tuple[SubscriptionLine, ...]
    total: int
    page: int
    pages: int


class MarketplaceAdmin:
    """Reads for operators alone; raises NotAllowedError for anybody else. `asked` is a whole id of any kind."""

    def __init__(self, database: Database, notices: NoticeService) -> None:
        self._database, self._notices = database, notices

    async def notices(
        self, actor: Actor, *, asked: str = "", outcome: NoticeOutcome | None = None, page: int = 1
    ) -> NoticePage:
        """The latest first, narrowed to an outcome and to what concerns an id."""
        actor.require(Realm.OPERATOR)
        paging = Paging(page, A_PAGE)
        async with self._database.reporting() as work:
            total, rows = await queries.recent_notices(work, asked, outcome, paging)
            bought = await queries.subscriptions_by_id(work, {row.subscription_id or "" for row in rows})
        lines = tuple(
            self._line(row, view(bought[row.subscription_id]).buyer if row.subscription_id else "") for row in rows
        )
        return NoticePage(lines=lines, total=total, page=paging.page, pages=paging.pages(total))

    async def subscriptions(self, actor: Actor, *, asked: str = "", page: int = 1) -> SubscriptionPage:
        """The latest change first, narrowed to an account, instance or order."""
        actor.require(Realm.OPERATOR)
        paging = Paging(page, A_PAGE)
        async with self._database.reporting() as work:
            total, rows = await queries.recent_subscriptions(work, asked, paging)
        lines = tuple(
            SubscriptionLine(subscription=view(row), fee_account_id=fee_account_id or "", fee_username=username or "")
            for row, fee_account_id, username in rows
        )
        return SubscriptionPage(lines=lines, total=total, page=paging.page, pages=paging.pages(total))

    def _line(self, row: MarketplaceNotice, account: str) -> NoticeLine:
        return NoticeLine(
            id=row.id,
            listing_id=row.listing_id,
            source=row.source,
            kind=row.kind,
            outcome=row.outcome,
            detail=row.detail,
            about=row.about,
            payload=row.payload,
            account=account,
            times=row.times,
            received_at=row.received_at,
            last_at=row.last_at,
            is_replayable=self._notices.can_replay(row),
        )
