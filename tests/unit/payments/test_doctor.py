"""What `portal doctor` says of the ways to pay."""

from __future__ import annotations

from typing import Any

import pytest

from guance_portal.core.settings import Settings
from guance_portal.doctor import _payments, _transfers
from tests.support import cashiers


def bare(pem: str) -> str:
    """A key as its provider shows it."""
    return "".join(pem.splitlines()[1:-1])


WHOLE = {
    "alipay_app_id": "2021",
    "alipay_seller_id": "2088",
    "alipay_private_key": bare(cashiers.private("shop")),
    "alipay_public_key": bare(cashiers.public("alipay")),
}
PUBLIC = {"sandbox": False, "public_url": "https://portal.example", "secret_key": "k" * 40}


@pytest.mark.parametrize(
    ("chosen", "remedies", "said"),
    [
        ({}, 0, "not offered: PORTAL_ALIPAY_APP_ID"),
        ({"sandbox": True, "public_url": "http://localhost:8000"}, 0, "played by the simulator"),
        ({"alipay_app_id": "2021"}, 1, "set up by half"),
        (WHOLE, 0, "set up"),
        (WHOLE | {"alipay_public_key": "AAAA"}, 1, "not offered: a key cannot be used"),
        (WHOLE | {"public_url": "http://portal.example"}, 1, "not reached by https"),
    ],
)
def test_every_way_to_pay_is_looked_at(chosen: dict[str, Any], remedies: int, said: str) -> None:
    found = list(_payments(Settings.model_validate(PUBLIC | chosen)))
    assert [one.subject for one in found] == ["payment by alipay", "payment by wechat"]
    assert said in found[0].state
    assert len([one for one in found if not one.is_well]) == remedies
    assert bare(cashiers.private("shop")) not in "".join(map(str, found))


@pytest.mark.parametrize(
    ("chosen", "remedies", "said"),
    [
        ({}, 0, "not offered: PORTAL_BANK_ACCOUNT_NAME"),
        ({"sandbox": True, "public_url": "http://localhost:8000"}, 0, "sample account"),
        ({"bank_name": "示例银行"}, 1, "set up by half"),
        (
            {"bank_name": "b", "bank_code": "c", "bank_account_name": "n", "bank_account_number": "1"},
            0,
            "set up",
        ),
    ],
)
def test_the_account_of_each_currency_is_looked_at(chosen: dict[str, Any], remedies: int, said: str) -> None:
    found = list(_transfers(Settings.model_validate(PUBLIC | chosen)))
    assert [one.subject for one in found] == ["bank transfer in CNY", "bank transfer in USD"]
    assert said in found[0].state
    assert len([one for one in found if not one.is_well]) == remedies
