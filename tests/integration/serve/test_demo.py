"""`portal demo`, run for real: a company that lived some days, the same at the second start."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, event

from guance_portal import bootstrap
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.sessions.operator_sign_in import SecondStep
from guance_portal.bootstrap import Services
from guance_portal.build.publish import ensure_built
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.settings import Settings
from guance_portal.demo import company, run, usage
from guance_portal.demo.book import Book
from guance_portal.demo.run import moments
from guance_portal.demo.stage import PASSWORD
from guance_portal.metering.items import Item
from guance_portal.sandbox.rules import PurchaseState
from guance_portal.sites import Provider
from tests import factories
from tests.factories import SignedIn
from tests.support.faults import InjectedFaultError
from tests.support.portal_server import PortalServer
from tests.support.snapshot import dump

T = TypeVar("T")
DAYS = 3
KEPT = (
    "users",
    "workspaces",
    "members",
    "usage_hours",
    "emails",
    "cloud_accounts",
    "settlement_changes",
    "sandbox_purchases",
    "sandbox_deliveries",
    "marketplace_notices",
    "ledger_transactions",
    "ledger_entries",
    "payment_orders",
    "wallet_purses",
    "approval_requests",
    "wallet_debts",
)
"""What a second start neither adds to nor changes."""


@dataclass
class Commits:
    """How many transactions have been committed."""

    seen: int = 0


@contextmanager
def interrupted(*, at_commit: int) -> Generator[Commits]:
    """Break the process that is about to commit the transaction of this number, counted over every database."""
    commits = Commits()

    def listen(*_: object) -> None:
        commits.seen += 1
        if commits.seen == at_commit:
            raise InjectedFaultError

    event.listen(Engine, "commit", listen)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", listen)


@pytest.fixture(scope="module")
def lived_in() -> Generator[PortalServer]:
    """A data folder in which the company has lived; nothing runs."""
    server = PortalServer(0, {})
    answer = server.portal("demo", "--prepare", "--days", str(DAYS))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stderr.count("The company lives") >= DAYS  # anyone who waits sees how far it has come
    yield server
    server.stop()


def ask(server: PortalServer, act: Callable[[Services], Coroutine[Any, Any, T]]) -> T:
    """Something of the services beside it."""

    async def run() -> T:
        services = bootstrap.build(server.settings())
        try:
            return await act(services)
        finally:
            await services.close()

    return asyncio.run(run())


def workspace_id(server: PortalServer, name: str) -> str:
    return json.loads((server.data_dir / "demo.json").read_text("utf-8"))["secrets"][f"id:{name}"]


async def sign_in(services: Services, login: str, realm: Realm = Realm.CONSOLE) -> SignedIn:
    return await factories.sign_in(services, login, realm=realm, password=PASSWORD)


def test_a_member_of_every_role_signs_in_with_what_is_printed(lived_in: PortalServer) -> None:
    printed = lived_in.portal("demo", "--prepare").stdout

    async def look(services: Services) -> dict[Role, str]:
        found: dict[Role, str] = {}
        for login in (company.OWNER, *(email for email, _ in company.MEMBERS.values())):
            assert login in printed
            session = await sign_in(services, login)
            here = await services.workspaces.current(session.actor)
            assert here
            found[here.role] = here.name
        await sign_in(services, company.USERNAME, Realm.FEE_CENTER)
        return found

    found = ask(lived_in, look)
    assert set(found) == set(Role)
    assert PASSWORD in printed


def test_the_operator_signs_in_with_the_code_that_the_command_prints(lived_in: PortalServer) -> None:
    code = lived_in.portal("demo", "--code").stdout.strip()

    async def enter(services: Services) -> Realm:
        caller = factories.browser()
        challenge = await services.operator_sign_in.begin("operator@portal.example", PASSWORD, caller)
        assert challenge.enrolment is None
        ticket = await services.operator_sign_in.finish(SecondStep(challenge=challenge.token, code=code), caller)
        return (await services.sessions.open(ticket, caller, {})).realm

    assert ask(lived_in, enter) is Realm.OPERATOR


def test_production_is_settled_by_an_account_that_was_subscribed_at_the_stand_in(lived_in: PortalServer) -> None:
    production = workspace_id(lived_in, company.PRODUCTION)

    async def look(services: Services) -> None:
        owner = replace((await sign_in(services, company.OWNER)).actor, workspace_id=production)
        overview = await services.settlement.overviews.overview(owner, production)
        assert (overview.method.provider, overview.pending) == (Provider.ALIYUN, None)
        shop = services.sandbox.shops.aliyun("aliyun-cn")
        [bought] = (await services.sandbox.counter.overview(shop)).purchases
        assert bought.state is PurchaseState.LIVE
        [notice] = (await services.sandbox.counter.overview(shop)).deliveries
        assert notice.attempts == 1

    ask(lived_in, look)


def test_the_trial_workspace_is_near_its_quotas_and_the_other_has_lived_every_day(lived_in: PortalServer) -> None:
    trial, production = workspace_id(lived_in, company.TRIAL), workspace_id(lived_in, company.PRODUCTION)

    async def look(services: Services) -> None:
        owner = (await sign_in(services, company.OWNER)).actor
        today = await services.usage.today(replace(owner, workspace_id=trial))
        assert today.edition is Edition.FREE
        percents = {use.item: use.percent for use in today.items}
        assert {item for item, percent in percents.items() if 85 <= percent < 100} == set(usage.NEAR)
        paid = replace(owner, workspace_id=production)
        counted = await services.usage.days(paid, today.day.replace(year=today.day.year - 1), today.day)
        assert {one.edition for one in counted} == {Edition.COMMERCIAL}
        assert len({one.day for one in counted}) >= DAYS
        assert {Item.LOGS, Item.TRACES, Item.PAGE_VIEWS, Item.DATAKIT, Item.TIME_SERIES} <= {
            one.item for one in counted
        }

    ask(lived_in, look)


def test_another_company_is_in_debt_and_the_first_one_is_not(lived_in: PortalServer) -> None:
    async def look(services: Services) -> tuple[int, bool, int]:
        debtor = await sign_in(services, "qingzhou", Realm.FEE_CENTER)
        first = await sign_in(services, "yunfan", Realm.FEE_CENTER)
        seen = await services.debt_views.of_payer(debtor.actor)
        return seen.owed, seen.countdown is not None, (await services.debt_views.of_payer(first.actor)).owed

    assert ask(lived_in, look) == (570_67, True, 0)


def test_a_second_start_has_the_same_company_and_sends_nothing_twice(lived_in: PortalServer) -> None:
    # Sessions and the audit of signing in are of the start itself.
    def lasting() -> set[str]:
        return {line for line in dump(lived_in) if not line.startswith(("sessions:", "audit_entries:"))}

    lived_in.portal("demo", "--prepare")
    before = lasting()
    again = lived_in.portal("demo", "--prepare")
    assert again.returncode == 0
    different = before ^ lasting()
    for table in KEPT:
        assert any(line.startswith(f"{table}: ") for line in before), f"the demo makes no {table}"
        assert {line for line in different if line.startswith(f"{table}: ")} == set()


def test_the_demo_plays_in_the_sandbox_alone() -> None:
    server = PortalServer(0, {"PORTAL_SANDBOX": "0"})
    answer = server.portal("demo", "--prepare")
    assert answer.returncode == 1
    assert "PORTAL_SANDBOX" in answer.stderr
    assert not (server.data_dir / "demo.json").exists()
    server.stop()


async def play_interrupted(settings: Settings) -> tuple[Book, int]:
    """Start again and again, each time broken at a later commit, until a start gets through; and how many it took."""
    for number in itertools.count(1):
        with interrupted(at_commit=number), suppress(InjectedFaultError):
            return await run.prepare(settings, days=0), number
    raise AssertionError


async def test_it_goes_on_wherever_it_was_interrupted(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    shutil.copyfile(request.getfixturevalue("_sqlite_template"), tmp_path / "portal.sqlite3")
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": "", "redis_url": ""})
    book, starts = await play_interrupted(settings)
    assert starts > 10
    services = bootstrap.build(settings)
    try:
        owner = (await sign_in(services, company.OWNER)).actor
        mine = [one.name for one in await services.workspaces.mine(owner)]
        production = replace(owner, workspace_id=book.secrets[f"id:{company.PRODUCTION}"])
        members = (await services.members.members(production)).members
        overview = await services.settlement.overviews.overview(production, production.workspace_id)
        clouds = await services.cloud_accounts.mine(await fee_center(services))
    finally:
        await services.close()
    assert sorted(mine) == sorted([company.PRODUCTION, company.TRIAL])
    assert sorted(one.email for one in members) == sorted(
        [company.OWNER, *(email for email, _ in company.MEMBERS.values())]
    )
    assert (overview.pending is not None, len(clouds)) == (True, 1)
    assert len(book.sign_ins) == len({one.login for one in book.sign_ins}) == 9


async def fee_center(services: Services) -> Actor:
    """The company in the fee centre."""
    return (await sign_in(services, company.USERNAME, Realm.FEE_CENTER)).actor


def test_a_database_that_another_folder_filled_is_left_alone(lived_in: PortalServer) -> None:
    book = lived_in.data_dir / "demo.json"
    kept = book.read_text("utf-8")
    book.unlink()
    try:
        answer = lived_in.portal("demo", "--prepare")
        assert answer.returncode == 1
        assert "demo.json" in answer.stderr
    finally:
        book.write_text(kept, "utf-8")


def test_the_demo_then_serves_the_portal(lived_in: PortalServer) -> None:
    ensure_built()
    lived_in.begin("demo")
    assert lived_in.is_ready()
    assert "Sign in as" in lived_in.log()


def test_moments_are_those_of_the_site_and_go_up_to_the_present() -> None:
    first, last = datetime(2026, 11, 1, 23, tzinfo=UTC), datetime(2026, 11, 2, 4, tzinfo=UTC)
    played = list(moments(first, last))
    assert [moment.isoformat() for moment in played] == ["2026-11-02T00:30:00+00:00", "2026-11-02T03:30:00+00:00"]
    assert list(moments(played[-1], last)) == []
