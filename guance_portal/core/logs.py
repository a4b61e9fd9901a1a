"""Logs: one JSON object a line (or coloured text), every library's included, and no secret in any of them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

HIDDEN = "[hidden]"
_DEPTH = 6
_SECRET_NAME = re.compile(
    r"(?i)(pass(word|wd|phrase)?|secret|token|ticket|cookie|authorization|api_?key|private_?key|otp|recovery|csrf|session_hash)"
)
# What forms of the portal call a password, where it stands alone: too plain a word to be hidden inside a sentence.
_FORM_FIELD = re.compile(r"(?i)new|current")
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_IN_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    # name=value as in a query string, a cookie header or a repr; name: value as in a header or a dict.
    (
        re.compile(
            r"(?i)((?:__Host-)?gc_\w+|[\w-]*(?:password|passwd|secret|token|ticket|authorization|api_?key|cookie|code)[\w-]*)"
            rf"(\\*['\"]?\s*[=:]\s*)(?:{_QUOTED}|(?:bearer |basic )?[^\s&;,'\"}}\])]+)"
        ),
        rf"\1\2{HIDDEN}",
    ),
    # A workspace's token where it stands by itself, and whatever is asked about as one in an address.
    (re.compile(r"(?i)tkn_\w+"), HIDDEN),
    (re.compile(r"(?i)(/check/+token/+)[^\s?#'\"]+"), rf"\1{HIDDEN}"),
    # The same fields where they are quoted, as in a repr or JSON: {'current': '…', 'new': '…'}.
    (re.compile(rf"(?i)(['\"](?:new|current)['\"]\s*:\s*)(?:{_QUOTED})"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic) [\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    # Up to the last @ before the host ends: a password may hold one.
    (re.compile(r"(://[^\s:/]*):[^\s/]+@"), rf"\1:{HIDDEN}@"),
)


# Frames without their local variables: those hold what people typed.
_TRACEBACKS = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))


def configure(log_format: str) -> None:
    """Send structlog and every standard logger through one stream on stderr. Calling it again changes the form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = (
        [
            _TRACEBACKS,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
        if log_format == "json"
        else [structlog.processors.format_exc_info, redact, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("_granian", "granian.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in ("httpx", "httpcore", "alembic", "engineio", "socketio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide secrets by the name of their field and by their look inside any text."""
    return cast("MutableMapping[str, Any]", _clean(event, _DEPTH))


def without_secrets(text: str) -> str:
    """The text with tokens, passwords, cookies and credentials of addresses hidden."""
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _clean(value: object, depth: int) -> object:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, bool | int | float | None):
        return value
    if depth == 0:
        return HIDDEN
    if isinstance(value, dict):
        return {
            key: _clean_field(str(key), item, depth) for key, item in cast("Mapping[object, object]", value).items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, depth - 1) for item in cast("list[object]", value)]
    return without_secrets(str(value))


def _clean_field(key: str, value: object, depth: int) -> object:
    if (_SECRET_NAME.search(key) or _FORM_FIELD.fullmatch(key)) and value not in ("", None, True, False):
        return HIDDEN
    return _clean(value, depth - 1)
