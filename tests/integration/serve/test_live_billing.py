"""付费计划与账单 is told of use by itself; anyone who may no longer see it is told nothing."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Language, text
from guance_portal.core.tokens import digest
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.sites import Provider
from guance_portal.state.billing.page import BillingState
from guance_portal.state.billing.quota import QuotaState
from guance_portal.state.billing.usage import UsageState
from guance_portal.state.fee_center.sso_handoff import SsoHandoffState
from guance_portal.state.fee_center.workspaces import FeeWorkspacesState
from guance_portal.state.settlement.dialog import SettlementState
from guance_portal.state.shown import ShownState
from tests.integration.serve.test_live import SECONDS
from tests.support.companies import actor, member_of, owner_of, paying, send, token_of, token_of_newcomer
from tests.support.newcomers import owner_in, with_free_workspace
from tests.support.people import People, Person
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged
from tests.support.settled_companies import Company, company

BILLING = "/workspace/billing"


@pytest.fixture(scope="module")
def people(portal: PortalServer) -> Generator[People]:
    with People(portal) as people:
        yield people


def vars_of(state: type[Any], updates: list[dict[str, Any]]) -> dict[str, Any]:
    """What the updates set of a state, by plain names."""
    found = merged(updates).get(state.get_full_name(), {})
    return {name.removesuffix("_rx_state_"): value for name, value in found.items()}


def shown(key: str) -> dict[str, str]:
    """Words as they travel to the browser."""
    said = text(key)
    return {"zh": said.zh, "en": said.en}


def used(updates: list[dict[str, Any]], item: str) -> str:
    """Today's use of an item on the board."""
    return next((row["used"] for row in vars_of(QuotaState, updates).get("rows", []) if row["item"] == item), "")


async def test_the_board_is_told_without_asking(portal: PortalServer, people: People) -> None:
    session = owner_of(people)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        assert used(await socket.boot(BILLING), "logs") == "0"
        assert send(portal, token_of(people, session), "logging", 'a message="1"', 'a message="2"') == 200
        assert used(await socket.answers(quiet=SECONDS), "logs") == "2"


async def test_figures_and_chart_are_told_without_asking(portal: PortalServer, people: People) -> None:
    who = paying(people)
    async with RawSocket(portal.base, cookies=who.cookies) as socket:
        await socket.boot(BILLING)
        send(portal, token_of_newcomer(people, who), "logging", 'a message="1"', 'a message="2"')
        told = vars_of(UsageState, await socket.answers(quiet=SECONDS))
    assert next(row["now"] for row in told["rows"] if row["item"] == "logs") == "2"
    assert told["bars"][-1]["text"] == "2"


async def test_an_administrator_who_became_a_standard_member_is_told_nothing(
    portal: PortalServer, people: People
) -> None:
    owner = owner_of(people)
    admin = member_of(people, owner, Role.ADMIN)

    async def lower(services: Services) -> None:
        async with services.database.writing() as work:
            rows = update(Member).where(col(Member.user_id) == admin.person.id).values(role=Role.STANDARD)
            await work.session.exec(rows)
            await work.commit()

    async with RawSocket(portal.base, cookies=admin.cookies) as socket:
        await socket.boot(BILLING)
        people.do(lower)
        send(portal, token_of(people, owner), "logging", 'a message="1"')
        told = await socket.answers(quiet=SECONDS)
    assert used(told, "logs") == ""
    assert vars_of(QuotaState, told)["rows"] == []
    assert vars_of(BillingState, told)["stopped"] == shown("billing.no_longer")


async def test_an_upgrade_on_another_page_brings_who_pays(portal: PortalServer, people: People) -> None:
    who = with_free_workspace(people)

    async def upgrade(services: Services) -> None:
        await (await owner_in(services, who)).upgrade()

    async with RawSocket(portal.base, cookies=who.cookies) as socket:
        assert vars_of(BillingState, await socket.boot(BILLING))["is_commercial"] is False
        people.do(upgrade)
        told = await socket.answers(quiet=SECONDS)
    assert vars_of(BillingState, told)["is_commercial"] is True
    settled = vars_of(SettlementState, told)
    assert (settled["is_loaded"], settled["shown"]["may_change"]) == (True, True)
    assert who.username in settled["shown"]["account"]["zh"]


