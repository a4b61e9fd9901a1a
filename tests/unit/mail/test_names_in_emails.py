"""Whatever somebody called themselves, no email of ours carries their link or their mailbox."""

from __future__ import annotations

import re

import pytest

from guance_portal.core.messages import Language
from guance_portal.mail.rules import is_link, is_mailbox
from guance_portal.mail.templates import email_templates

NAMES = (
    "https://evil.example/login",
    "紧急：账号将被停用，请前往 evil.example/login 验证",
    "www.evil.example",
    "evil.example",
    "boss@evil.example",
    "zhang.wang",
)
_FOUND_BY_MAIL_PROGRAMS = re.compile(
    r"(?:[a-z]+://|www\.)?[\w-]+\.[a-z]{2,}(?:/\S*)?|[\w.+-]+@[\w.-]+\.\w+", re.IGNORECASE
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", sorted(email_templates().names))
def test_a_name_never_becomes_a_link(template: str, language: Language, name: str) -> None:
    values = {
        value: "https://portal.example/ours" if is_link(value) else "lin@yunfan.example" if is_mailbox(value) else name
        for value in email_templates().needed_values(template)
    }
    written = email_templates().render(template, language, values, public_url="https://portal.example")
    read = re.sub(r"<[^>]*>", " ", written.html)
    for text in (read, written.text, written.subject):
        found = {one.rstrip(".,)。，") for one in _FOUND_BY_MAIL_PROGRAMS.findall(text)}
        assert not [one for one in found if "evil" in one or "zhang" in one]
    assert "evil" not in "".join(re.findall(r'href="([^"]*)"', written.html))
