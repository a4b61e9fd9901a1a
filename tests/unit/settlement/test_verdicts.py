"""The verdicts of settlement, over the whole product of their inputs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.payers.rules import Connection, ProviderOffer
from guance_portal.settlement.choices import ENTERPRISE, Asker, ChangeKind, Choice, OptionKind
from guance_portal.settlement.rules import RefusalReason, Registered, Remedy, Situation, change_kind, verdicts
from guance_portal.sites import Currency, Provider

BOTH = frozenset(Currency)
OWN = Registered("clda_own", Provider.ALIYUN, Currency.CNY)
OTHER = Registered("clda_other", Provider.AWS, Currency.CNY)
CLOSED = Registered("clda_closed", Provider.ALIYUN, Currency.CNY, is_live=False)
DOLLARS = Registered("clda_dollars", Provider.AWS, Currency.USD)
ALIYUN, AWS, HUAWEI = (Choice(OptionKind.PROVIDER, provider.value) for provider in Provider)


def offers(aliyun: Connection = Connection.READY, aws: Connection = Connection.READY) -> tuple[ProviderOffer, ...]:
    """The providers with marketplaces as connected as told; Huawei has none."""
    return (
        ProviderOffer(Provider.ALIYUN, aliyun, BOTH),
        ProviderOffer(Provider.AWS, aws, BOTH),
        ProviderOffer(Provider.HUAWEICLOUD, Connection.UNSUPPORTED, frozenset()),
    )


HANGZHOU = Situation(
    site_provider=Provider.ALIYUN, currency=Currency.CNY, offers=offers(), current=ENTERPRISE, is_first_free=False
)


def choosable(situation: Situation) -> set[Choice]:
    """What can be chosen."""
    return {option.choice for option in verdicts(situation).options if option.is_choosable}


def everything() -> Iterator[Situation]:
    """Every combination of the inputs: some ninety thousand situations."""
    choices = (None, ENTERPRISE, OWN.choice, OTHER.choice)
    accounts = ((), (OWN,), (OTHER,), (OWN, OTHER), (CLOSED, DOLLARS))
    connected = (offers(), offers(Connection.NOT_CONNECTED, Connection.NOT_CONFIGURED))
    flags = (False, True)
    places = itertools.product(Provider, Currency, connected, accounts)
    moments = list(itertools.product(choices, choices, Asker, Edition))
    standings = list(itertools.product(flags, flags, flags, flags))
    for provider, currency, known, registered in places:
        for current, pending, asker, edition in moments:
            for anything, first, month, locked in standings:
                yield Situation(
                    site_provider=provider,
                    currency=currency,
                    offers=known,
                    accounts=registered,
                    has_arbitrary_choice=anything,
                    current=current,
                    pending=pending,
                    is_first_free=first,
                    has_used_month=month,
                    asker=asker,
                    edition=edition,
                    is_locked=locked,
                )


@pytest.mark.parametrize(
    ("registered", "anything", "besides"),
    [
        ((OWN,), False, {OWN.choice, ALIYUN}),
        ((OTHER,), False, {OTHER.choice, ALIYUN}),
        ((OWN,), True, {OWN.choice, ALIYUN, AWS}),
        ((), True, {ALIYUN, AWS}),
        ((), False, {ALIYUN}),
    ],
    ids=["registered", "registered elsewhere", "registered, any", "none, any", "none"],
)
def test_the_four_scenarios(registered: tuple[Registered, ...], *, anything: bool, besides: set[Choice]) -> None:
    here = replace(HANGZHOU, accounts=registered, has_arbitrary_choice=anything)
    assert choosable(here) == besides
    assert choosable(replace(here, current=OWN.choice)) == (besides | {ENTERPRISE}) - {OWN.choice}


def test_over_everything_the_laws_hold() -> None:
    number = 0
    for now in everything():
        number += 1
        found = verdicts(now)
        by_choice = {option.choice: option for option in found.options}
        assert len(by_choice) == len(found.options)
        assert found.options[0].choice == ENTERPRISE
        assert {account.choice for account in now.accounts} <= set(by_choice)
        can = {choice for choice, option in by_choice.items() if option.is_choosable}
        assert now.current not in can
        if (
            now.asker is Asker.OTHER
            or now.edition is Edition.FREE
            or now.pending
            or (found.kind is ChangeKind.MONTHLY and now.has_used_month)
        ):
            assert not can
        else:
            assert (ENTERPRISE in can) is (now.current != ENTERPRISE)
            assert can == _by_the_table(now)
        recommended = {option.choice for option in found.options if option.is_recommended}
        assert recommended == {choice for choice in can if choice.kind is OptionKind.ACCOUNT}
        if now.current is None:
            assert found.preselected == (ENTERPRISE if can else None)
        elif now.current == ENTERPRISE:
            assert found.preselected in (recommended or {None})
        else:
            assert found.preselected is None
    assert number == 3 * 2 * 2 * 5 * 2 * 4 * 4 * 2 * 2 * 3 * 2 * 2


def _by_the_table(now: Situation) -> set[Choice]:
    """The contract's table, written down a second time."""
    can = {ENTERPRISE} | {a.choice for a in now.accounts if a.is_live and a.currency is now.currency}
    for offer in now.offers:
        is_ready = offer.connection is Connection.READY and now.currency in offer.currencies
        if is_ready and (offer.provider is now.site_provider or now.has_arbitrary_choice):
            can.add(Choice(OptionKind.PROVIDER, offer.provider.value))
    return can - {now.current}


