"""Every email in both languages: complete, safe with odd values, and easy to add to."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from guance_portal.core.messages import Language, catalogue, placeholders
from guance_portal.mail import rules
from guance_portal.mail.templates import FOLDER, EmailTemplates, Rendered, Support, email_templates

ODD_NAMES = ["\u202eevil", "שלום עולם", "👩\u200d👩\u200d👧\u200d👦", "林" * 500, "a\r\nb", "\x00\x1b[31m"]
ALL = sorted(email_templates().names)
BOTH = pytest.mark.parametrize("language", list(Language))
LINK = "https://portal.example/reset?token=abc&next=%2F"


def values_for(template: str, value: str = "Lin") -> dict[str, str]:
    """Values for any email: the same for each, a link where a link is due."""
    return {name: LINK if rules.is_link(name) else value for name in email_templates().needed_values(template)}


def render(template: str, language: Language, value: str = "Lin") -> Rendered:
    """Write the email with `value` in every place."""
    return email_templates().render(
        template, language, values_for(template, value), public_url="https://portal.example"
    )


def test_the_emails_of_the_foundation_exist() -> None:
    assert {"password_reset", "password_changed"} <= email_templates().names
    assert email_templates().needed_values("password_reset") == {"name", "link", "minutes"}
    assert email_templates().needed_values("password_changed") == {"name", "at", "device", "place"}


@pytest.mark.parametrize("template", ALL)
def test_both_languages_of_an_email_use_the_same_values(template: str) -> None:
    for key, said in catalogue().items():
        if key.startswith(f"mail.{template}."):
            assert placeholders(said.zh) == placeholders(said.en), key


@BOTH
@pytest.mark.parametrize("template", ALL)
def test_every_email_says_its_values_in_both_alternatives(template: str, language: Language) -> None:
    email = render(template, language, "Xu42")
    assert email.subject
    assert f'<html lang="{language}"' in email.html
    for alternative in (email.html, email.text):
        assert "Xu42" in alternative
        assert "{" not in re.sub(r"<style>.*?</style>", "", alternative, flags=re.DOTALL)
    if "link" in email_templates().needed_values(template):
        assert f'href="{html.escape(LINK)}"' in email.html
        assert LINK in email.text.splitlines()


@BOTH
@pytest.mark.parametrize("template", ALL)
def test_no_value_becomes_markup(template: str, language: Language) -> None:
    email = render(template, language, "<img src=x onerror=alert(1)>{name}\"'&")
    assert "<img" not in email.html
    assert "&lt;img src=x onerror=alert(1)&gt;{name}" in email.html
    assert "<img src=x onerror=alert(1)>{name}\"'&" in email.text


@BOTH
@pytest.mark.parametrize("template", ALL)
@pytest.mark.parametrize(
    "name", ["\u202eevil", "שלום עולם", "👩\u200d👩\u200d👧\u200d👦", "林" * 500, "a\r\nb", "\x00\x1b[31m"]
)
def test_odd_names_are_written_safely(template: str, language: Language, name: str) -> None:
    email = render(template, language, name)
    for said in (email.subject, email.html, email.text):
        assert "\u202e" not in said
        assert "\x00" not in said
        assert "林" * 121 not in said
    assert "\n" not in email.subject
    assert f"<bdi>{rules.shown(name)}</bdi>" in email.html


@pytest.mark.parametrize("template", ALL)
def test_an_email_loads_nothing_and_runs_nothing(template: str) -> None:
    page = render(template, Language.EN).html
    assert not re.search(r"<(script|img|link|iframe|form|object)|@import|url\(|\son\w+=", page)


def test_an_unknown_email_is_refused() -> None:
    for name in ("nothing", "_kit.html", "../secrets", ""):
        with pytest.raises(rules.EmailError, match="no email"):
            email_templates().check(name, {})


def test_an_email_is_added_by_one_file_and_its_message(tmp_path: Path) -> None:
    for path in FOLDER.glob("_*"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    source = '{{ kit.paragraph(message("intro")) }}\n{{ kit.code(code) }}\n'
    (tmp_path / "password_reset.jinja").write_text(source, "utf-8")
    book = EmailTemplates(tmp_path)
    assert book.needed_values("password_reset") == {"name", "minutes", "code"}
    values = {"name": "Lin", "minutes": "10", "code": "042195"}
    email = book.render("password_reset", Language.EN, values, public_url="https://portal.example")
    assert "\n    042195\n" in email.text
    assert "<bdi>042195</bdi>" in email.html


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", {Language.ZH: "请联系客户经理：", Language.EN: "contact your account manager: "}),
        ("王敏", {Language.ZH: "王敏：", Language.EN: "王敏: "}),
    ],
)
@BOTH
def test_an_email_ends_with_whom_to_ask_where_the_settings_name_somebody(
    language: Language, name: str, said: dict[Language, str]
) -> None:
    support = Support(name, "mailto:help@portal.example", "help@portal.example")
    values = values_for("password_changed")
    both = email_templates().render(
        "password_changed", language, values, public_url="https://portal.example", support=support
    )
    assert f"{said[language]}help@portal.example" in both.text
    assert 'href="mailto:help@portal.example"' in both.html
    assert "help@" not in render("password_changed", language).text
