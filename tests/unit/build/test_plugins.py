"""The build's own steps, and that an upgrade of Reflex which changes their ground is noticed."""

from __future__ import annotations

import gzip
from importlib import resources
from pathlib import Path

import brotli
import pytest

from guance_portal.build.any_port import pass_on, use_own_address
from guance_portal.build.compress import Compressed, compress
from guance_portal.build.fingerprint import fingerprint
from guance_portal.build.first_paint import painted_first
from guance_portal.build.lasting_link import through_the_link
from guance_portal.build.sandbox_variants import as_sandbox
from guance_portal.build.script_hashes import hashes_of_pages, inline_scripts, source_of
from guance_portal.build.two_languages import in_english


def test_reflexs_client_still_has_the_place_we_change() -> None:
    template = resources.files("reflex_base") / ".templates" / "web" / "utils" / "state.js"
    changed = use_own_address(template.read_text("utf-8"))
    assert "new URL(url_str).pathname, window.location.origin" in changed
    assert use_own_address(changed) == changed


def test_a_client_without_that_place_fails_the_build() -> None:
    with pytest.raises(ValueError, match="has changed"):
        use_own_address("export const getBackendURL = () => somethingNew();")


def test_reflexs_client_still_has_the_places_where_our_link_goes() -> None:
    template = resources.files("reflex_base") / ".templates" / "web" / "utils" / "state.js"
    changed = through_the_link(template.read_text("utf-8"))
    assert 'socket.emit("event"' not in changed
    assert through_the_link(changed) == changed


def test_a_client_in_which_our_link_has_no_place_fails_the_build() -> None:
    with pytest.raises(ValueError, match="has changed"):
        through_the_link("export const connect = () => somethingNew();")


def test_only_the_declared_language_of_a_page_changes() -> None:
    page = '<!DOCTYPE html><html lang="zh-CN"><body lang="zh-CN">a</body></html>'
    assert in_english(page) == '<!DOCTYPE html><html lang="en"><body lang="zh-CN">a</body></html>'


@pytest.mark.parametrize("page", ["<html>", '<html lang="de">', '<html lang="zh-CN"><html lang="zh-CN">'])
def test_a_page_without_its_declaration_fails_the_build(page: str) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        in_english(page)


def test_only_the_root_of_a_page_says_that_it_is_of_the_sandbox() -> None:
    page = '<!DOCTYPE html><html lang="en"><body>a</body></html>'
    assert as_sandbox(page) == '<!DOCTYPE html><html data-sandbox="" lang="en"><body>a</body></html>'


@pytest.mark.parametrize("page", ["<p>", '<html lang="en"><html lang="en">'])
def test_a_page_without_one_root_fails_the_build(page: str) -> None:
    with pytest.raises(ValueError, match="one root"):
        as_sandbox(page)


def test_inline_scripts_are_found_exactly_as_written() -> None:
    page = (
        '<script src="/a.js"></script><script>\nlet a = "&amp;<b>";\n</script><p>x</p><SCRIPT type="module">b</SCRIPT>'
    )
    assert inline_scripts(page) == ['\nlet a = "&amp;<b>";\n', "b"]


