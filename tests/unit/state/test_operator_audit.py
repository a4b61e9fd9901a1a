"""The audit in words: every act that is ever recorded has a name and a sentence in both languages."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import guance_portal
from guance_portal.core.messages import catalogue
from guance_portal.operations.audit_log import Entry
from guance_portal.settlement import closing, dissolving
from guance_portal.settlement.choices import ChangeState
from guance_portal.settlement.rules import RefusalReason
from guance_portal.state.operator.audit import act_name, reason, sentence

ROOT = Path(guance_portal.__file__).parent


def recorded() -> set[str]:
    """Every act named in the code: texts of the form subject.participle handed to something that records."""
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in {"record", "_note", "_end_many"}:
                texts = [one.value for one in call.args if isinstance(one, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and text.count(".") == 1}
    return found


def entry(act: str, **details: str) -> Entry:
    return Entry(
        id="audt_1",
        at=datetime(2026, 11, 1, tzinfo=UTC),
        act=act,
        actor_realm="console",
        actor_id="user_1",
        actor_name="林知夏",
        actor_session="sess_1",
        subject_type="workspace",
        subject_id="wksp_1",
        subject_name="云帆",
        details=details,
        names={"user_2": "陈晓"},
        address="",
    )


def test_the_code_records_acts() -> None:
    assert {"workspace.upgraded", "session.opened", "fee_account.arbitrary_choice_set"} <= recorded()


@pytest.mark.parametrize("act", sorted(recorded()))
def test_every_act_has_a_name_and_a_sentence(act: str) -> None:
    assert f"audit.name.{act}" in catalogue()
    assert f"audit.sentence.{act}" in catalogue()


def test_a_sentence_names_who_and_what() -> None:
    said = sentence(entry("workspace.upgraded", payer="yunfan"))
    assert said.zh == "用户 林知夏 将工作空间「云帆」升级到商业版，由 yunfan 付费"
    assert said.en == "User 林知夏 upgraded the workspace “云帆” to the Commercial plan, paid by yunfan"


def test_people_roles_and_switches_are_said_in_words() -> None:
    changed = sentence(entry("member.role_changed", member="user_2", before="standard", after="admin"))
    assert changed.zh == "用户 林知夏 将 陈晓 在工作空间「云帆」的角色由标准成员改为管理员"
    assert sentence(entry("fee_account.arbitrary_choice_set", allowed="true")).zh.endswith("设为开启")
    assert "观测云企业账号" in sentence(entry("settlement_change.effective", method="enterprise")).zh


def test_what_an_older_version_did_not_write_is_a_dash() -> None:
    assert "由 — 付费" in sentence(entry("workspace.upgraded")).zh


def test_an_sso_handoff_names_the_user_who_made_it_though_nobody_was_signed_in() -> None:
    made = replace(entry("jump.made", user="user_2"), actor_realm="", actor_id="")
    assert sentence(made).zh.startswith("用户 陈晓 从控制台免登录进入了费用中心")


def test_a_password_of_nobody_names_no_empty_name() -> None:
    asked = replace(entry("password.reset_asked"), subject_type="console", subject_id="", subject_name="")
    assert sentence(asked).zh == "有人为用户（不存在）申请重置密码"


def test_a_reason_that_an_operator_gave_is_shown_as_it_is() -> None:
    assert reason(entry("fee_account.sessions_ended", reason="工单 4711")).en == "工单 4711"
    assert reason(entry("fee_account.sessions_ended", reason="workspace_dissolved")).zh == "workspace_dissolved"
    assert reason(entry("workspace.upgraded")).zh == ""


@pytest.mark.parametrize("why", [closing.WHY, dissolving.WHY, *RefusalReason])
def test_a_reason_that_the_portal_noted_is_said_in_words(why: str) -> None:
    said = reason(entry("settlement_change.refused", reason=why, method="enterprise"))
    assert why not in {said.zh, said.en}


def test_an_act_without_words_goes_by_its_code() -> None:
    assert act_name("moon.landed").zh == "moon.landed"
    assert "moon.landed" in sentence(entry("moon.landed")).en


def test_details_are_never_placeholders_themselves() -> None:
    assert "{who}" in sentence(entry("workspace.upgraded", payer="{who}")).zh


@pytest.mark.parametrize("state", [one for one in ChangeState if one is not ChangeState.PENDING])
def test_what_becomes_of_a_change_of_settlement_has_words(state: ChangeState) -> None:
    assert f"audit.sentence.settlement_change.{state}" in catalogue()
