"""Bank accounts that nobody has, for the pages of a sandbox."""

from __future__ import annotations

from guance_portal.core.money import Currency
from guance_portal.payments.bank import BankAccount

SAMPLE_ACCOUNTS = {
    Currency.CNY: BankAccount(
        holder="观测云示例收款有限公司",
        number="6200 0000 1827 0043 210",
        bank="示例银行杭州分行营业部",
        code="1023 3100 0000",
    ),
    Currency.USD: BankAccount(
        holder="Guance Sample Receiving Ltd.",
        number="0000 1827 0043 210",
        bank="Sample Bank, Hong Kong branch",
        code="SAMPHKHH",
    ),
}
