"""Fields and tables say to screen readers what they show to the eye."""

from __future__ import annotations

import json
import re

import pytest
import reflex as rx

from guance_portal.components.choices import Card, radio_cards
from guance_portal.components.fields import password_field, text_field
from guance_portal.components.messages import pick, text
from guance_portal.components.selects import Option, select_field
from guance_portal.components.table import Column, table
from guance_portal.core.messages import text as server_text
from guance_portal.pages import PAGES

WRONG = rx.Var.create(server_text("style_guide.form.missing"))


def test_a_field_names_its_problem_and_its_help() -> None:
    shown = source(text_field("email", "邮箱", problem=WRONG, help="仅用于登录"))
    assert '"aria-describedby":"field-email-problem field-email-help"' in shown
    assert 'id:"field-email-problem"' in shown
    assert 'id:"field-email-help"' in shown
    assert '"aria-invalid"' in shown


def test_a_field_without_problem_and_help_points_nowhere() -> None:
    shown = source(text_field("email", "邮箱"))
    assert "aria-describedby" not in shown
    assert "aria-invalid" not in shown


@pytest.mark.parametrize("field", [text_field, password_field])
def test_a_label_belongs_to_its_control(field: type) -> None:
    shown = source(field("secret", "登录密码"))
    assert 'htmlFor:"field-secret"' in shown
    assert 'id:"field-secret"' in shown
    assert 'name:"secret"' in shown


def test_what_must_be_filled_in_is_said_and_not_only_starred() -> None:
    assert '"aria-required":"true"' in source(text_field("email", "邮箱", required=True))
    assert "aria-required" not in source(text_field("email", "邮箱", required=False))


def test_a_new_password_may_be_kept_by_a_password_manager() -> None:
    assert 'autoComplete:"new-password"' in source(password_field("new", "新密码", auto_complete="new-password"))
    assert 'autoComplete:"current-password"' in source(password_field("old", "当前密码"))


def test_a_select_is_native_with_or_without_second_lines() -> None:
    assert '"select"' in source(select_field("language", "语言", [Option("zh", "简体中文")]))
    assert "RichSelect" in source(select_field("site", "站点", [Option("cn1", "中国区1", "阿里云")]))


def test_a_refused_card_stays_in_sight_with_its_reason() -> None:
    cards = [Card("aws", "AWS 云账号", reasons=("当前站点不支持。",)), Card("aliyun", "阿里云账号")]
    shown = source(radio_cards("method", "结算方式", cards, value="aliyun"))
    assert shown.count("disabled:true") == 1
    assert ascii("当前站点不支持。").strip("'") in shown


def test_no_attribute_is_taken_for_a_style() -> None:
    for build in (page.build for page in PAGES):
        styled = re.findall(r"css:\(\{([^}]*)", source(build()))
        assert not [style for style in styled if not re.match(r' \["(width|height|left|bottom|--part)"\] :', style)]


def test_a_total_has_one_cell_for_each_column() -> None:
    columns = [Column("计费项", lambda row: row), Column("费用", lambda row: row)]
    rows = rx.Var.create(["a"]).to(list[str])
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        table(columns, rows, label="费用明细", total=["合计"])


def test_words_with_a_hole_left_open_do_not_build() -> None:
    with pytest.raises(KeyError, match="count"):
        text("form.summary_many")


def test_both_languages_are_compiled_in() -> None:
    shown = str(pick("登录", "Sign in"))
    assert "Sign in" in shown
    assert "\\u767b\\u5f55" in shown


def source(component: rx.Component) -> str:
    """The props of a component and everything in it, as they are compiled: ASCII, other characters escaped."""
    return json.dumps(component.render(), default=str).replace("\\\\", "\\").replace('\\"', '"')
