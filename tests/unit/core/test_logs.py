"""No secret leaves by the log, no matter who writes the line."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Generator
from typing import Any

import pytest
import structlog

from guance_portal.core import logs


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Generator[io.StringIO]:
    """What goes to stderr while our logging is in force."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("json")
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    structlog.configure(**before[2])


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "GET /reset-password?token=NEEDLE&next=/x",
        "ticket=NEEDLE",
        "{'password': 'NEEDLE', 'a': 1}",
        '{"access_token": "NEEDLE"}',
        "Cookie: gc_console=NEEDLE; lang=en",
        "headers {'cookie': 'gc_console=NEEDLE; __Host-gc_fee=NEEDLE'}",
        "gc_visitor=NEEDLE",
        "Authorization: Bearer NEEDLE-abc.def",
        "authorization=Basic TkVFRExFNEEDLE",
        "postgresql+psycopg://portal:NEEDLE@db.example/portal",
        "redis://:NEEDLE@cache.example:6379/0",
        "the code=NEEDLE was wrong",
        repr({"password": "it's NEEDLE"}),
        repr({"password": 'it\'s "NEEDLE"'}),
        json.dumps({"password": 'a "NEEDLE'}),
        repr({"current": "NEEDLE", "new": "it's NEEDLE"}),
        json.dumps({"form": {"current": 'a "NEEDLE', "new": "NEEDLE"}}),
        "smtp://portal:a@NEEDLE@mail.example:587",
        "smtp://portal@mail.example:a@NEEDLE@mail.example",
    ],
)
def test_a_secret_inside_a_text_is_hidden(text: str) -> None:
    assert "NEEDLE" not in logs.without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "a plain line",
        "a new: one",
        "{'renew': 'x'}",
        "GET /login 200",
        "status_code 200",
        "https://portal.example/a?b=c",
    ],
)
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert logs.without_secrets(text) == text


def test_a_secret_field_is_hidden_however_deep(written: io.StringIO) -> None:
    structlog.get_logger("t").info(
        "x",
        new="NEEDLE",
        current="NEEDLE",
        password="NEEDLE",
        headers={"Cookie": "NEEDLE", "a": [{"api_key": "NEEDLE"}]},
    )
    [line] = lines(written)
    assert "NEEDLE" not in str(line)
    assert line["headers"]["a"][0]["api_key"] == logs.HIDDEN


def test_libraries_and_tracebacks_are_cleaned_too(written: io.StringIO) -> None:
    logging.getLogger("reflex.app").error("Event {'token': 'NEEDLE', 'cookie': 'gc_fee=NEEDLE'} failed")
    try:
        raise ValueError("cannot connect to postgresql://portal:NEEDLE@db/x")
    except ValueError:
        structlog.get_logger("t").exception("failed")
    assert "NEEDLE" not in written.getvalue()
    library, own = lines(written)
    assert library["logger"] == "reflex.app"
    assert own["exception"][0]["exc_type"] == "ValueError"


def test_a_line_carries_the_id_of_its_request(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logging.getLogger("anything").info("hello")
    assert lines(written)[0]["request_id"] == "r-1"


def test_a_traceback_does_not_show_what_people_typed(written: io.StringIO) -> None:
    def check(typed: str) -> None:
        raise ZeroDivisionError(len(typed))

    try:
        check("correct horse battery")
    except ZeroDivisionError:
        structlog.get_logger("test").exception("it_failed")
    assert "ZeroDivisionError" in written.getvalue()
    assert "correct horse" not in written.getvalue()
