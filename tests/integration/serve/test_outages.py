"""A service goes away while pages are open: each click is answered in words, and the log says it once."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest

from guance_portal import guance_portal
from guance_portal.core.messages import text
from guance_portal.state.devices import DevicesState
from guance_portal.state.faults import LOAD_AGAIN
from guance_portal.state.notice import NoticeState
from guance_portal.state.sign_in import SignInState
from tests.support.faults import without
from tests.support.own_redis import OwnRedis
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import BOOT, RawSocket, merged

assert guance_portal.app  # its import registers every state
SIGN_IN = f"{SignInState.get_full_name()}.sign_in_to_console"
FORM = {"form": {"site": "cn1", "login": "nobody@yunfan.example", "password": "x" * 20, "keep": False}}
LOAD_DEVICES = f"{DevicesState.get_full_name()}.load_devices"
NOTICE = NoticeState.get_full_name()


@pytest.fixture(scope="module")
def store() -> Generator[OwnRedis]:
    with OwnRedis.start() as server:
        yield server


@pytest.fixture
def leaning(store: OwnRedis) -> Generator[PortalServer]:
    """A portal whose tabs are kept in that Redis; one for each test, since it logs an outage once in ten seconds."""
    with PortalServer.start(env={"REFLEX_REDIS_URL": store.url}) as server:
        yield server


def faults_in(log: str) -> list[dict[str, Any]]:
    """The lines of a log about events that failed."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("event") == "event_failed"]


async def test_a_click_while_redis_is_away_is_answered_in_words_and_logged_once(
    store: OwnRedis, leaning: PortalServer
) -> None:
    async with RawSocket(leaning.base, cookies={"gc_visitor": "v"}) as page:
        await page.boot("/login")
        written = len(leaning.log())
        store.stop()
        try:
            await page.call(SIGN_IN, FORM, path="/login")
            said = merged(await page.answers(quiet=5))[NOTICE]
            log = leaning.wait_for_log("event_failed", since=written)
        finally:
            store.begin()
        assert said["message_rx_state_"]["zh"] == text("outage.message").zh
        [fault] = faults_in(log)
        assert fault["error_id"] in said["detail_rx_state_"]["zh"]
        assert len(log.splitlines()) < 40, log
        assert said["serial_rx_state_"] < 0
        await page.call_until(SIGN_IN, FORM, "problems_rx_state_", path="/login")


async def test_a_page_that_comes_while_redis_is_away_is_told_to_try_again(
    store: OwnRedis, leaning: PortalServer
) -> None:
    async with RawSocket(leaning.base, cookies={"gc_visitor": "v"}) as page:
        store.stop()
        try:
            await page.call(BOOT, {}, path="/login")
            updates = await page.answers(quiet=5)
        finally:
            store.begin()
    assert merged(updates)[NOTICE]["message_rx_state_"]["zh"] == text("outage.message").zh
    assert LOAD_AGAIN in json.dumps([update.get("events") for update in updates])
    async with RawSocket(leaning.base, cookies={"gc_visitor": "v"}) as page:
        assert merged(await page.boot("/login"))["reflex___state____state"]["is_hydrated_rx_state_"] is True


async def test_a_click_that_the_gate_cannot_judge_is_answered_in_words_and_logged_once() -> None:
    with PortalServer.start() as portal, People(portal) as people:
        session = people.sign_in(people.user())
        async with RawSocket(portal.base, cookies=session.cookies) as page:
            await page.boot("/account")
            written = len(portal.log())
            with without(portal, "sessions"):
                await page.call(LOAD_DEVICES, path="/account")
                said = merged(await page.answers(quiet=2))[NOTICE]
                log = portal.wait_for_log("event_failed", since=written)
            assert said["message_rx_state_"]["zh"] == text("outage.message").zh
            [fault] = faults_in(log)
            assert fault["error_id"] in said["detail_rx_state_"]["zh"]
            await page.call(LOAD_DEVICES, path="/account")
            assert NOTICE not in merged(await page.answers())
