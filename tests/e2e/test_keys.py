"""API 密钥: a key is made, shown once, used, and deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from guance_portal import routes
from guance_portal.accounts.keys.rules import PREFIX
from guance_portal.accounts.rules import Role
from guance_portal.api.usage import STRUCTURED
from tests.e2e.screens.keys import KeysScreen
from tests.e2e.screens.screen import message
from tests.support.companies import member_of, owner_of
from tests.support.people import People
from tests.support.portal_server import PortalServer


def report(portal: PortalServer, key: str) -> httpx.Response:
    """Usage of now, with the key."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": "1",
        "source": "/jobs",
        "type": "com.guance.usage.tasks",
        "time": datetime.now(UTC).isoformat(),
        "data": {"quantity": "12"},
    }
    headers = {"authorization": f"Bearer {key}", "content-type": STRUCTURED}
    return httpx.post(f"{portal.base}{routes.API_USAGE}", json=event, headers=headers)


def test_a_key_is_made_shown_once_used_and_deleted(
    portal: PortalServer, new_page: Callable[..., Page], people: People
) -> None:
    screen = KeysScreen(new_page(owner_of(people))).open()
    expect(screen.main.get_by_text(message("keys.none"), exact=True)).to_be_visible()
    screen.create("计费上报", "usage_write")
    expect(screen.key).to_contain_text(PREFIX)
    key = screen.key.inner_text()
    screen.dialog.get_by_role("button", name=message("keys.done")).click()
    expect(screen.row("计费上报")).to_contain_text(message("keys.never_used"))
    expect(screen.row("计费上报")).to_contain_text(message("keys.scope.usage_write"))
    expect(screen.page.get_by_text(key)).to_have_count(0)
    assert report(portal, key).status_code == 200
    screen.open()
    expect(screen.row("计费上报")).not_to_contain_text(message("keys.never_used"))
    screen.row("计费上报").get_by_role("button", name=message("keys.delete")).click()
    screen.page.get_by_role("button", name=message("keys.delete_confirm")).click()
    expect(screen.notice).to_contain_text(message("keys.deleted"))
    expect(screen.row("计费上报")).to_have_count(0)
    assert report(portal, key).status_code == 401


def test_what_is_missing_is_said_in_the_dialog(new_page: Callable[..., Page], people: People) -> None:
    screen = KeysScreen(new_page(owner_of(people))).open()
    screen.create(" ")
    expect(screen.dialog).to_contain_text(message("errors.key_name_missing"))
    screen.dialog.get_by_label(message("keys.name"), exact=True).fill("计费上报")
    screen.dialog.get_by_role("button", name=message("keys.create")).click()
    expect(screen.dialog).to_contain_text(message("errors.no_scope"))


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
def test_other_members_read_whom_to_ask(new_page: Callable[..., Page], people: People, role: Role) -> None:
    screen = KeysScreen(new_page(member_of(people, owner_of(people), role))).open()
    expect(screen.main.get_by_text(message("keys.refused"))).to_be_visible()
    expect(screen.button(message("keys.create"))).to_have_count(0)
