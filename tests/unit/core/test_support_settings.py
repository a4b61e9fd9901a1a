"""Whom customers are sent to: where a link leads, and what doctor says of it."""

from __future__ import annotations

from typing import Any

import pytest

from guance_portal import doctor
from guance_portal.core.settings import Settings, SettingsError
from guance_portal.doctor import Finding, _support

PUBLIC: dict[str, Any] = {"sandbox": False, "public_url": "https://portal.example", "secret_key": "k" * 40}


@pytest.mark.parametrize(
    ("given", "address", "written"),
    [
        ({}, "", ""),
        ({"support_name": "王敏"}, "", ""),
        ({"support_email": "help@portal.example"}, "mailto:help@portal.example", "help@portal.example"),
        (
            {"support_email": "help@portal.example", "support_url": "https://help.example/ask"},
            "https://help.example/ask",
            "https://help.example/ask",
        ),
    ],
)
def test_a_page_comes_before_a_mailbox_and_a_name_alone_leads_nowhere(
    given: dict[str, Any], address: str, written: str
) -> None:
    settings = Settings.model_validate(PUBLIC | given)
    assert (settings.support_address, settings.support_written) == (address, written)


@pytest.mark.parametrize(
    "given",
    [{"support_url": "javascript:alert(1)"}, {"support_email": "nobody"}, {"support_email": "A <help@portal.example>"}],
)
def test_an_address_that_leads_nowhere_stops_the_start(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="PORTAL_SUPPORT_"):
        Settings.model_validate(PUBLIC | given)


def test_doctor_warns_where_customers_are_sent_nowhere() -> None:
    assert not _support(Settings.model_validate(PUBLIC)).is_well
    assert _support(Settings.model_validate({"sandbox": True})).is_well
    found = _support(Settings.model_validate(PUBLIC | {"support_email": "help@portal.example"}))
    assert found.is_well
    assert "help@portal.example" in found.state


def test_doctor_prints_what_is_to_be_done_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        Finding("a", "well"),
        Finding("b", "broken", "Mend it."),
        Finding("c", "well"),
        Finding("d", "gone", "Fetch it."),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: found)
    assert doctor.main() == 1
    said = capsys.readouterr().out.splitlines()
    assert said == ["✗ b: broken", "    Mend it.", "✗ d: gone", "    Fetch it.", "✓ a: well", "✓ c: well"]
