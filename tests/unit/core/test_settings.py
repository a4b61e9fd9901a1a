"""A setting that cannot work is refused in one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from guance_portal.core.settings import Settings, SettingsError, read_settings

POSTGRESQL = {"PORTAL_DATABASE_URL": "postgresql+psycopg://portal@db/portal", "PORTAL_SECRET_KEY": "k" * 32}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("PORTAL_") or name in {"PORT", "REFLEX_REDIS_URL"}:
            monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return read_settings()


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("PORT", {"PORT": "0"}),
        ("PORTAL_WORKERS", {"PORTAL_WORKERS": "2"}),
        ("PORTAL_WORKERS", {"PORTAL_WORKERS": "2", **POSTGRESQL}),
        ("PORTAL_SECRET_KEY", {**POSTGRESQL, "PORTAL_SECRET_KEY": "short"}),
        ("PORTAL_DATABASE_URL", {"PORTAL_DATABASE_URL": "postgresql://portal@db/portal"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "ftp://portal.example"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://portal.example/portal"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://portal.example/?a=b"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://portal.example/#a"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://user:password@portal.example"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://portal.example:0"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://portal.example:http"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://[portal]"}),
        ("PORTAL_PUBLIC_URL", {"PORTAL_PUBLIC_URL": "https://por tal.example"}),
        ("PORTAL_GATEWAY_URL", {"PORTAL_GATEWAY_URL": "https://openway.example?token=x"}),
        ("PORTAL_SECRET_KEY", {"PORTAL_SECRET_KEY": "x"}),
        ("PORTAL_SECRET_KEY", {"PORTAL_SECRET_KEY": "k" * 31}),
        ("PORTAL_SMTP_URL", {"PORTAL_SMTP_URL": "http://mail.example"}),
        ("REFLEX_REDIS_URL", {"REFLEX_REDIS_URL": "localhost:6379"}),
        ("PORTAL_WECHAT_GROUP_URL", {"PORTAL_WECHAT_GROUP_URL": "javascript:alert(1)"}),
        ("PORTAL_MAIL_FROM", {"PORTAL_MAIL_FROM": "nobody"}),
        ("PORTAL_SANDBOX", {"PORTAL_SANDBOX": "1", "PORTAL_HOST": "192.0.2.1"}),
        ("PORTAL_SANDBOX", {"PORTAL_SANDBOX": "1", "PORTAL_PUBLIC_URL": "https://portal.example"}),
    ],
)
def test_an_unusable_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, **environment)
    assert str(refused.value).startswith(f"{name} ")
    assert "\n" not in str(refused.value)


def test_a_password_is_never_part_of_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, PORTAL_DATABASE_URL="mysql://portal:hunter2@db/portal")
    assert "hunter2" not in str(refused.value)


def test_without_any_setting_the_portal_runs_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.is_sandbox
    assert not settings.is_https
    assert settings.effective_public_url == "http://localhost:8000"


def test_a_public_address_closes_the_sandbox_and_makes_cookies_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, PORTAL_PUBLIC_URL="https://portal.example/")
    assert not settings.is_sandbox
    assert settings.is_https
    assert settings.effective_public_url == "https://portal.example"


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("HTTPS://Portal.Example/", "https://portal.example"),
        ("https://portal.example:443", "https://portal.example"),
        ("http://portal.example:80", "http://portal.example"),
        ("https://portal.example:8443", "https://portal.example:8443"),
        ("https://观测.example", "https://xn--0zw302d.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://in_house.example", "https://in_house.example"),
        ("http://[2001:DB8:0::1]:8000", "http://[2001:db8::1]:8000"),
        (" https://portal.example ", "https://portal.example"),
    ],
)
def test_the_public_address_is_kept_as_browsers_write_it(
    monkeypatch: pytest.MonkeyPatch, given: str, origin: str
) -> None:
    settings = read(monkeypatch, PORTAL_PUBLIC_URL=given)
    assert settings.effective_public_url == origin
    assert settings.is_https == origin.startswith("https")


def test_the_gateway_may_have_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, PORTAL_GATEWAY_URL="HTTPS://Openway.example:443/in/")
    assert settings.effective_gateway_url == "https://openway.example/in"


@pytest.mark.parametrize(
    ("environment", "is_blind"),
    [
        ({}, False),
        ({"PORTAL_PUBLIC_URL": "https://portal.example"}, True),
        ({"PORTAL_PUBLIC_URL": "https://portal.example", "PORTAL_TRUSTED_PROXIES": "1"}, False),
        ({"PORTAL_PUBLIC_URL": "https://portal.example", "PORTAL_HOST": "192.0.2.1"}, True),
        ({"PORTAL_PUBLIC_URL": "http://portal.example", "PORTAL_HOST": "192.0.2.1"}, False),
    ],
)
def test_a_proxy_that_is_not_believed_hides_the_visitors(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, is_blind: bool
) -> None:
    assert read(monkeypatch, **environment).sees_no_visitors_address == is_blind


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, PORT="", PORTAL_WORKERS="", PORTAL_SANDBOX="").port == 8000


def test_the_key_made_here_is_kept_private_and_stays_the_same(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path).signing_key()
    assert len(first) >= 32
    assert Settings(data_dir=tmp_path).signing_key() == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_data_folder_made_here_is_closed_to_others(tmp_path: Path) -> None:
    Settings(data_dir=tmp_path / "a" / "var").signing_key()
    assert (tmp_path / "a" / "var").stat().st_mode & 0o777 == 0o700


def test_secrets_do_not_show_in_a_settings_object() -> None:
    assert "hunter2" not in repr(Settings(secret_key="hunter2" * 8))  # pyright: ignore[reportArgumentType]


def test_operations_and_doctor_know_every_setting() -> None:
    described = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`{field.validation_alias or f'PORTAL_{name.upper()}'}`" in described
