"""What operators find and do: fee-centre accounts, their sessions, every act with its reason in the audit."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language
from guance_portal.core.reasons import ReasonMissingError
from guance_portal.operations.rules import ACCOUNTS_A_PAGE
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
from guance_portal.settlement.errors import FeeAccountUnknownError
from guance_portal.sites import Currency
from tests import factories
from tests.support.sign_up import PASSWORD, Signer

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="sess_1")


async def found(services: Services, asked: str) -> list[str]:
    return [line.username for line in (await services.account_admin.find(OPERATOR, asked)).lines]


async def test_an_account_is_found_by_username_email_company_and_workspace(services: Services) -> None:
    signer = Signer(services)
    opened = await signer.complete()
    await factories.fee_account(services, "somebody_else", email="else@other.example")
    name = signer.form.username
    workspace = opened.workspace_id
    for asked in (name, name[:-1].upper(), signer.form.email, "云帆科技", workspace, f"  {name} "):
        assert await found(services, asked) == [name], asked
    assert await found(services, "else@") == ["somebody_else"]
    assert set(await found(services, "")) == {name, "somebody_else"}
    assert await found(services, "nobody") == []


async def test_signs_of_a_search_pattern_are_letters_like_others(services: Services) -> None:
    await factories.fee_account(services, "yun_fan", email="a@yunfan.example")
    await factories.fee_account(services, "yunxfan", email="b@yunfan.example")
    assert await found(services, "yun_fan") == ["yun_fan"]
    assert await found(services, "%") == []
    assert await found(services, "!") == []


async def test_ten_thousand_accounts_are_turned_over_page_by_page(services: Services) -> None:
    now = services.clock.now()
    async with services.database.writing() as work:
        work.session.add_all(
            FeeAccount(
                id=new_id("acnt"),
                username=f"company_{number:05}",
                username_key=f"company_{number:05}",
                email=f"pay{number}@many.example",
                email_key=f"pay{number}@many.example",
                language=Language.ZH,
                site="cn1",
                currency=Currency.CNY,
                created_at=now,
            )
            for number in range(10_000)
        )
        await work.commit()
    first = await services.account_admin.find(OPERATOR)
    last = await services.account_admin.find(OPERATOR, page=first.pages)
    assert (first.total, first.pages, len(first.lines)) == (10_000, 500, ACCOUNTS_A_PAGE)
    assert not {line.id for line in first.lines} & {line.id for line in last.lines}
    assert await found(services, "company_09999") == ["company_09999"]
    assert (await services.account_admin.find(OPERATOR, page=9_999)).lines == ()


async def test_the_page_of_an_account_has_profile_workspaces_methods_and_sessions(services: Services) -> None:
    signer = Signer(services)
    opened = await signer.complete()
    await factories.sign_in(services, signer.form.username, realm=Realm.FEE_CENTER, password=PASSWORD)
    (line,) = (await services.account_admin.find(OPERATOR)).lines
    view = await services.account_admin.view(OPERATOR, line.id)
    assert view.company
    assert (view.company.name, view.line.email) == ("杭州云帆科技有限公司", signer.form.email)
    (workspace,) = view.workspaces
    assert (workspace.id, workspace.method) == (opened.workspace_id, SettlementMethod.ENTERPRISE)
    assert (view.sessions, view.cloud_accounts) == (1, ())


async def test_ending_sessions_signs_the_account_out_and_is_audited_with_the_reason(services: Services) -> None:
    account_id = await factories.fee_account(services)
    live = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    scene, caller = services.account_admin, factories.browser()
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ReasonMissingError):
            await scene.end_sessions(OPERATOR, account_id, reason, caller)
    assert await scene.end_sessions(OPERATOR, account_id, "  工单 4711\n ", caller) == 1
    assert await scene.end_sessions(OPERATOR, account_id, "again", caller) == 0
    async with services.database.reading() as work:
        entries = (
            await work.session.exec(
                select(AuditEntry)
                .where(col(AuditEntry.act) == "fee_account.sessions_ended")
                .order_by(col(AuditEntry.details)["count"].as_string().desc())
            )
        ).all()
    assert [(one.subject_id, one.actor_id) for one in entries] == [(account_id, "oper_1")] * 2
    assert entries[0].details == {"count": "1", "reason": "工单 4711"}
    assert (await scene.view(OPERATOR, account_id)).sessions == 0
    again = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    assert again.actor.session_id != live.actor.session_id


async def test_arbitrary_choice_is_shown_and_needs_a_reason(services: Services) -> None:
    account_id = await factories.fee_account(services)
    with pytest.raises(ReasonMissingError):
        await services.settlement.set_arbitrary_choice(OPERATOR, account_id, allowed=True, reason=" ")
    await services.settlement.set_arbitrary_choice(OPERATOR, account_id, allowed=True, reason="框架合同")
    (line,) = (await services.account_admin.find(OPERATOR)).lines
    assert line.has_arbitrary_choice


async def test_an_unknown_account_is_said_to_be_unknown(services: Services) -> None:
    with pytest.raises(FeeAccountUnknownError):
        await services.account_admin.view(OPERATOR, "acnt_none")
    with pytest.raises(FeeAccountUnknownError):
        await services.account_admin.end_sessions(OPERATOR, "acnt_none", "why", factories.browser())


@pytest.mark.parametrize("realm", [Realm.CONSOLE, Realm.FEE_CENTER])
async def test_only_operators_see_or_do_anything(services: Services, realm: Realm) -> None:
    account_id = await factories.fee_account(services)
    actor = Actor(realm=realm, subject_id=account_id, session_id="sess")
    scene = services.account_admin
    for act in (
        scene.find(actor),
        scene.view(actor, account_id),
        scene.end_sessions(actor, account_id, "why", factories.browser()),
    ):
        with pytest.raises(NotAllowedError):
            await act
