"""What a browser is served: pages in its language under their own policy, assets that last."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from guance_portal import routes
from guance_portal.build.publish import current_build
from guance_portal.build.script_hashes import inline_scripts, source_of
from guance_portal.pages import PAGES
from tests.support.portal_server import PortalServer

CHINESE = re.compile(r"[\u3400-\u9fff]")


def build() -> Path:
    made = current_build()
    assert made
    return made / "build"


def language_of(page: httpx.Response) -> str:
    """The language a page declares for itself."""
    declared = re.search(r'<html[^>]* lang="([^"]+)"', page.text)
    assert declared
    return declared[1]


def addresses() -> list[str]:
    """The address of every prerendered page."""
    names = json.loads((build() / "scripts.json").read_text())
    return [
        "/" + name.removeprefix("en/").removesuffix("index.html")
        for name in names
        if name.startswith("en/") and name.endswith("index.html")
    ]


def test_every_page_but_the_entrances_leaves_behind_the_page_that_opened_it(client: httpx.Client) -> None:
    found = {address: client.get(address).headers["cross-origin-opener-policy"] for address in addresses()}
    entrances = {routes.normal(address) for address, policy in found.items() if policy == "unsafe-none"}
    assert entrances == routes.ENTRANCES
    assert {policy for policy in found.values() if policy != "unsafe-none"} == {"same-origin"}
    assert entrances < {page.route for page in PAGES if page.realm is None}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_admits_exactly_its_own_inline_scripts(client: httpx.Client, language: str) -> None:
    found = addresses()
    assert "/" in found
    for address in found:
        page = client.get(address, headers={"cookie": f"lang={language}"})
        policy = page.headers["content-security-policy"]
        [scripts] = [part.split() for part in policy.split("; ") if part.startswith("script-src")]
        assert scripts[1] == "'self'"
        assert set(scripts[2:]) == {source_of(script) for script in inline_scripts(page.text)}, address
        assert "unsafe-eval" not in policy
        assert language_of(page) == language


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "", "zh-CN"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "zh-TW,en;q=0.5", "zh-CN"),
        ("", "de,fr;q=0.8", "en"),
        ("lang=en", "zh-CN", "en"),
        ("lang=zh-CN", "en", "zh-CN"),
        ("lang=<script>", "en", "en"),
    ],
)
def test_the_language_is_the_visitors_choice_else_the_browsers(
    client: httpx.Client, cookie: str, accepted: str, language: str
) -> None:
    page = client.get("/", headers={"cookie": cookie, "accept-language": accepted})
    assert language_of(page) == language
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(re.split(r",\s*", page.headers["vary"]))


class VisibleText(HTMLParser):
    """The text a reader sees; what is marked as being in Chinese may be Chinese."""

    _VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))

    def __init__(self) -> None:
        super().__init__()
        self._skips: list[bool] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._VOID:
            is_chinese = (dict(attrs).get("lang") or "").startswith("zh")
            self._skips.append(tag in {"script", "style", "template"} or is_chinese)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._VOID:
            self._skips.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._skips):
            self.text.append(data)


def test_no_english_page_shows_a_chinese_word_before_it_runs(client: httpx.Client) -> None:
    for address in (address for address in addresses() if not address.startswith("/sandbox")):
        reader = VisibleText()
        reader.feed(client.get(address, headers={"accept-language": "en"}).text)
        assert not [text for text in reader.text if CHINESE.search(text)], address


def test_a_page_answers_with_and_without_a_trailing_slash(client: httpx.Client) -> None:
    for address in addresses():
        bare = client.get(address.rstrip("/") or "/")
        assert bare.status_code == 200
        assert bare.text == client.get(f"{bare.url.path.rstrip('/')}/").text


@pytest.mark.parametrize(("accepted", "language"), [("zh-CN", "zh-CN"), ("en", "en")])
def test_an_unknown_address_is_our_404_page_in_the_readers_language(
    client: httpx.Client, accepted: str, language: str
) -> None:
    page = client.get("/no/such/page", headers={"accept-language": accepted})
    assert page.status_code == 404
    assert language_of(page) == language


def test_a_program_is_told_not_found_in_json(client: httpx.Client) -> None:
    answer = client.post("/no/such/endpoint", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


def test_hashed_assets_last_and_pages_are_asked_for_again(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "private, no-cache"
    assets = re.findall(r'"(/assets/[^"]+\.js)"', page.text)
    assert assets
    for asset in set(assets):
        assert client.get(asset).headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_pages_and_assets_are_sent_compressed(client: httpx.Client, encoding: str) -> None:
    plain = client.get("/", headers={"accept-encoding": "identity"})
    asset = re.findall(r'"(/assets/[^"]+\.js)"', plain.text)[0]
    for address in ("/", asset):
        packed = client.get(address, headers={"accept-encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert packed.text == client.get(address, headers={"accept-encoding": "identity"}).text


def test_an_unchanged_page_is_not_sent_again_but_another_language_is(client: httpx.Client) -> None:
    first = client.get("/", headers={"accept-language": "zh"})
    tag = {"if-none-match": first.headers["etag"]}
    again = client.get("/", headers={**tag, "accept-language": "zh"})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    client.cookies.clear()
    assert client.get("/", headers={**tag, "accept-language": "en"}).status_code == 200


def test_a_first_visit_gets_its_cookies_and_a_second_none(client: httpx.Client) -> None:
    lines = {line.partition("=")[0]: line for line in client.get("/").headers.get_list("set-cookie")}
    secret = set(lines) - {"lang"}
    assert "gc_visitor" in secret
    assert all("HttpOnly" in lines[name] and "SameSite=Lax" in lines[name] for name in secret)
    assert lines["lang"].startswith("lang=zh-CN;")
    assert "set-cookie" not in client.get("/").headers


def test_no_file_of_the_build_but_what_is_meant_is_served(client: httpx.Client) -> None:
    for address in (
        "/../scripts.json",
        "/..%2fscripts.json",
        "/index.html.br",
        "/en/index.html",
        "/__spa-fallback.html",
    ):
        assert client.get(address).status_code == 404, address


def test_one_build_serves_two_ports_at_once(portal: PortalServer, proxied_twice: PortalServer) -> None:
    assert proxied_twice.port != portal.port
    assert httpx.get(f"{proxied_twice.base}/").text == httpx.get(f"{portal.base}/").text
    made = current_build()
    assert made
    client_code = "".join(path.read_text() for path in (made / "build" / "client" / "assets").glob("*.js"))
    assert "window.location.origin" in client_code
