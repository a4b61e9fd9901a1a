"""What the adapters make of a gateway's answers: what is signed is believed, and everything else is unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import UnansweredError
from guance_portal.payments.ports import Payable
from guance_portal.sandbox.cashier.payments import SimulatedPayment
from guance_portal.sandbox.cashier.wechat import WechatCashier
from tests.support import cashiers
from tests.support.cashiers import API_KEY, APPS, KEY_ID, SELLERS
from tests.support.gateways import Gateway, gateway

PAID_AT = datetime(2026, 11, 4, 4, tzinfo=UTC)
ORDER = Payable(number="R1", minor=100_50, currency=Currency.CNY, subject="观测云充值", expires_at=PAID_AT)


@pytest.fixture
def there() -> Iterator[Gateway]:
    """A gateway."""
    with gateway() as ours:
        yield ours


def alipay_says(there: Gateway, key: str = "alipay", **said: str) -> None:
    """An answer to a query, signed as Alipay signs: over the text of the answer as it stands."""
    answer = json.dumps({"code": "10000", "msg": "Success", "out_trade_no": "R1"} | said, ensure_ascii=False)
    signature = cashiers.signed_text(key, answer)
    there.body = f'{{"alipay_trade_query_response":{answer},"sign":"{signature}"}}'.encode()


def wechat_says(there: Gateway, said: object, *, status: int = 200, key: str = "wechat") -> None:
    """An answer, signed as WeChat Pay signs."""
    there.status, there.body = status, json.dumps(said).encode()
    there.headers = WechatCashier(cashiers.key(key), KEY_ID, API_KEY).signed(there.body, datetime.now(UTC))


def transaction(**said: object) -> dict[str, object]:
    """What WeChat Pay says of an order."""
    known = SimulatedPayment(
        order="R1",
        trade="T1",
        minor=100_50,
        paid_at=PAID_AT,
        app=APPS[Kind.WECHAT],
        seller=SELLERS[Kind.WECHAT],
    )
    return WechatCashier(cashiers.key("wechat"), KEY_ID, API_KEY).transaction(known) | said


PAID = {
    "trade_no": "T1",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "100.50",
    "send_pay_date": "2026-11-04 12:00:00",
}


async def test_alipay_says_what_was_paid(there: Gateway) -> None:
    alipay_says(there, **PAID)
    told = await cashiers.alipay(there.address).ask("R1")
    assert told
    assert (told.order, told.trade, told.minor, told.paid_at, told.is_paid) == ("R1", "T1", 100_50, PAID_AT, True)


async def test_alipay_knows_no_payment(there: Gateway) -> None:
    alipay_says(there, code="40004", msg="Business Failed", sub_code="ACQ.TRADE_NOT_EXIST")
    assert await cashiers.alipay(there.address).ask("R1") is None


@pytest.mark.parametrize(
    "said",
    [{"code": "20000", "sub_code": "isp.unknow-error"}, PAID | {"total_amount": "much"}, PAID | {"send_pay_date": ""}],
)
async def test_alipay_says_nothing_that_can_be_used(there: Gateway, said: dict[str, str]) -> None:
    alipay_says(there, **said)
    with pytest.raises(UnansweredError):
        await cashiers.alipay(there.address).ask("R1")


async def test_an_answer_of_alipay_by_another_key_is_no_answer(there: Gateway) -> None:
    alipay_says(there, "shop", **PAID)
    with pytest.raises(UnansweredError):
        await cashiers.alipay(there.address).ask("R1")


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"[]"])
async def test_rubbish_of_alipay_is_no_answer(there: Gateway, body: bytes) -> None:
    there.body = body
    with pytest.raises(UnansweredError):
        await cashiers.alipay(there.address).ask("R1")


async def test_wechat_says_what_was_paid(there: Gateway) -> None:
    wechat_says(there, transaction())
    told = await cashiers.wechat(there.address).ask("R1")
    assert told
    assert (told.order, told.trade, told.minor, told.paid_at, told.is_paid) == ("R1", "T1", 100_50, PAID_AT, True)


async def test_wechat_says_that_nothing_was_paid_yet(there: Gateway) -> None:
    wechat_says(there, transaction(trade_state="NOTPAY"))
    told = await cashiers.wechat(there.address).ask("R1")
    assert told
    assert not told.is_paid


async def test_wechat_knows_no_order(there: Gateway) -> None:
    wechat_says(there, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}, status=404)
    assert await cashiers.wechat(there.address).ask("R1") is None


async def test_an_answer_of_wechat_by_another_key_is_no_answer(there: Gateway) -> None:
    wechat_says(there, transaction(), key="shop")
    with pytest.raises(UnansweredError):
        await cashiers.wechat(there.address).ask("R1")


async def test_an_answer_of_wechat_about_another_merchant_is_no_answer(there: Gateway) -> None:
    wechat_says(there, transaction(mchid="another"))
    with pytest.raises(UnansweredError):
        await cashiers.wechat(there.address).ask("R1")


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_rubbish_of_wechat_is_no_answer(there: Gateway, status: int) -> None:
    there.status, there.body = status, b"<html>"
    with pytest.raises(UnansweredError):
        await cashiers.wechat(there.address).ask("R1")


async def test_wechat_answers_with_what_the_code_holds(there: Gateway) -> None:
    wechat_says(there, {"code_url": "weixin://wxpay/bizpayurl?pr=1"})
    assert await cashiers.wechat(there.address).begin(ORDER) == "weixin://wxpay/bizpayurl?pr=1"
    assert there.asked == ["/v3/pay/transactions/native"]


async def test_wechat_refuses_an_order(there: Gateway) -> None:
    wechat_says(there, {"code": "PARAM_ERROR"}, status=400)
    with pytest.raises(UnansweredError):
        await cashiers.wechat(there.address).begin(ORDER)


async def test_a_gateway_that_is_not_there_is_no_answer() -> None:
    for adapter in (cashiers.alipay(), cashiers.wechat()):
        with pytest.raises(UnansweredError):
            await adapter.ask("R1")
