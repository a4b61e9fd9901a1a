"""Requests are logged, counted and, when they fail, answered calmly."""

from __future__ import annotations

import structlog
from starlette.types import Receive, Scope, Send

from guance_portal.api.request_log import RequestLog
from tests.unit.api.conftest import Wire, scope_of


async def breaks(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("the database password is hunter2")


async def breaks_midway(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("too late for an answer")


def body(wire: Wire) -> str:
    return b"".join(m.get("body", b"") for m in wire.sent).decode()


async def test_a_bug_is_answered_with_its_id_and_no_details() -> None:
    wire = Wire()
    with structlog.testing.capture_logs() as lines:
        await RequestLog(breaks)(scope_of(accept="application/json"), wire.receive, wire.send)
    [failure] = [line for line in lines if line["event"] == "request_failed"]
    assert wire.status == 500
    assert failure["error_id"] in body(wire)
    assert "hunter2" not in body(wire)


async def test_a_reader_gets_a_calm_page_in_the_right_language() -> None:
    for language, word in (("en", "cannot be opened"), ("zh-CN", "暂时无法打开")):
        wire = Wire()
        scope = scope_of(accept="text/html", accept_language=language)
        await RequestLog(breaks)(scope, wire.receive, wire.send)
        assert word in body(wire)
        assert f'<html lang="{language}">' in body(wire)


async def test_a_failure_after_the_answer_began_is_logged_and_not_answered_twice() -> None:
    wire = Wire()
    with structlog.testing.capture_logs() as lines:
        await RequestLog(breaks_midway)(scope_of(), wire.receive, wire.send)
    assert "request_failed" in [line["event"] for line in lines]
    assert [m["type"] for m in wire.sent] == ["http.response.start"]


async def test_the_line_has_the_path_without_its_query() -> None:
    wire = Wire()
    with structlog.testing.capture_logs() as lines:
        await RequestLog(breaks)(scope_of(path="/reset-password", query="token=abc"), wire.receive, wire.send)
    [line] = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/reset-password", 500)
    assert "abc" not in str(lines)