def test_a_scripts_source_is_what_the_standard_says() -> None:
    # The example of W3C CSP Level 2, section 4.2.5.
    assert source_of("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_an_inline_event_handler_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "index.html").write_text("<script>a</script><p onclick='b()'>")
    with pytest.raises(ValueError, match="onclick"):
        hashes_of_pages(tmp_path)


def test_pages_and_texts_are_compressed_and_what_is_never_sent_is_not(tmp_path: Path) -> None:
    text, short = "云" * 1000, "{}"
    files = {
        **dict.fromkeys(
            ("client/index.html", "en/login/index.html", "sandbox/en/index.html", "client/assets/a.js"), text
        ),
        **dict.fromkeys(("client/login.html", "client/f.woff2", "scripts.json"), text),
        "client/short.json": short,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    Compressed().post_build(static_dir=tmp_path / "client")
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.suffix in {".br", ".gz"}}
    assert made == {f"{name}{end}" for name in list(files)[:4] for end in (".br", ".gz")}


def test_compressed_copies_hold_the_same(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("云" * 1000)
    compress(page)
    assert gzip.decompress((tmp_path / "a.html.gz").read_bytes()) == page.read_bytes()
    assert brotli.decompress((tmp_path / "a.html.br").read_bytes()) == page.read_bytes()


PAGE = """<html lang="zh-CN"><head><link as="style" href="/assets/s.css" rel="preload"/>
<link rel="modulepreload" href="/assets/m.js"/><link rel="modulepreload" href="/assets/root.js"/>
<link href="/assets/s.css" rel="stylesheet" type="text/css"/></head><body><script type="module" async="">import "/assets/m.js";
import * as route0 from "/assets/root.js";
window.routes = {"root":route0};
import("/assets/entry.js");</script></body></html>"""


@pytest.fixture
def styled(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "s.css").write_text("p{color:red}")
    return tmp_path


def test_a_page_holds_its_styles_and_fetches_none(styled: Path) -> None:
    page = painted_first(PAGE, styled)
    assert "<style>p{color:red}</style>" in page
    assert '<link media="not all" as="style" href="/assets/s.css" rel="preload"/>' in page
    assert '<link disabled href="/assets/s.css" rel="stylesheet" type="text/css"/>' in page


def test_a_page_is_drawn_before_its_scripts_run(styled: Path) -> None:
    page = painted_first(PAGE, styled)
    script = page.partition('<script type="module" async="">')[2]
    assert page.index("data-undrawn") < page.index("<style>")
    assert script.index("await drawn();") < script.index("data-undrawn") < script.rindex("await drawn();")
    assert script.rindex("await drawn();") < script.index('await import("/assets/m.js");')
    assert 'const route0 = await import("/assets/root.js");' in script
    assert '<link rel="modulepreload"' not in page
    assert script.rindex("await drawn();") < script.index('for (const href of ["/assets/m.js", "/assets/root.js"])')
    assert 'import "' not in script
    assert "import *" not in script


@pytest.mark.parametrize("part", ['rel="stylesheet"', 'type="module"'])
def test_a_page_written_in_another_way_fails_the_build(styled: Path, part: str) -> None:
    with pytest.raises(ValueError, match="should be its only"):
        painted_first(PAGE.replace(part, ""), styled)


def test_a_page_that_preloads_nothing_fails_the_build(styled: Path) -> None:
    with pytest.raises(ValueError, match="preloads no modules"):
        painted_first(PAGE.replace("modulepreload", "preload"), styled)


def test_a_style_sheet_that_would_end_its_element_fails_the_build(styled: Path) -> None:
    (styled / "assets" / "s.css").write_text("p{content:'</style>'}")
    with pytest.raises(ValueError, match="end its own element"):
        painted_first(PAGE, styled)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "rxconfig.py",
        "requirements.lock",
        "reflex.lock/bun.lock",
        "assets/i18n.js",
        "guance_portal/pages/a.py",
        "guance_portal/messages/a.toml",
        "guance_portal/api/b.py",
        "guance_portal/mail/email.jinja",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    (tmp_path / "reflex.lock/package.json").write_text('{"a": 1}')
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "rxconfig.py",
        "requirements.lock",
        "assets/i18n.js",
        "assets/new.css",
        "guance_portal/pages/a.py",
        "guance_portal/messages/a.toml",
    ],
)
def test_a_change_of_a_source_asks_for_a_new_build(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text("2")
    assert fingerprint(project) != before


@pytest.mark.parametrize(
    "name", ["guance_portal/api/b.py", "guance_portal/mail/email.jinja", "tests/a.py", "README.md"]
)
def test_what_no_page_is_made_of_asks_for_none(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("2")
    assert fingerprint(project) == before


def test_another_layout_of_the_same_package_file_asks_for_none(project: Path) -> None:
    before = fingerprint(project)
    (project / "reflex.lock/package.json").write_text('{\n  "a":1}')
    assert fingerprint(project) == before


def test_under_hot_reload_the_backends_paths_are_passed_on() -> None:
    source = "export default {\n  server: {\n    port: process.env.PORT,\n  },\n};\n"
    changed = pass_on(source, 8123)
    assert '"/_event": {"target": "http://localhost:8123", "ws": true}' in changed
    for path in ("/v1/write/", "/api/", "/sandbox/aws/api", "/session", "/healthz"):
        assert f'"{path}": {{"target": "http://localhost:8123", "ws": false}}' in changed
    assert changed.count("gc_visitor=") == 1
    assert pass_on(changed, 8123) == changed
    with pytest.raises(ValueError, match="has changed"):
        pass_on("export default {};", 8123)
