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

from guance_portal import routes
from guance_portal.accounts.keys.rules import Scope
from guance_portal.core.actor import Realm
from tests.support.api_keys import api_key
from tests.support.billed_companies import billed_company
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
        key = people.do(lambda services: api_key(services, session.person.id, workspace_id))
        yield {**os.environ, "PORTAL": portal.base, "KEY": key}


def example(language: str, naming: str) -> str:
    """The one example in a language that names an address."""
    found = re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (named,) = [one for one in found if naming in one]
    return named


def test_the_command_reports_usage(surroundings: dict[str, str]) -> None:
    command = ["bash", "-c", example("sh", routes.API_USAGE).replace("curl ", "curl --silent --fail-with-body ", 1)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert '"accepted":1' in done.stdout, done.stderr


def test_the_program_reports_usage_and_it_is_told(surroundings: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example("python", routes.API_USAGE)],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
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


def test_the_program_reads_bills_page_by_page(portal: PortalServer) -> None:
    with People(portal) as people:
        billed = billed_company(people)
        owner, workspace_id = billed.company.owner.person.id, billed.company.workspace_id
        key = people.do(lambda services: api_key(services, owner, workspace_id, {Scope.READ_BILLS}))
        days = {"FROM": (billed.day - timedelta(days=1)).isoformat(), "TO": billed.day.isoformat()}
        surroundings = {**os.environ, "PORTAL": portal.base, "KEY": key, **days}
    program = example("python", routes.API_BILLS).replace('"limit": "50"', '"limit": "1"')
    done = subprocess.run(
        [sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [
        f"{billed.day - timedelta(days=1)} 6.00 CNY",
        f"{billed.day} 160.30 CNY",
    ], done.stderr
