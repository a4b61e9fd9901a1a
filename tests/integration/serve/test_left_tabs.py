"""The states of tabs that nobody holds go by themselves; `benchmarks/visits.py` measures it in memory."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from guance_portal import guance_portal
from tests.support.own_redis import OwnRedis
from tests.support.portal_server import PortalServer
from tests.support.sizes import LONG, size
from tests.support.visits import AT_ONCE, visit_often

assert guance_portal.app  # its import registers every state


@pytest.fixture(scope="module")
def store() -> Generator[OwnRedis]:
    with OwnRedis.start() as server:
        yield server


@LONG
async def test_in_redis_nothing_is_left_of_tabs_in_which_nothing_was_done(store: OwnRedis) -> None:
    with PortalServer.start(env={"REFLEX_REDIS_URL": store.url}) as portal:
        await visit_often(portal, size(100, 5_000))
        store.wait_for_fewer_keys(AT_ONCE)
