"""The examples of the usage API's document, as somebody runs them who has read it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from guance_portal.accounts.keys.rules import Scope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from tests.support.people import People
from tests.support.portal_server import PortalServer

TODAY = datetime.now(UTC).date()
DOCUMENT = Path(__file__).parents[3] / "docs/usage-api.md"


@pytest.fixture(scope="module")
def surroundings(portal: PortalServer) -> Generator[dict[str, str]]:
    """The variables that the examples name: the portal's address, and a key of a new workspace."""
    with People(portal) as people:
        session = people.sign_in(people.any(Realm.CONSOLE))
        workspace_id = people.workspace(session, "云帆-生产环境")
        actor = Actor(
            realm=Realm.CONSOLE, subject_id=session.person.id, session_id=session.id, workspace_id=workspace_id
        )
        order = KeyOrder(
            actor=actor,
            caller=Caller(address="127.0.0.1", user_agent="", visitor=""),
            workspace_id=workspace_id,
            name="示例",
            scopes=frozenset(Scope),
        )

        async def make(services: Services) -> str:
            return await services.api_keys.create(order)

        yield {**os.environ, "PORTAL": portal.base, "KEY": people.do(make)}


def example(language: str) -> str:
    """The one example in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return found


def test_the_command_reports_usage(surroundings: dict[str, str]) -> None:
    command = ["bash", "-c", example("sh").replace("curl ", "curl --silent --fail-with-body ", 1)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert '"accepted":1' in done.stdout, done.stderr


def test_the_program_reports_usage_and_it_is_told(surroundings: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example("python")], env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.stdout == "2\n", done.stderr
    address = re.search(r"GET (/api/v1/usage)\?", DOCUMENT.read_text("utf-8"))
    assert address
    answer = httpx.get(
        surroundings["PORTAL"] + address[1],
        params={"from": TODAY.isoformat(), "to": (TODAY + timedelta(days=1)).isoformat()},
        headers={"authorization": f"Bearer {surroundings['KEY']}"},
    )
    assert [one["item"] for one in answer.json()["usage"]] == ["tasks"]
