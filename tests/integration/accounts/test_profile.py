"""资料 of a console user: seen and changed by the person alone."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from guance_portal.accounts.identity.profile import ProfileForm
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.tokens import digest
from tests import factories


async def changes(services: Services) -> list[str]:
    async with services.database.reading() as work:
        found = select(AuditEntry).where(col(AuditEntry.act) == "profile.changed").order_by(col(AuditEntry.at))
        return [entry.details["fields"] for entry in (await work.session.exec(found)).all()]


async def test_a_person_changes_name_and_number_and_leaves_a_trace_of_what_changed(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    name = (await services.profiles.view(me.actor)).username
    for _ in range(2):
        await services.profiles.change(me.actor, ProfileForm(username=name, phone="138 0013 8000"), me.caller)
    assert await changes(services) == ["phone"]
    form = ProfileForm(username="张三", phone=" 139\u200b 0013 9000 ")
    profile = await services.profiles.change(me.actor, form, me.caller)
    assert (profile.username, profile.phone) == ("张三", "+8613900139000")
    assert await services.profiles.view(me.actor) == profile
    assert await changes(services) == ["phone", "username phone"]
    live = await services.sessions.find(Realm.CONSOLE, digest(me.token))
    assert live
    assert live.name == "张三"


async def test_every_problem_is_told_at_its_field_and_nothing_changes(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    before = await services.profiles.view(me.actor)
    with pytest.raises(FormProblemsError) as refusal:
        await services.profiles.change(me.actor, ProfileForm(username="admin", phone=""), me.caller)
    assert [(one.field, one.code) for one in refusal.value] == [
        ("username", "errors.name_reserved"),
        ("phone", "errors.phone_missing"),
    ]
    assert await services.profiles.view(me.actor) == before


async def test_elsewhere_no_number_is_needed(services: Services) -> None:
    await factories.console_user(services, site="us1")
    me = await factories.sign_in(services, site="us1")
    assert (await services.profiles.change(me.actor, ProfileForm(username="lin"), me.caller)).phone == ""


async def test_other_realms_have_none(services: Services) -> None:
    await factories.fee_account(services)
    payer = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER, site="")
    with pytest.raises(NotAllowedError):
        await services.profiles.view(payer.actor)
