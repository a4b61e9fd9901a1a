"""The SPI's token, by the published rule and example."""

from __future__ import annotations

import hashlib
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.marketplaces.aliyun.requests import read_query
from guance_portal.marketplaces.aliyun.token import is_signed, token_of

PUBLISHED = {"p1": "1", "p2": "2", "p3": "3"}
TOKEN = "691b1c2be27485a87fb000de6f89f1d3"
names = st.text(st.characters(exclude_characters="&=\0", exclude_categories=["Cs"]), min_size=1, max_size=10).filter(
    lambda name: name != "token"
)
values = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


def test_the_published_example() -> None:
    assert token_of(PUBLISHED, "isvkey") == TOKEN
    assert is_signed({**PUBLISHED, "token": TOKEN}, "isvkey")


@pytest.mark.parametrize(
    ("parameters", "key"),
    [
        ({**PUBLISHED, "token": TOKEN.upper()}, "isvkey"),
        ({**PUBLISHED, "token": ""}, "isvkey"),
        (PUBLISHED, "isvkey"),
        ({**PUBLISHED, "p4": "", "token": TOKEN}, "isvkey"),
        ({"p1": "1", "p2": "2", "token": TOKEN}, "isvkey"),
        ({**PUBLISHED, "token": "６９１b"}, "isvkey"),
        ({**PUBLISHED, "token": token_of(PUBLISHED, "")}, ""),
    ],
)
def test_anything_else_is_not_signed(parameters: dict[str, str], key: str) -> None:
    assert not is_signed(parameters, key)


def test_names_are_sorted_by_code_point_and_values_are_signed_as_decoded() -> None:
    said = "Z=1&a=云 市+场&key=k"
    assert token_of({"a": "云 市+场", "Z": "1"}, "k") == hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


@given(st.dictionaries(names, values, max_size=12), st.sampled_from([quote, None]))
def test_whatever_the_market_says_is_signed_however_it_encodes(said: dict[str, str], encode: object) -> None:
    signed = {**said, "token": token_of(said, "isvkey")}
    query = urlencode(signed, quote_via=quote) if encode else urlencode(signed)
    assert read_query(query.encode()) == signed
    assert is_signed(read_query(query.encode()), "isvkey")


@given(st.dictionaries(names, values, min_size=1, max_size=6), st.data())
def test_changing_any_value_undoes_the_signature(said: dict[str, str], data: st.DataObject) -> None:
    signed = {**said, "token": token_of(said, "isvkey")}
    name = data.draw(st.sampled_from(sorted(said)))
    signed[name] += data.draw(values.filter(bool))
    assert not is_signed(signed, "isvkey")
