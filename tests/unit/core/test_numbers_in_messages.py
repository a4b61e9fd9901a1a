"""A number in words that stands for one in the code is that number, in both languages.

Every sentence with a number is listed: with the numbers of the code it tells, or among those that tell none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal.accounts import rules
from guance_portal.accounts.codes import rules as code_rules
from guance_portal.accounts.identity import contact, password_rules, usernames
from guance_portal.accounts.members import rules as members_rules
from guance_portal.api.gateway.bodies import MAX_BODY
from guance_portal.api.limits import MEGABYTE
from guance_portal.approvals import rules as approvals
from guance_portal.billing import estimates, pace
from guance_portal.billing.paper import words
from guance_portal.billing.usage import MONTHS, UsageSpan
from guance_portal.core.actor import Realm
from guance_portal.core.messages import catalogue
from guance_portal.core.rate_limits import LIMITS
from guance_portal.core.reasons import LONGEST_REASON
from guance_portal.marketplaces import claims, sso
from guance_portal.marketplaces.aliyun import spi
from guance_portal.metering.events.rules import MOST_AHEAD, MOST_BEHIND
from guance_portal.metering.items import Item, free_quotas
from guance_portal.metering.rules import NOTICE_AT
from guance_portal.metering.tokens import Grace
from guance_portal.onboarding.upgrade import rules as upgrade_rules
from guance_portal.pages import marketplace_claim
from guance_portal.payers import uscc
from guance_portal.payments import rules as payments
from guance_portal.payments import statement_rules
from guance_portal.sandbox import rules as sandbox
from guance_portal.sites import all_sites
from guance_portal.wallet import card_rules, views
from guance_portal.wallet import statement_rules as periods
from guance_portal.wallet.code_rules import new_code
from guance_portal.wallet.debt import rules as debt

_KEPT = rules.KEPT_LIFE[Realm.CONSOLE]
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)*")


def minutes(life: timedelta) -> int:
    return int(life.total_seconds()) // 60


def window(limit: str) -> int:
    """After how many minutes a limit lets on again."""
    return LIMITS[limit].item.get_expiry() // 60


def trial_days() -> int:
    start = datetime(2026, 7, 1, tzinfo=UTC)
    ends = sandbox.ends_after(start, sandbox.Term.TRIAL)
    assert ends
    return (ends - start).days


TOLD: dict[str, tuple[int, ...]] = {
    "errors.wallet_card_amount": (card_rules.STEP // 100, card_rules.STEP // 100),
    **{f"statement.period_{name}": (days,) for name, days in periods.DAYS.items()},
    "billing.low": (NOTICE_AT[0],),
    "keys.how_more": (minutes(MOST_AHEAD), MOST_BEHIND.days),
    "billing.span.7": (int(UsageSpan.WEEK),),
    "estimate.lead_own": (int(UsageSpan.WEEK),),
    "billing.week": (int(UsageSpan.WEEK),),
    "billing.week_of": (int(UsageSpan.WEEK),),
    "billing.span.30": (int(UsageSpan.MONTH),),
    "billing.span.90": (int(UsageSpan.QUARTER),),
    "billing.span.36": (MONTHS // 12,),
    "mail.quota_warning.subject": (NOTICE_AT[0],),
    "mail.quota_warning.intro": (NOTICE_AT[0],),
    "errors.landings_too_often": (window("aws_landing_per_address"),),
    "errors.claim_expired": (minutes(claims.LIFE),),
    "cloud.refused.aws.landings_too_often": (window("aws_landing_per_address"),),
    "cloud.refused.aws.claim_expired": (minutes(claims.LIFE),),
    "claim.aws.silent": (minutes(claims.LIFE), marketplace_claim.AGAIN),
    "cloud.causes.cloud_claims_too_often.a": (LIMITS["cloud_claims"].amount,),
    "errors.sso_handoff_expired": (int(rules.TICKET_LIFE.total_seconds()),),
    "errors.sso_handoff_too_often": (window("sso_handoff_per_address"),),
    "fee_email.sent": (minutes(code_rules.LIFE),),
    **{
        f"guide.{what}_{int(grace)}": (int(grace) // 60,)
        for grace in (Grace.TEN_MINUTES,)
        for what in ("grace", "replaced")
    },
    **{
        f"guide.{what}_{int(grace)}": (int(grace) // 3600,)
        for grace in (Grace.SIX_HOURS, Grace.TWELVE_HOURS, Grace.DAY)
        for what in ("grace", "replaced")
    },
    "errors.token_grace": (
        Grace.TEN_MINUTES // 60,
        Grace.SIX_HOURS // 3600,
        Grace.TWELVE_HOURS // 3600,
        Grace.DAY // 3600,
    ),
    "marketplace_sso.nothing": (minutes(sso.LASTS),),
    "marketplace_sso.problem.stale": (minutes(spi.FRESH),),
    "members.invitations_lead": (members_rules.INVITATION_LIFE.days,),
    "errors.phone_length": (contact.CHINESE_LENGTH,),
    "errors.uscc_length": (uscc.LENGTH,),
    "sign_up.uscc_help": (uscc.LENGTH,),
    "errors.code_format": (code_rules.DIGITS,),
    "paper.details_left_out": (words.MOST_ROWS,),
    "operator.reason_help": (LONGEST_REASON,),
    "errors.reason_missing": (LONGEST_REASON,),
    "errors.quantity": (0, estimates.LONGEST),
    "estimate.month_note": (estimates.DAYS_OF_A_MONTH,),
    "market.term_trial": (trial_days(),),
    "market.late": (int(sandbox.LATE.total_seconds()),),
    "market.slow": (int(sandbox.SLOW_SECONDS),),
    "market.silent_on_usage": (int(sandbox.SLOW_SECONDS),),
    "not_taken.bodyTooLarge.title": (MAX_BODY // MEGABYTE,),
    "sign_in.keep": (_KEPT.absolute.days,),
    "sign_in.keep_help": (_KEPT.idle.days,),
    "forgot.lead": (minutes(rules.RESET_LINK_LIFE),),
    "forgot.sent": (minutes(rules.RESET_LINK_LIFE),),
    "reset.help": (password_rules.SHORTEST, password_rules.LONGEST),
    "register.one_day": (1,),
    "sign_up.username_help_free": (usernames.MIN_LENGTH, usernames.MAX_LENGTH),
    "sign_up.code_sent": (minutes(code_rules.LIFE),),
    "upgrade.code_sent": (minutes(code_rules.LIFE),),
    "errors.payer_missing": (minutes(upgrade_rules.PROOF_LIFE) // 60,),
    "errors.approval_expired": (approvals.LIFE.days,),
    "money_admin.none_waiting_lead": (approvals.LIFE.days,),
    "money_admin.over_limit": (int(approvals.PERIOD.total_seconds()) // 3600,),
    "errors.statement_too_long": (statement_rules.MOST_LINES, statement_rules.MOST_BYTES // 1_000_000),
    "recharge.pay_note": (minutes(payments.LIFE),),
    "wallet_page.nothing_expires": (views.SOON.days,),
    "card.amount_help": (card_rules.STEP // 100, card_rules.STEP // 100),
    "purses.no_cards_lead": (card_rules.MONTHS,),
    "mail.debt_locked.intro": (debt.LOCK_DAY,),
    "debt.locked_lead": (debt.LOCK_DAY,),
    "debt.step_begun_note": (0,),
    "debt.costs_note": (pace.DAYS,),
    "debt.rehearsal_lead": (pace.DAYS,),
    "debt.rehearsal_no_use": (pace.DAYS,),
    "voucher.code_help": (len(new_code().replace("-", "")),),
}
"""The numbers of the code that a sentence tells, in its order."""

ONE_CHANGE_A_MONTH = {
    "fee_workspaces.lead",
    "settlement.rule",
    "settlement.rule_first",
    "settlement.rule_used",
    "settlement.rule_pending",
    "settlement.preview_back_first",
    "settlement.preview_back_unlock",
    "sign_up.method_note",
}
"""The unique index of `SettlementChange` on workspace and month; tests/integration/settlement hold it to one."""

TELL_NONE = {
    "bills.none_of_lead",
    "bills.through",
    # Midnight, and the hours of a day; the 4th is that of decision 91.
    *("bills.lead", "bills.none_lead", "mail.commercial_opened.intro"),
    # The name of a digest.
    *(f"bills.check_{what}" for what in ("bill", "had", "lists", "plan", "usage")),
    *("billing.quotas_lead", "billing.usage_lead", "mail.quota_warning.then", "mail.quota_exhausted.preheader"),
    *("mail.quota_exhausted.then", "not_taken.beyondDataUsage.lead", "errors.over_quota", "settlement.preview_day"),
    *("register.compare_lead", "upgrade.effect.bills_detail"),
    # What others promise: versions of systems, the pace of a marketplace, hours of support, the answers of HTTP.
    *("guide.prepare_linux", "guide.prepare_macos", "guide.prepare_windows", "guide.prepare_helm", "guide.usually"),
    *("cloud.causes.subscription_unknown.b", "register.support_hours", "settings.effect.data_detail"),
    *(
        "guide.help_token_text",
        "guide.more_traces_text",
        "not_taken.invalidCategory.lead",
        "operator_sign_in.code_lead",
        "operator_sign_in.enrol_lead",
    ),
    # Steps and terms by their number, names, the span that `errors.code_limit` counts in.
    *("form.summary_one", "fee_email.old_lead", "fee_email.new_lead", "guide.done_of", "sign_up.commercial_lead"),
    *("welcome.next_install", "market.term_month", "market.term_year", "market.renew", "brand.rights"),
    *("picture.latency", "errors.code_limit", "billing.scale.10000", "billing.scale.10000000"),
    # The pace of a bank, an amount of one, names of protocols.
    *("recharge.about_bank", "transfer.step_arrive_lead", "recharge.pending_one", "wallet_page.last_day"),
    *("cashier.channel_alipay", "cashier.channel_wechat"),
    # Samples of what can be typed, names of encodings.
    *("errors.approval_day", "errors.approval_number", "money_admin.amount_help", "ledger_admin.search_help"),
    *("errors.statement_encoding", "transfers.file_help"),
    # An example of a day, the name of a hash.
    *("statement.days_help", "statement.export_note", "exports.sha256"),
    # Sections of a paper by their number, the name of a hash.
    *(f"paper.{name}" for name in ("by_method", "by_workspace", "by_item", "deductions", "how", "step_digest")),
    # An operator enters 0 when the marketplace shows no record.
    *("reconciliation.shown_help", "reconciliation.shown_means"),
    # Days and hours of a debt, which its rules have in one table: tests/unit/wallet/test_debt_rules.py holds them.
    *("debt.step_second_note", "debt.step_last_note", "debt.step_lock_note", "debt.rehearsal_locked"),
    # Said of both kinds of site at once: see the test below.
    "register.free_logs",
}
"""Sentences whose numbers stand for nothing in the code."""


def numbers(sentence: str) -> list[int]:
    """The whole numbers of a sentence in their order, those of its placeholders apart."""
    found = _NUMBER.findall(re.sub(r"\{[^}]*\}", "", sentence))
    return [int(one.replace(",", "")) for one in found if one.strip(",").replace(",", "").isdigit()]


def with_numbers() -> set[str]:
    """Every sentence in which a number stands; those of the component sheet are samples."""
    said = catalogue().items()
    return {
        key for key, words in said if not key.startswith("style_guide.") and (numbers(words.zh) or numbers(words.en))
    }


def test_every_sentence_with_a_number_is_listed_once() -> None:
    listed = [*TOLD, *ONE_CHANGE_A_MONTH, *TELL_NONE]
    assert sorted(listed) == sorted(set(listed))
    assert with_numbers() - set(listed) == set()
    assert set(listed) - set(catalogue()) == set()


@pytest.mark.parametrize("key", TOLD)
def test_a_number_in_words_is_that_of_the_code(key: str) -> None:
    words, told = catalogue()[key], TOLD[key]
    assert tuple(numbers(words.zh)) == told
    # English may write a small one out.
    assert set(numbers(words.en)) <= set(told)


@pytest.mark.parametrize("key", sorted(ONE_CHANGE_A_MONTH))
def test_one_change_a_month_is_said_alike_everywhere(key: str) -> None:
    assert set(numbers(catalogue()[key].zh)) == {1}


def test_the_free_log_lines_of_the_sign_up_are_those_of_every_site() -> None:
    limits = {free_quotas(site.code)[Item.LOGS].limit for site in all_sites()}
    words = catalogue()["register.free_logs"]
    assert limits == {numbers(words.en)[0]} == {numbers(words.zh)[0] * 10_000}
