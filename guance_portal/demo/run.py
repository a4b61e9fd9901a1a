"""`portal demo`: runs the days of the company up to the present, and says who may sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guance_portal import routes, sites
from guance_portal.core import migrate
from guance_portal.core.private_files import private_folder
from guance_portal.core.settings import Settings
from guance_portal.demo.book import Book
from guance_portal.demo.cloud import CloudChapter
from guance_portal.demo.company import OWNER, CompanyChapter
from guance_portal.demo.debtor import DebtorChapter
from guance_portal.demo.operators import OperatorChapter, SecondOperatorChapter, present_code
from guance_portal.demo.stage import SITE, Chapter, Stage
from guance_portal.demo.usage import UsageChapter
from guance_portal.demo.wallet import WalletChapter

CHAPTERS: Sequence[Chapter] = (
    CompanyChapter(),
    OperatorChapter(),
    CloudChapter(),
    UsageChapter(),
    WalletChapter(),
    SecondOperatorChapter(),
    DebtorChapter(),
)
"""In the order they are played. A capability that wants to be seen in the demo adds one here."""
DAYS = 30
_MOMENTS = (time(8, 30), time(11, 30), time(15), time(20))
"""When of a day, at the site, data is sent."""


class ForeignDataError(Exception):
    """The demo's people exist in the database, but not by this data folder. The message says what to remove."""

    def __init__(self, settings: Settings, book: Book) -> None:
        data_dir = settings.data_dir.resolve()
        what = (
            f"remove the folder {data_dir} (it holds the database and the emails), or name another by PORTAL_DATA_DIR"
        )
        if settings.database_url.get_secret_value():
            what = "empty the database that PORTAL_DATABASE_URL names, or name another one there"
        super().__init__(f"the demo's people exist in this database, but {book.path.resolve()} is not there: {what}")


def _untold(_day: date) -> None:
    """Nobody watches."""


async def prepare(settings: Settings, days: int = DAYS, *, on_day: Callable[[date], None] = _untold) -> Book:
    """Play what has not been played yet; interrupted, it goes on where it was. Returns the book.

    `on_day` is told each day that begins: thirty of them take a minute or two.
    """
    private_folder(settings.data_dir)
    book = Book.open(settings.data_dir)
    stage = Stage.build(settings, book)
    try:
        await migrate.upgrade(stage.services.database.engine)
        present = datetime.now(UTC)
        if not book.is_begun and await _is_there(stage):
            raise ForeignDataError(settings, book)
        # From here on whatever is found half-done is the demo's own: a start that is interrupted can go on.
        book.save()
        await _play(stage, present, days, on_day)
        stage.clock.moment = present
        for chapter in CHAPTERS:
            await chapter.arrive(stage)
        book.save()
    finally:
        await stage.close()
    return book


def describe(book: Book, public_url: str) -> str:
    """Who may sign in, where, with what."""
    lines = ["", "The demo is ready. Sign in as:", ""]
    for one in book.sign_ins:
        lines.append(f"  {one.who}: {public_url}{one.path}")
        lines.append(f"    {one.login}  /  {one.password}")
        lines += [f"    {one.extra}"] if one.extra else []
    site = sites.get(SITE).name
    places = (
        f"  Console site: {site.zh} ({site.en}). Emails: {public_url}{routes.SANDBOX_MAIL}",
        f"  Simulated marketplaces: {public_url}{routes.sandbox_market('aliyun', 'cn')} and the tabs there",
    )
    return "\n".join([*lines, "", *places, ""])


def code(settings: Settings) -> str:
    """The operator's present code; empty before there is a demo."""
    return present_code(Book.open(settings.data_dir).secrets)


async def _play(stage: Stage, present: datetime, days: int, on_day: Callable[[date], None]) -> None:
    book = stage.book
    first = book.until or _start(present, days)
    stage.clock.moment = first
    for chapter in CHAPTERS:
        if chapter.name not in book.chapters:
            await chapter.begin(stage)
            book.chapters.append(chapter.name)
            book.until = book.until or first
            book.save()
    zone = sites.get(SITE).zone
    for moment in moments(first, present):
        if moment.astimezone(zone).time() == _MOMENTS[0]:
            on_day(moment.astimezone(zone).date())
        stage.clock.moment = moment
        await stage.services.daily_close.close_due()
        for chapter in CHAPTERS:
            await chapter.live(stage)
        book.until = moment
        book.save()


def moments(after: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment at which something happens, later than the first and not later than the second."""
    zone = sites.get(SITE).zone
    day = after.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        for at in _MOMENTS:
            moment = datetime.combine(day, at, zone).astimezone(UTC)
            if after < moment <= until:
                yield moment
        day += timedelta(days=1)


def _start(present: datetime, days: int) -> datetime:
    """The morning on which the company signs up."""
    zone: ZoneInfo = sites.get(SITE).zone
    first = present.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(first, time(7), zone).astimezone(UTC)


async def _is_there(stage: Stage) -> bool:
    """Whether the company was made by another data folder: its owner has had emails."""
    return bool(await stage.services.mailbox.list(to=OWNER, limit=1))
