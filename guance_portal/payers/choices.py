"""The industries and regions a company can be of: data, in the order they are offered."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel import Locale

from guance_portal.core.messages import Text

_FILE = Path(__file__).with_name("choices.toml")
_CODE_LENGTH = 2
# What CLDR lists among the countries: unions, placeholders, and places where nobody does business.
# China stands above by province.
_NO_COUNTRY = frozenset(
    "AC AQ BV CN CP CQ DG EA EU EZ GS HM IC QO TA TF UM UN XA XB ZZ".split()  # noqa: SIM905 - reads better
)


@cache
def industries() -> dict[str, Text]:
    """Every industry by its code."""
    return _entries("industries")


@cache
def provinces() -> dict[str, Text]:
    """The regions of China by ISO 3166 code, as they are customarily listed."""
    return _entries("provinces")


@cache
def countries() -> dict[str, Text]:
    """Every other country by ISO 3166 code, in the order of the English names."""
    chinese, english = _territories("zh"), _territories("en")
    codes = [code for code in english if len(code) == _CODE_LENGTH and code not in _NO_COUNTRY | provinces().keys()]
    codes.sort(key=lambda code: unicodedata.normalize("NFKD", english[code]))
    return {code: Text(zh=chinese[code], en=english[code]) for code in codes}


def regions() -> dict[str, Text]:
    """Everything that may be chosen as region: provinces first, then countries."""
    return provinces() | countries()


def _territories(language: str) -> dict[str, str]:
    return cast("dict[str, str]", Locale(language).territories)


def _entries(table: str) -> dict[str, Text]:
    entries: dict[str, dict[str, Any]] = tomllib.loads(_FILE.read_text("utf-8"))[table]
    return {code: Text(**names) for code, names in entries.items()}
