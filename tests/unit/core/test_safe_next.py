"""Where a sign-in may lead: into the portal, and nowhere else."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guance_portal import routes
from guance_portal.core.actor import Realm
from guance_portal.routes import safe_next


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account",
        "/fee-center/account/",
        "/workspace/billing?tab=bills&day=2026-07-01",
        "/a?to=https://x.example//",
    ],
)
def test_a_path_of_the_portal_is_kept(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "account",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/a\\b",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/a//b",
        "/\t/evil.example",
        "/\n/evil.example",
        " /account",
        "/account ",
        "/acc\x00ount",
        "/acc\u2028ount\x7f",
        "/account\r\nset-cookie: a=b",
        "/" + "a" * 2000,
    ],
)
def test_everything_else_leads_home(path: str) -> None:
    assert safe_next(path) == ""
    for realm in Realm:
        assert safe_next(path, realm) == routes.home(realm)


@pytest.mark.parametrize(
    ("path", "realm"),
    [
        ("/workspace/billing?dialog=settlement", Realm.CONSOLE),
        ("/fee-center/", Realm.FEE_CENTER),
        ("/operator/fee-account?id=fee_1", Realm.OPERATOR),
    ],
)
def test_a_page_of_one_realm_is_kept_with_its_query_for_that_realm_alone(path: str, realm: Realm) -> None:
    for one in Realm:
        assert safe_next(path, one) == (path if one is realm else routes.home(one))


@given(st.text(alphabet=st.sampled_from("/\\.:?#@ \t\n\x00%25eaé张hxps") | st.characters(), max_size=30))
@example("/%2f/evil.example")
@example("/.//evil.example")
@example("/..//evil.example")
@example("/\ud7fc")
def test_nothing_that_is_kept_leaves_the_portal(path: str) -> None:
    for realm in (None, *Realm):
        kept = safe_next(path, realm)
        there = urlsplit(urljoin("https://portal.example/session/open", kept))
        assert (there.scheme, there.netloc) == ("https", "portal.example")
        assert kept.isprintable()
        assert realm is None or routes.realm_of(kept.partition("?")[0]) is realm