def reasons(now: Situation, choice: Choice) -> tuple[RefusalReason, ...]:
    """Why the choice is refused."""
    verdict = verdicts(now).of(choice)
    assert verdict
    return verdict.reasons


@pytest.mark.parametrize(
    ("change", "choice", "expected"),
    [
        ({"current": OWN.choice}, OWN.choice, (RefusalReason.CURRENT,)),
        ({"pending": OWN.choice}, OWN.choice, (RefusalReason.ALREADY_PENDING,)),
        ({"pending": OWN.choice, "has_used_month": True}, OWN.choice, (RefusalReason.ALREADY_PENDING,)),
        ({"pending": OTHER.choice}, OWN.choice, (RefusalReason.CHANGE_PENDING,)),
        ({"has_used_month": True}, OWN.choice, (RefusalReason.MONTH_USED,)),
        ({"has_used_month": True}, AWS, (RefusalReason.MONTH_USED, RefusalReason.OTHER_SITE)),
        ({"asker": Asker.OTHER}, OWN.choice, (RefusalReason.NOT_PERMITTED,)),
        (
            {"edition": Edition.FREE, "asker": Asker.OTHER},
            OWN.choice,
            (RefusalReason.NOT_PERMITTED, RefusalReason.FREE_EDITION),
        ),
        ({"accounts": (CLOSED,)}, CLOSED.choice, (RefusalReason.ACCOUNT_CLOSED,)),
        ({"accounts": (DOLLARS,)}, DOLLARS.choice, (RefusalReason.ACCOUNT_CURRENCY,)),
        ({}, AWS, (RefusalReason.OTHER_SITE,)),
        ({"offers": offers(Connection.NOT_CONNECTED)}, ALIYUN, (RefusalReason.NOT_CONNECTED,)),
        ({"offers": offers(Connection.NOT_CONFIGURED)}, ALIYUN, (RefusalReason.NOT_CONFIGURED,)),
        (
            {"offers": (ProviderOffer(Provider.ALIYUN, Connection.READY, frozenset({Currency.USD})),)},
            ALIYUN,
            (RefusalReason.LISTING_CURRENCY,),
        ),
        ({"site_provider": Provider.HUAWEICLOUD}, HUAWEI, (RefusalReason.UNSUPPORTED,)),
    ],
)
def test_a_refusal_names_every_reason(
    change: dict[str, object], choice: Choice, expected: tuple[RefusalReason, ...]
) -> None:
    here = replace(HANGZHOU, accounts=(OWN, OTHER))
    assert reasons(replace(here, **change), choice) == expected  # pyright: ignore[reportArgumentType] - by the table


def test_every_refusal_but_the_present_and_the_pending_method_says_what_would_change_it() -> None:
    assert {reason for reason in RefusalReason if not reason.remedy} == {
        RefusalReason.CURRENT,
        RefusalReason.ALREADY_PENDING,
    }
    assert set(Remedy) == {reason.remedy for reason in RefusalReason}


def test_a_provider_without_a_marketplace_is_named_at_its_own_sites_alone() -> None:
    assert verdicts(HANGZHOU).of(HUAWEI) is None
    assert [option.choice for option in verdicts(replace(HANGZHOU, site_provider=Provider.HUAWEICLOUD)).options] == [
        ENTERPRISE,
        HUAWEI,
        ALIYUN,
        AWS,
    ]


def test_the_sites_own_provider_comes_first() -> None:
    ningxia = replace(HANGZHOU, site_provider=Provider.AWS)
    assert [option.choice for option in verdicts(ningxia).options] == [ENTERPRISE, AWS, ALIYUN]


def test_of_several_registered_accounts_the_sites_own_is_preselected() -> None:
    assert verdicts(replace(HANGZHOU, accounts=(OTHER, OWN))).preselected == OWN.choice
    assert verdicts(replace(HANGZHOU, accounts=(OTHER,))).preselected == OTHER.choice
    assert verdicts(HANGZHOU).preselected is None


@pytest.mark.parametrize(
    ("first", "locked", "kind"),
    [
        (True, False, ChangeKind.FIRST),
        (False, False, ChangeKind.MONTHLY),
        (False, True, ChangeKind.UNLOCK),
        (True, True, ChangeKind.UNLOCK),
    ],
)
def test_the_first_choice_and_unlocking_are_free(*, first: bool, locked: bool, kind: ChangeKind) -> None:
    now = replace(HANGZHOU, accounts=(OWN,), is_first_free=first, is_locked=locked, has_used_month=True)
    assert change_kind(is_locked=now.is_locked, is_first_free=now.is_first_free) is kind
    assert (OWN.choice in choosable(now)) is (kind is not ChangeKind.MONTHLY)


@pytest.mark.parametrize("text", ["", "account:", "account", "provider", "enterprise:x", "cloud:aws"])
def test_what_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Choice.of(text)


@pytest.mark.parametrize("choice", [ENTERPRISE, OWN.choice, AWS])
def test_a_choice_survives_being_text(choice: Choice) -> None:
    assert Choice.of(str(choice)) == choice
