"""The adapters, which verify by the official protocols' own libraries, against notices that other code signed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import UnprovenError
from guance_portal.payments.keys import private_pem, public_pem
from guance_portal.payments.ports import Payable
from guance_portal.payments.rules import Outcome, ToldPayment
from guance_portal.sandbox.cashier.alipay import AlipayCashier
from guance_portal.sandbox.cashier.payments import SimulatedPayment
from guance_portal.sandbox.cashier.wechat import WechatCashier
from tests.support import cashiers
from tests.support.cashiers import API_KEY, APPS, KEY_ID, SELLERS

NOW = datetime(2026, 11, 4, 4, tzinfo=UTC)
ALIPAY_CASHIER = AlipayCashier(cashiers.key("alipay"))
WECHAT_CASHIER = WechatCashier(cashiers.key("wechat"), KEY_ID, API_KEY)


def payment(way: Kind, **said: object) -> SimulatedPayment:
    known: dict[str, object] = {"order": "R1", "trade": "T1", "minor": 100_50, "paid_at": NOW}
    return SimulatedPayment(**(known | {"app": APPS[way], "seller": SELLERS[way]} | said))  # pyright: ignore[reportArgumentType]


def by_alipay(now: datetime = NOW, **said: object) -> ToldPayment:
    return cashiers.alipay().read({}, ALIPAY_CASHIER.notice(payment(Kind.ALIPAY, **said), NOW).body, now)


def by_wechat(now: datetime = NOW, **said: object) -> ToldPayment:
    sent = WECHAT_CASHIER.notice(payment(Kind.WECHAT, **said), NOW)
    return cashiers.wechat().read({name.lower(): value for name, value in sent.headers.items()}, sent.body, now)


@pytest.mark.parametrize(("read", "way"), [(by_alipay, Kind.ALIPAY), (by_wechat, Kind.WECHAT)])
def test_an_honest_notice_is_read_to_the_fen_and_the_second(read: Callable[[], ToldPayment], way: Kind) -> None:
    assert read() == ToldPayment(
        way=way, order="R1", trade="T1", minor=100_50, currency="CNY", is_paid=True, paid_at=NOW
    )


@pytest.mark.parametrize(
    ("read", "outcome"),
    [
        (lambda: by_alipay(app="x"), Outcome.OTHER_APP),
        (lambda: by_alipay(seller="x"), Outcome.OTHER_SELLER),
        (lambda: by_alipay(NOW + timedelta(hours=49)), Outcome.STALE),
        (lambda: by_alipay(NOW - timedelta(minutes=6)), Outcome.STALE),
        (lambda: by_alipay(more={"total_amount": "1e2"}), Outcome.MALFORMED),
        (lambda: by_alipay(more={"total_amount": "100.505"}), Outcome.MALFORMED),
        (lambda: by_alipay(more={"total_amount": "-1.00"}), Outcome.MALFORMED),
        (lambda: by_alipay(more={"gmt_payment": ""}), Outcome.MALFORMED),
        (lambda: by_alipay(more={"notify_time": "now"}), Outcome.MALFORMED),
        (lambda: by_alipay(order=""), Outcome.MALFORMED),
        (lambda: by_alipay(more={"sign_type": "RSA"}), Outcome.FORGED),
        (lambda: by_wechat(app="x"), Outcome.OTHER_APP),
        (lambda: by_wechat(seller="x"), Outcome.OTHER_SELLER),
        (lambda: by_wechat(NOW + timedelta(minutes=6)), Outcome.STALE),
        (lambda: by_wechat(NOW - timedelta(minutes=6)), Outcome.STALE),
        (lambda: by_wechat(more={"amount": {"total": 1.5, "currency": "CNY"}}), Outcome.MALFORMED),
        (lambda: by_wechat(more={"amount": {"total": True, "currency": "CNY"}}), Outcome.MALFORMED),
        (lambda: by_wechat(more={"amount": None}), Outcome.MALFORMED),
        (lambda: by_wechat(more={"success_time": "2026-11-04T12:00:00"}), Outcome.MALFORMED),
        (lambda: by_wechat(more={"transaction_id": ""}), Outcome.MALFORMED),
    ],
)
def test_every_wrongness_has_an_outcome_of_its_own(read: Callable[[], ToldPayment], outcome: Outcome) -> None:
    with pytest.raises(UnprovenError) as refused:
        read()
    assert refused.value.outcome is outcome


@pytest.mark.parametrize("field", ["total_amount", "out_trade_no", "seller_id", "gmt_payment", "trade_status"])
def test_no_field_of_alipay_can_be_changed(field: str) -> None:
    pairs = parse_qs(ALIPAY_CASHIER.notice(payment(Kind.ALIPAY), NOW).body.decode(), keep_blank_values=True)
    fields = {name: values[0] for name, values in pairs.items()} | {field: "9"}
    with pytest.raises(UnprovenError, match="forged"):
        cashiers.alipay().read({}, urlencode(fields).encode(), NOW)


@pytest.mark.parametrize("body", [b"", b"%", b"a=1&a=2", "金额=1".encode(), b"&".join([b"a=1"] * 101), b"\xff"])
def test_a_form_that_is_none_is_malformed(body: bytes) -> None:
    with pytest.raises(UnprovenError, match="malformed"):
        cashiers.alipay().read({}, body, NOW)


@pytest.mark.parametrize("name", ["timestamp", "nonce", "serial", "signature", "signature-type"])
def test_no_header_of_wechat_can_be_left_out(name: str) -> None:
    sent = WECHAT_CASHIER.notice(payment(Kind.WECHAT), NOW)
    headers = {given.lower(): value for given, value in sent.headers.items()}
    del headers[f"wechatpay-{name}"]
    with pytest.raises(UnprovenError):
        cashiers.wechat().read(headers, sent.body, NOW)


def test_a_notice_that_wechat_signed_and_nobody_can_open_is_no_forgery() -> None:
    sent = WechatCashier(cashiers.key("wechat"), KEY_ID, "x" * 32).notice(payment(Kind.WECHAT), NOW)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    with pytest.raises(UnprovenError, match="malformed"):
        cashiers.wechat().read(headers, sent.body, NOW)


def test_a_notice_that_another_key_signed_is_forged() -> None:
    sent = WechatCashier(cashiers.key("shop"), KEY_ID, API_KEY).notice(payment(Kind.WECHAT), NOW)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    with pytest.raises(UnprovenError, match="forged"):
        cashiers.wechat().read(headers, sent.body, NOW)


def test_a_fault_of_ours_is_not_said_of_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = cashiers.alipay()
    monkeypatch.setattr(adapter._client, "_alipay_public_key", None)
    with pytest.raises(AttributeError):
        adapter.read({}, ALIPAY_CASHIER.notice(payment(Kind.ALIPAY), NOW).body, NOW)


def test_vector_8_the_seal_of_wechat() -> None:
    sealed = AESGCM(b"a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb").encrypt(b"uluk4a9R25RW", b"message", b"associatedData")
    assert base64.b64encode(sealed) == b"ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI="


def test_what_was_refunded_in_part_says_so() -> None:
    assert by_alipay(more={"refund_fee": "0.01"}).is_refunded
    assert not by_alipay(more={"refund_fee": "0.00"}).is_refunded
    assert by_wechat(more={"trade_state": "REFUND"}).is_refunded


async def test_alipays_page_is_asked_for_the_exact_amount_in_its_own_zone() -> None:
    order = Payable(number="R1", minor=100_10, currency=Currency.CNY, subject="观测云充值", expires_at=NOW)
    asked = {name: one[0] for name, one in parse_qs(urlsplit(await cashiers.alipay().begin(order)).query).items()}
    content = json.loads(asked["biz_content"])
    assert (content["total_amount"], content["out_trade_no"]) == ("100.10", "R1")
    at = datetime.strptime(asked["timestamp"] + "+0800", "%Y-%m-%d %H:%M:%S%z")
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    text = "&".join(f"{name}={asked[name]}" for name in sorted(asked) if name != "sign")
    cashiers.key("shop").public_key().verify(
        base64.b64decode(asked["sign"]), text.encode(), padding.PKCS1v15(), hashes.SHA256()
    )


@pytest.mark.parametrize("form", [serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL])
def test_keys_are_taken_with_and_without_the_lines_of_pem(form: serialization.PrivateFormat) -> None:
    key = cashiers.key("shop")
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    bare = "".join(pem.splitlines()[1:-1])
    assert private_pem(pem) == private_pem(bare) == cashiers.private("shop")
    public = cashiers.public("shop")
    assert public_pem("".join(public.splitlines()[1:-1])) == public


@pytest.mark.parametrize("written", ["", "AAAA", "not base64!", hashlib.sha256(b"1").hexdigest()])
def test_what_is_no_key_is_refused(written: str) -> None:
    for read in (private_pem, public_pem):
        with pytest.raises(ValueError):
            read(written)
