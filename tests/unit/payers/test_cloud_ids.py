"""Pasted ids: what only came along is forgiven, what cannot be an id is told at its field."""

from __future__ import annotations

import pytest

from guance_portal.core import plain
from guance_portal.core.checklist import FormProblemsError
from guance_portal.payers.cloud_errors import AccountIdMalformedError
from guance_portal.payers.cloud_ids import CloudForm, read_claim
from guance_portal.sites import Provider


@pytest.mark.parametrize(
    "typed",
    [
        "1827460391524093",
        " 1827 4603 9152 4093\n",
        "１８２７４６０３９１５２４０９３",
        "1827\u00a04603\u20099152\u200b4093\ufeff",
        "\t1827460391524093\u3000",
    ],
)
def test_spaces_and_full_width_digits_are_forgiven(typed: str) -> None:
    assert plain.code(typed) == "1827460391524093"
    assert read_claim(Provider.ALIYUN, typed, " a1 b2 ").account == "1827460391524093"


@pytest.mark.parametrize(
    ("account", "instance", "fields"),
    [
        ("", "", ["account", "instance"]),
        (" \u200b ", "abc", ["account"]),
        ("lin@1827460391524093", "abc", ["account"]),
        ("1827-4603", "abc", ["account"]),
        ("😀", "abc", ["account"]),
        ("٣" * 16, "abc", ["account"]),
        ("1" * 500, "abc", ["account"]),
        ("1827460391524093", "　", ["instance"]),
    ],
)
def test_what_cannot_be_an_id_is_told_at_its_field(account: str, instance: str, fields: list[str]) -> None:
    with pytest.raises(FormProblemsError) as refusal:
        read_claim(Provider.ALIYUN, account, instance)
    assert [problem.field for problem in refusal.value] == fields


def test_one_id_is_judged_alone_and_an_empty_one_not_at_all() -> None:
    wrong = CloudForm(account="1827-4603").problem_at(Provider.ALIYUN, "account")
    assert isinstance(wrong, AccountIdMalformedError)
    assert CloudForm(account="1827460391524093").problem_at(Provider.ALIYUN, "account") is None
    assert CloudForm(account=" ").problem_at(Provider.ALIYUN, "account") is None
    assert CloudForm(account="x", instance="abc").problem_at(Provider.ALIYUN, "instance") is None
