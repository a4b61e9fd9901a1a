"""运营后台: subscriptions on the marketplaces, notices with their outcome, and the replay of one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import Text, catalogue, text
from guance_portal.marketplaces.admin import NoticeLine, NoticePage, SubscriptionLine, SubscriptionPage
from guance_portal.marketplaces.rules import NoticeOutcome
from guance_portal.state.addresses import LONGEST_ASKED, asked_page
from guance_portal.state.audience import Exempt, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment
from guance_portal.state.notice import NoticeState

SUBSCRIPTIONS = "subscriptions"


class MarketSearch(Form):
    """What is looked for; subscriptions have no outcome."""

    q: Annotated[str, Asked(label="operator.market_search", kind=FieldKind.SEARCH, most=LONGEST_ASKED)] = ""
    outcome: Annotated[str, Asked(label="operator.outcome", kind=FieldKind.CHOICE, most=LONGEST_ASKED)] = ""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice. `tone` colours the badge of its outcome; `about` is empty where it led to no subscription."""

    id: str
    kind: Text
    said: Text
    outcome: Text
    tone: str
    detail: Text
    about: str
    href: str
    payload: str
    is_replayable: bool


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One subscription; `fee_username` is empty while it is registered under no account."""

    account: str
    instance: str
    listing: Text
    state: Text
    expires_at: Text
    updated_at: Text
    fee_username: str
    fee_href: str
    notices_href: str


@dataclass(frozen=True, slots=True)
class OutcomeOption:
    """One outcome to choose from."""

    value: str
    text: Text


class OperatorMarketplacesState(PageMixin, rx.State):
    """A page of notices, or of subscriptions (`view`); the address keeps what is looked for."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    serial: rx.Field[int] = rx.field(default=0)
    view: rx.Field[str] = rx.field(default="")
    asked: rx.Field[str] = rx.field(default="")
    outcome: rx.Field[str] = rx.field(default="")
    outcomes: rx.Field[list[OutcomeOption]] = rx.field(default_factory=list)
    notices: rx.Field[list[NoticeRow]] = rx.field(default_factory=list)
    subscriptions: rx.Field[list[SubscriptionRow]] = rx.field(default_factory=list)
    count: rx.Field[Text] = rx.field(default_factory=Text)
    place: rx.Field[Text] = rx.field(default_factory=Text)
    earlier: rx.Field[str] = rx.field(default="")
    later: rx.Field[str] = rx.field(default="")
    replaying: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_marketplaces(self) -> None:
        """Show what the address asks for."""
        self.view = SUBSCRIPTIONS if self._asked("view") == SUBSCRIPTIONS else ""
        self.asked = plain.search(self._asked("q"))
        chosen = self._asked("outcome")
        self.outcome = chosen if chosen in list(NoticeOutcome) else ""
        self.outcomes = [OutcomeOption(one.value, text(f"notice_outcome.{one}")) for one in NoticeOutcome]
        self.serial, self.replaying = self.serial + 1, ""
        await self._read(asked_page(self._asked("page")))

    @audience(Realm.OPERATOR, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: MarketSearch) -> rx.event.EventSpec:
        """查找: the address keeps it."""
        outcome = "" if self.view else form.outcome
        return rx.redirect(routes.operator_marketplaces(self.view, q=plain.search(form.q), outcome=outcome))

    @audience(Realm.OPERATOR)
    @rx.event
    async def replay(self, notice_id: Annotated[str, Field(max_length=60)]) -> AsyncIterator[Any]:
        """重放: apply a stored notice once more."""
        self.replaying = notice_id
        yield
        try:
            receipt = await services().marketplaces.notices.replay(self._actor(), notice_id, caller=self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            outcome = text(f"notice_outcome.{receipt.outcome}")
            said = text("operator.replayed", outcome=outcome)
            (await self.get_state(NoticeState))._say(said, is_problem=receipt.outcome is NoticeOutcome.FAILED)
        self.replaying = ""
        await self._read(asked_page(self._asked("page")))

    async def _read(self, page: int) -> None:
        admin, actor = services().marketplaces.admin, self._actor()
        if self.view:
            bought = await admin.subscriptions(actor, asked=self.asked, page=page)
            self.subscriptions, self.notices = [_subscription(line) for line in bought.lines], []
            self._turn(bought)
        else:
            outcome = NoticeOutcome(self.outcome) if self.outcome else None
            told = await admin.notices(actor, asked=self.asked, outcome=outcome, page=page)
            self.notices, self.subscriptions = [_notice(line) for line in told.lines], []
            self._turn(told)
        self.is_loaded = True

    def _turn(self, found: NoticePage | SubscriptionPage) -> None:
        self.count = text("operator.entries_count", count=f"{found.total:,}")
        self.place = text("operator.page", page=found.page, pages=found.pages)
        before, after = found.page - 1, found.page + 1
        self.earlier = (
            routes.operator_marketplaces(self.view, page=before, q=self.asked, outcome=self.outcome) if before else ""
        )
        self.later = (
            routes.operator_marketplaces(self.view, page=after, q=self.asked, outcome=self.outcome)
            if found.page < found.pages
            else ""
        )


_TONES = {
    NoticeOutcome.RECEIVED: "amber",
    NoticeOutcome.APPLIED: "green",
    NoticeOutcome.NOTHING_TO_DO: "gray",
    NoticeOutcome.REFUSED: "amber",
    NoticeOutcome.FAILED: "red",
}


def _notice(line: NoticeLine) -> NoticeRow:
    first, last = moment(line.received_at, ""), moment(line.last_at, "")
    words = "notice_text.once" if line.times == 1 else "notice_text.often"
    said = text(
        words,
        listing=text(f"listing.{line.listing_id}"),
        source=text(f"notice_source.{line.source}"),
        first=first,
        last=last,
        times=line.times,
        kind=line.kind,
    )
    return NoticeRow(
        id=line.id,
        kind=_text(f"notice_kind.{line.kind}", line.kind),
        said=said,
        outcome=text(f"notice_outcome.{line.outcome}"),
        tone=_TONES[line.outcome],
        detail=_detail(line),
        about=line.account,
        href=routes.operator_marketplaces(SUBSCRIPTIONS, q=line.account) if line.account else "",
        payload=json.dumps(json.loads(line.payload), ensure_ascii=False, indent=2),
        is_replayable=line.is_replayable,
    )


def _subscription(line: SubscriptionLine) -> SubscriptionRow:
    one = line.subscription
    return SubscriptionRow(
        account=one.buyer,
        instance=one.instance,
        listing=text(f"listing.{one.listing_id}"),
        state=text(f"subscription_state.{one.state}"),
        expires_at=moment(one.expires_at, "") if one.expires_at else Text("—", "—"),
        updated_at=moment(one.updated_at, ""),
        fee_username=line.fee_username,
        fee_href=routes.operator_fee_account(line.fee_account_id),
        notices_href=routes.operator_marketplaces(q=one.instance),
    )


def _detail(line: NoticeLine) -> Text:
    if line.about:
        return text("notice_detail.about", why=_text(line.detail, line.detail), name=line.about)
    return _text(line.detail, line.detail)


def _text(key: str, otherwise: str) -> Text:
    return text(key) if key in catalogue() else Text(otherwise, otherwise)
