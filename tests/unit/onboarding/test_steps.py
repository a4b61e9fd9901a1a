"""Which step is shown to whom, and what a workspace may be called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from guance_portal.core.errors import PortalError
from guance_portal.onboarding.rules import Progress, SignUpStep, may_repeat, step_for, workspace_name

NOW = datetime(2026, 7, 1, tzinfo=UTC)
NOBODY = Progress()
CONFIRMED = Progress(is_confirmed=True)
REGISTERED = Progress(is_registered=True)
OPENED = Progress(is_opened=True)


@pytest.mark.parametrize(
    ("wanted", "progress", "shown"),
    [
        (SignUpStep.BASIC, NOBODY, SignUpStep.BASIC),
        (SignUpStep.ENTERPRISE, NOBODY, SignUpStep.BASIC),
        (SignUpStep.SETTLEMENT, NOBODY, SignUpStep.BASIC),
        (SignUpStep.DONE, NOBODY, SignUpStep.BASIC),
        (SignUpStep.BASIC, CONFIRMED, SignUpStep.BASIC),
        (SignUpStep.ENTERPRISE, CONFIRMED, SignUpStep.ENTERPRISE),
        (SignUpStep.SETTLEMENT, CONFIRMED, SignUpStep.ENTERPRISE),
        (SignUpStep.DONE, CONFIRMED, SignUpStep.ENTERPRISE),
        (SignUpStep.BASIC, REGISTERED, SignUpStep.SETTLEMENT),
        (SignUpStep.ENTERPRISE, REGISTERED, SignUpStep.SETTLEMENT),
        (SignUpStep.SETTLEMENT, REGISTERED, SignUpStep.SETTLEMENT),
        (SignUpStep.DONE, REGISTERED, SignUpStep.SETTLEMENT),
        (SignUpStep.BASIC, OPENED, SignUpStep.BASIC),
        (SignUpStep.ENTERPRISE, OPENED, SignUpStep.BASIC),
        (SignUpStep.SETTLEMENT, OPENED, SignUpStep.DONE),
        (SignUpStep.DONE, OPENED, SignUpStep.DONE),
    ],
)
def test_each_step_leads_to_the_first_that_is_due(wanted: SignUpStep, progress: Progress, shown: SignUpStep) -> None:
    assert step_for(wanted, progress) is shown


def test_nobody_sees_a_step_whose_condition_is_not_met() -> None:
    for wanted, confirmed, registered, opened in product(SignUpStep, (False, True), (False, True), (False, True)):
        if registered and opened:
            continue
        progress = Progress(is_confirmed=confirmed, is_registered=registered, is_opened=opened)
        shown = step_for(wanted, progress)
        assert shown is not SignUpStep.ENTERPRISE or confirmed
        assert shown is not SignUpStep.SETTLEMENT or registered
        assert shown is not SignUpStep.DONE or opened
        assert step_for(shown, progress) is shown


def test_a_submit_may_be_repeated_as_long_as_its_ticket_lives() -> None:
    assert may_repeat(NOW, NOW + timedelta(seconds=59))
    assert not may_repeat(NOW, NOW + timedelta(seconds=60))


@pytest.mark.parametrize(("typed", "name"), [(" 云帆  生产 ", "云帆 生产"), ("云" * 256, "云" * 256), ("a\tb", "a b")])
def test_a_workspace_name_is_one_line(typed: str, name: str) -> None:
    assert workspace_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "errors.workspace_name_missing"),
        ("　", "errors.workspace_name_missing"),
        ("云" * 257, "errors.text_too_long"),
        ("云\u202e帆", "errors.hidden_character"),
    ],
)
def test_what_is_no_workspace_name_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(PortalError) as refusal:
        workspace_name(typed)
    assert (refusal.value.code, refusal.value.field) == (code, "name")
