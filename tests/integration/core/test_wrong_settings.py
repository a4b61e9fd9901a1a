"""Every declared setting, given twenty values and more that it may not be able to use: a line each, never a traceback.

A value is either refused by the settings, or everything that a start and `portal doctor` do with it works or says why not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from guance_portal import doctor
from guance_portal.core.db import UnusableDatabaseError
from guance_portal.core.settings import Settings, SettingsError, read_settings
from guance_portal.serve import StartError, migrate_database, require_place
from tests.support.portal_server import free_port

VARIABLES = tuple(
    str(field.validation_alias or f"PORTAL_{name.upper()}") for name, field in Settings.model_fields.items()
)
ANY = (
    " ",
    "x",
    "0",
    "-1",
    "9" * 30,
    "1.5",
    "true",
    "://",
    "http://[",
    "http://127.0.0.1:99999/",
    "https://a b/",
    "\udcff",
    "a\nb",
    "\x1b[31m",
    "x" * 5_000,
    "/dev/null",
    "/proc/nothing/here",
    "%zz",
    "{}",
    "用户 🙂",
    "a@b, c@d",
    "..",
)
"""What any setting is given."""
MORE = {
    "PORTAL_HOST": ("no-such-host.invalid", "127.0.0.1:80", "*", "256.1.1.1", "::1%none", "-", "." * 70, "a" * 64),
    "PORTAL_DATABASE_URL": (
        "postgresql+psycopg://",
        "postgresql+psycopg://h:x/y",
        "postgresql+psycopg://u:p@[::1/x",
        "postgresql+psycopg://u@127.0.0.1:1/x?sslmode=nonsense",
        "postgresql+psycopg://u@127.0.0.1:1/x?what=1",
        "postgresql+psycopg://u@127.0.0.1:1/x?port=y",
        "postgresql+psycopg://u:%zz@127.0.0.1:1/",
        "sqlite+aiosqlite:///",
        "sqlite+aiosqlite:////",
        "sqlite+aiosqlite:///x.sqlite3?mode=zz",
        "sqlite+aiosqlite:////dev/null",
        "sqlite+aiosqlite:////dev/null/x",
        "sqlite+aiosqlite://127.0.0.1/x",
        "sqlite:///x",
    ),
    "REFLEX_REDIS_URL": (
        "redis://",
        "redis://127.0.0.1:x",
        "redis://127.0.0.1:1/one",
        "redis://127.0.0.1:1?x=y",
        "redis://127.0.0.1:1?socket_timeout=abc",
        "redis://127.0.0.1:1?db=x",
        "redis://127.0.0.1:1?protocol=9",
        "rediss://127.0.0.1:1?ssl_cert_reqs=what",
        "unix://",
        "unix:///nothing/here",
        "rediss://[",
        "redis://:p%zz@127.0.0.1:1",
    ),
    "PORTAL_SMTP_URL": (
        "smtp://",
        "smtp://u:p@127.0.0.1:0",
        "smtp://[::1",
        "smtps://127.0.0.1:1",
        "smtp://%zz:%zz@127.0.0.1:1",
        "smtp://u:p@q@127.0.0.1:1",
        "smtp://" + "a" * 64 + ".example",
    ),
    "PORTAL_MAIL_FROM": (
        "<a@b",
        "a <a@b> b",
        "a@",
        "@b",
        "a@@b",
        "观测云 <a@例子.cn>",
        "a b@c.example",
        '"a"b@c',
        "a@[1.2.3.4]",
        "a@b..c",
    ),
    "PORTAL_PUBLIC_URL": (
        "http://xn--a",
        "http://\u0130.example",
        "https://" + "a" * 300 + ".example",
        "https://[::1%25e]",
    ),
    "PORTAL_AWS_TOPICS": ("arn:aws", "arn:,,", ",", "arn:aws:sns:us-east-1:123:x"),
    "PORTAL_AWS_REGION": ("cn_north", "us-east-1 ", "a" * 100),
    "PORTAL_DATA_DIR": ("/proc/1", "/sys", "~", "x" + "/" * 300),
}
"""What some are given besides."""


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], None]:
    """Sets one variable, beside the few that a start on this machine needs."""
    for name in list(os.environ):
        if name.startswith(("PORTAL_", "REFLEX_", "AWS_")):
            monkeypatch.delenv(name)
    port = str(free_port())
    monkeypatch.chdir(tmp_path)

    def give(name: str, value: str) -> None:
        usual = {"PORT": port, "PORTAL_DATA_DIR": str(tmp_path / "data"), "PORTAL_SECRET_KEY": "0123456789abcdef" * 3}
        for variable, text in {**usual, name: value}.items():
            monkeypatch.setenv(variable, text)

    return give


def start_in_words() -> list[str]:
    """Everything that a start and `portal doctor` say about the settings as they are, but for the build and the serving."""
    try:
        settings = read_settings()
    except SettingsError as refusal:
        return [str(refusal)]
    said = [line for finding in doctor.examine() for line in str(finding).splitlines()]
    try:
        require_place(settings)
        migrate_database(settings)
    except (StartError, UnusableDatabaseError) as refusal:
        said.append(str(refusal))
    return said


@pytest.mark.parametrize("name", VARIABLES)
def test_no_value_ends_in_a_traceback(given: Callable[[str, str], None], name: str) -> None:
    for value in (*ANY, *MORE.get(name, ())):
        given(name, value)
        for line in start_in_words():
            line.encode()
            assert line.isprintable(), (value, line)


def test_every_setting_is_walked() -> None:
    assert len(VARIABLES) > 30
    assert set(MORE) <= set(VARIABLES)
    assert len(ANY) >= 20
