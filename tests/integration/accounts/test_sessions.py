"""Sessions: how long they live, who sees them, who ends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from guance_portal.accounts import housekeeping
from guance_portal.accounts.errors import SessionGoneError
from guance_portal.accounts.identity.tables import Session, Ticket
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.messages import Text
from guance_portal.core.tokens import digest
from tests import factories
from tests.factories import PASSWORD, SignedIn, browser
from tests.support.clocks import MovableClock


async def is_live(services: Services, session: SignedIn) -> bool:
    return await services.sessions.find(session.actor.realm, digest(session.token)) is not None


async def acts(services: Services, subject_id: str) -> Sequence[str]:
    async with services.database.reading() as work:
        found = select(AuditEntry.act).where(col(AuditEntry.actor_id) == subject_id).order_by(col(AuditEntry.at))
        return (await work.session.exec(found)).all()


async def test_a_session_counts_in_its_own_realm_only(services: Services) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    for realm in Realm:
        found = await services.sessions.find(realm, digest(session.token))
        assert (found is not None) is (realm is Realm.CONSOLE)


async def test_the_token_itself_is_stored_nowhere(services: Services) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    assert await services.sessions.find(Realm.CONSOLE, session.token) is None
    async with services.database.reading() as work:
        row = (await work.session.exec(select(Session))).one()
    assert session.token not in str(row.model_dump())


@pytest.mark.parametrize(("realm", "minutes"), [(Realm.CONSOLE, 240), (Realm.FEE_CENTER, 120), (Realm.OPERATOR, 30)])
async def test_a_session_dies_of_idleness(services: Services, clock: MovableClock, realm: Realm, minutes: int) -> None:
    session = await _sign_in(services, clock, realm)
    for _ in range(2):
        clock.move(minutes=minutes - 1)
        assert await is_live(services, session)
    clock.move(minutes=minutes)
    assert not await is_live(services, session)


async def test_a_kept_session_dies_of_idleness_too(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services, keep=True)
    clock.move(days=3, hours=23)
    assert await is_live(services, session)
    clock.move(days=4)
    assert not await is_live(services, session)


async def _sign_in(services: Services, clock: MovableClock, realm: Realm) -> SignedIn:
    if realm is Realm.OPERATOR:
        account = await factories.operator(services)
        clock.move(seconds=60)
        return await factories.sign_in_operator(services, account)
    if realm is Realm.FEE_CENTER:
        await factories.fee_account(services)
        return await factories.sign_in(services, "yunfan", realm=realm)
    await factories.console_user(services)
    return await factories.sign_in(services)


async def test_a_session_dies_of_age_however_busy_it_is(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    for _ in range(11):
        clock.move(hours=1)
        assert await is_live(services, session)
    clock.move(hours=1)
    assert not await is_live(services, session)


async def test_staying_signed_in_lasts_seven_days(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services, keep=True)
    for _ in range(15):
        clock.move(hours=11)
        assert await is_live(services, session)
    clock.move(hours=3)
    assert not await is_live(services, session)


async def test_a_cookie_outlives_the_browser_only_when_asked_to(services: Services) -> None:
    await factories.console_user(services)
    for keep in (False, True):
        caller = browser()
        order = SignInOrder(realm=Realm.CONSOLE, login="lin@yunfan.example", password=PASSWORD, site="cn1", keep=keep)
        opened = await services.sessions.open(await services.sign_in.sign_in(order, caller), caller, {})
        assert (opened.keep_for is not None) is keep


async def test_a_sign_of_life_is_written_at_most_once_a_minute(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    opened = clock.now()
    for seconds, seen in ((59, opened), (1, None), (30, None)):
        clock.move(seconds=seconds)
        assert await is_live(services, session)
        if seen is None and seconds == 1:
            opened = clock.now()
        await services.sessions.write_seen()
        async with services.database.reading() as work:
            assert (await work.session.exec(select(Session.last_seen_at))).one() == opened


async def test_activity_waits_for_no_other_writer_and_counts_before_it_is_written(
    services: Services, clock: MovableClock
) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    async with services.database.writing():
        clock.move(minutes=119)
        assert await is_live(services, session)
    clock.move(minutes=119)
    assert await is_live(services, session)


async def test_signing_in_again_ends_the_old_session_of_the_browser(services: Services) -> None:
    await factories.console_user(services)
    first = await factories.sign_in(services)
    elsewhere = await factories.sign_in(services)
    order = SignInOrder(realm=Realm.CONSOLE, login="lin@yunfan.example", password=PASSWORD, site="cn1")
    ticket = await services.sign_in.sign_in(order, first.caller)
    held = {Realm.CONSOLE: digest(first.token)}
    opened = await services.sessions.open(ticket, first.caller, held)
    assert opened.token != first.token
    assert not await is_live(services, first)
    assert await is_live(services, elsewhere)


async def test_signing_in_to_one_realm_leaves_the_other_alone(services: Services) -> None:
    await factories.console_user(services)
    await factories.fee_account(services)
    console = await factories.sign_in(services)
    order = SignInOrder(realm=Realm.FEE_CENTER, login="yunfan", password=PASSWORD)
    ticket = await services.sign_in.sign_in(order, console.caller)
    await services.sessions.open(ticket, console.caller, {Realm.CONSOLE: digest(console.token)})
    assert await is_live(services, console)


async def test_the_list_shows_ones_own_live_sessions_the_present_first(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    await factories.console_user(services, "other@yunfan.example")
    await factories.sign_in(services, "other@yunfan.example")
    mine = await factories.sign_in(services)
    clock.move(minutes=5)
    await factories.sign_in(services, caller=browser("114.114.114.114"))
    ended = await factories.sign_in(services)
    await services.sessions.end(mine.actor, ended.actor.session_id, mine.caller)
    shown = await services.sessions.mine(mine.actor)
    assert [(view.is_current, view.device, view.place) for view in shown] == [
        (True, "Chrome 130 · Windows", Text("本机", "Local")),
        (False, "Chrome 130 · Windows", Text("中国", "China")),
    ]
    clock.move(hours=13)
    assert await services.sessions.mine(mine.actor) == []


async def test_ending_one_session_leaves_the_others(services: Services) -> None:
    user_id = await factories.console_user(services)
    here, there = await factories.sign_in(services), await factories.sign_in(services)
    await services.sessions.end(here.actor, there.actor.session_id, here.caller)
    assert await is_live(services, here)
    assert not await is_live(services, there)
    with pytest.raises(SessionGoneError):
        await services.sessions.end(here.actor, there.actor.session_id, here.caller)
    assert await acts(services, user_id) == ["session.opened", "session.opened", "session.ended"]


async def test_a_session_is_ended_only_by_its_own_person(services: Services) -> None:
    await factories.console_user(services)
    await factories.console_user(services, "other@yunfan.example")
    await factories.fee_account(services)
    mine = await factories.sign_in(services)
    for other in (
        await factories.sign_in(services, "other@yunfan.example"),
        await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER),
    ):
        with pytest.raises(SessionGoneError):
            await services.sessions.end(mine.actor, other.actor.session_id, mine.caller)
        assert await is_live(services, other)


async def test_ending_the_others_keeps_the_present_one(services: Services) -> None:
    user_id = await factories.console_user(services)
    sessions = [await factories.sign_in(services) for _ in range(3)]
    assert await services.sessions.end_others(sessions[0].actor, sessions[0].caller) == 2
    assert [await is_live(services, session) for session in sessions] == [True, False, False]
    assert (await acts(services, user_id))[-1] == "session.others_ended"


async def test_ending_all_ends_the_present_one_too(services: Services) -> None:
    user_id = await factories.console_user(services)
    sessions = [await factories.sign_in(services) for _ in range(2)]
    assert await services.sessions.end_all(sessions[0].actor, sessions[0].caller) == 2
    assert not any([await is_live(services, session) for session in sessions])
    assert (await acts(services, user_id))[-1] == "session.all_ended"


async def test_signing_out_ends_the_session_and_may_be_repeated(services: Services) -> None:
    user_id = await factories.console_user(services)
    session = await factories.sign_in(services)
    for _ in range(2):
        await services.sessions.close(Realm.CONSOLE, digest(session.token), session.caller)
    assert not await is_live(services, session)
    assert await acts(services, user_id) == ["session.opened", "session.closed"]


async def test_a_realm_cannot_sign_another_out(services: Services) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    await services.sessions.close(Realm.FEE_CENTER, digest(session.token), session.caller)
    assert await is_live(services, session)


async def test_finding_a_session_is_one_query(services: Services) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    database = services.database
    quick = {database._queries.engine} if database._queries else set[Any]()
    for engine in {database.engine.sync_engine, database._reading_engine.sync_engine} | quick:
        event.listen(engine, "before_cursor_execute", note)
    assert await is_live(services, session)
    assert len(said) == 1


async def test_what_is_long_useless_is_swept_away_and_the_rest_is_not(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    await factories.sign_in(services)
    clock.move(days=50)
    assert await housekeeping.sweep(services.database, clock) == 1
    clock.move(days=50)
    session = await factories.sign_in(services)
    assert await housekeeping.sweep(services.database, clock) == 1
    assert await is_live(services, session)
    async with services.database.reading() as work:
        assert len((await work.session.exec(select(Session))).all()) == 1
        assert len((await work.session.exec(select(Ticket))).all()) == 1


async def test_the_session_that_replaced_another_one_in_its_browser_is_found_while_it_lives(services: Services) -> None:
    await factories.console_user(services)
    await factories.console_user(services, "chen@yunfan.example", username="陈默")
    first = await factories.sign_in(services)
    second = await factories.sign_in(services, "chen@yunfan.example", caller=first.caller)
    await services.sessions.close(Realm.CONSOLE, digest(first.token), first.caller)
    held, visitor = digest(first.token), first.caller.visitor
    newest = await services.sessions.successor(Realm.CONSOLE, held, visitor)
    assert newest
    assert newest.actor == second.actor
    assert await services.sessions.successor(Realm.FEE_CENTER, held, visitor) is None
    assert await services.sessions.successor(Realm.CONSOLE, held, "") is None
    await services.sessions.close(Realm.CONSOLE, digest(second.token), second.caller)
    assert await services.sessions.successor(Realm.CONSOLE, held, visitor) is None


@pytest.mark.parametrize("held", ["", digest("an unknown token")])
async def test_a_browser_that_was_never_given_a_session_has_none_that_replaced_it(
    services: Services, held: str
) -> None:
    await factories.console_user(services)
    session = await factories.sign_in(services)
    assert await services.sessions.successor(Realm.CONSOLE, held, session.caller.visitor) is None


async def test_a_session_of_another_browser_is_not_replaced_by_one_of_this_browser(services: Services) -> None:
    await factories.console_user(services)
    elsewhere, here = await factories.sign_in(services), await factories.sign_in(services)
    assert elsewhere.caller.visitor != here.caller.visitor
    assert await services.sessions.successor(Realm.CONSOLE, digest(elsewhere.token), here.caller.visitor) is None