async def test_the_fee_centre_shows_a_workspace_that_comes_to_be_paid(portal: PortalServer, people: People) -> None:
    who = with_free_workspace(people)
    payer = Person(
        realm=Realm.FEE_CENTER, login=who.username, email=who.email, name=who.username, password=who.password
    )

    async def upgrade(services: Services) -> None:
        await (await owner_in(services, who)).upgrade()

    async with RawSocket(portal.base, cookies=people.sign_in(payer).cookies) as socket:
        assert vars_of(FeeWorkspacesState, await socket.boot("/fee-center/workspaces"))["rows"] == []
        people.do(upgrade)
        told = vars_of(FeeWorkspacesState, await socket.answers(quiet=SECONDS))
    assert (len(told["rows"]), told["count"]) == (1, 1)


async def test_a_page_stops_when_another_tab_looks_at_another_workspace(portal: PortalServer, people: People) -> None:
    session = owner_of(people)
    token = token_of(people, session)
    other = people.workspace(session, "云帆-试用空间")

    async def switch(services: Services) -> None:
        await services.workspaces.choose(await actor(services, session), other)

    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await socket.boot(BILLING)
        people.do(switch)
        send(portal, token, "logging", 'a message="1"')
        told = await socket.answers(quiet=SECONDS)
        assert vars_of(BillingState, told)["stopped"] == shown("errors.workspace_switched")
        assert vars_of(QuotaState, told)["rows"] == []
        send(portal, token_of(people, session), "logging", 'a message="2"')
        assert used(await socket.answers(quiet=SECONDS), "logs") == ""


async def test_a_page_of_another_workspace_opens_nothing_and_draws_no_chart(
    portal: PortalServer, people: People
) -> None:
    who = paying(people)

    async def open_another(services: Services) -> None:
        live = await services.sessions.find(Realm.CONSOLE, digest(who.cookies["gc_console"]))
        assert live
        other = await services.workspaces.create(live.actor, "云帆-试用空间", Language.ZH)
        await services.workspaces.choose(live.actor, other)

    async with RawSocket(portal.base, cookies=who.cookies) as socket:
        mark = vars_of(ShownState, await socket.boot(BILLING))["mark"]
        people.do(open_another)
        for name, payload in (("choose_item", {"item": "traces"}), ("choose_span", {"span": "7"})):
            await socket.call(f"{UsageState.get_full_name()}.{name}", payload, path=BILLING, shown=mark)
            told = await socket.settle()
            assert "云帆-试用空间" in vars_of(ShownState, told)["problem"]["zh"]
            assert "bars" not in vars_of(UsageState, told)
        await socket.call(f"{SsoHandoffState.get_full_name()}.enter_fee_center", path=BILLING, shown=mark)
        told = await socket.settle()
        assert "云帆-试用空间" in vars_of(ShownState, told)["problem"]["zh"]
        assert not vars_of(SsoHandoffState, told).get("ticket")
        await socket.call(f"{SettlementState.get_full_name()}.open_settlement", path=BILLING, shown=mark)
        told = await socket.settle()
        assert "云帆-试用空间" in vars_of(ShownState, told)["problem"]["zh"]
        assert not vars_of(SettlementState, told).get("is_open")


async def test_a_page_turns_to_the_new_billing_day_without_any_data() -> None:
    with PortalServer.start() as portal, People(portal) as people:
        session, paid_for = owner_of(people), company(people, accounts=[Provider.AWS])
        who, token, token_of_who = paid_for.owner, token_of(people, session), token_of(people, paid_for.owner)
        people.do(lambda services: _order_change(services, paid_for))
        async with RawSocket(portal.base, cookies=session.cookies) as free:
            await free.boot(BILLING)
            send(portal, token, "logging", 'a message="1"')
            assert used(await free.answers(quiet=SECONDS), "logs") == "1"
            async with RawSocket(portal.base, cookies=who.cookies) as paid:
                send(portal, token_of_who, "logging", 'a message="1"')
                before = vars_of(SettlementState, await paid.boot(BILLING))["shown"]
                people.do(lambda services: services.business_time.move_by(timedelta(days=1)))
                told = await paid.answers(quiet=SECONDS)
                row = next(one for one in vars_of(UsageState, told)["rows"] if one["item"] == "logs")
                assert (row["now"], row["yesterday"]) == ("0", "1")
                after = vars_of(SettlementState, told)["shown"]
            assert used(await free.answers(quiet=SECONDS), "logs") == "0"
            assert before["next_change"]["zh"] == before["pending_day"] == after["since"]
            assert (after["next_change"], after["pending_id"]) == (shown("settlement.now_possible"), "")


async def _order_change(services: Services, paid_for: Company) -> None:
    """Settle the workspace by its registered cloud account, from the next billing day on."""
    order = ChangeOrder(
        actor=await actor(services, paid_for.owner), workspace_id=paid_for.workspace_id, choice=paid_for.choices[0]
    )
    await services.settlement.switching.change(order)
