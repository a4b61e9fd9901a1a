"""The audit as operators read it: by subject, actor, act and time, with names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guance_portal.bootstrap import Services
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.operations.audit_log import EntryPage
from guance_portal.operations.rules import ENTRIES_A_PAGE, AuditFilter
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.upgrades import free_owner

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="sess_1")


async def read(services: Services, **asked: object) -> EntryPage:
    return await services.audit_log.read(OPERATOR, AuditFilter(**asked))  # pyright: ignore[reportArgumentType]


async def test_entries_are_found_by_subject_actor_and_act_whatever_names_them(services: Services) -> None:
    owner = await free_owner(services)
    receipt = await owner.upgrade()
    for subject in (receipt.workspace_id, receipt.workspace_name):
        acts = [one.act for one in (await read(services, subject=subject)).entries]
        assert "workspace.upgraded" in acts
    for actor in (owner.session.actor.subject_id, owner.username, owner.email):
        found = await read(services, actor=actor, act="workspace.upgraded")
        (entry,) = found.entries
        assert (entry.actor_name, entry.subject_name) == (owner.username, receipt.workspace_name)
        assert entry.details["payer"] == owner.username
    assert "workspace.upgraded" in (await read(services)).acts
    assert (await read(services, subject="nobody")).entries == ()


async def test_entries_are_found_by_time_the_newest_first(services: Services, clock: MovableClock) -> None:
    await factories.fee_account(services, "first", email="a@yunfan.example")
    clock.move(days=2)
    await factories.fee_account(services, "second", email="b@yunfan.example")
    every = await read(services, act="fee_account.opened")
    assert [one.subject_name for one in every.entries] == ["second", "first"]
    late = await read(services, act="fee_account.opened", since=clock.now() - timedelta(days=1))
    early = await read(services, act="fee_account.opened", until=clock.now())
    assert [one.subject_name for one in late.entries] == ["second"]
    assert [one.subject_name for one in early.entries] == ["first"]


async def test_many_entries_are_turned_over(services: Services) -> None:
    async with services.database.writing() as work:
        for number in range(ENTRIES_A_PAGE + 1):
            audit.record(work, "user.opened", ("user", f"user_{number}"), at=services.clock.now())
        await work.commit()
    first = await services.audit_log.read(OPERATOR, AuditFilter(), 1)
    second = await services.audit_log.read(OPERATOR, AuditFilter(), 2)
    assert (first.total, first.pages, len(first.entries), len(second.entries)) == (51, 2, 50, 1)
    assert second.entries[0].id not in {one.id for one in first.entries}


@pytest.mark.parametrize("realm", [Realm.CONSOLE, Realm.FEE_CENTER])
async def test_the_audit_is_for_operators_alone(services: Services, realm: Realm) -> None:
    with pytest.raises(NotAllowedError):
        await services.audit_log.read(Actor(realm=realm, subject_id="x", session_id="y"), AuditFilter())
