"""Turns a template's name and values into subject, HTML and plain text in one language.

An email is one file in `templates/` and its words under `[mail.<name>.…]`: `subject`, `preheader`, `title` and
whatever the file says. Its values are the placeholders of those words and the variables of that file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup, escape

from guance_portal.core.messages import Language, Text, catalogue, placeholders, text
from guance_portal.core.names import unlinked
from guance_portal.mail import rules

FOLDER = Path(__file__).with_name("templates")
"""Where the emails of the portal are kept."""

_OURS = {"kit", "message"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the email says: the subject line and both alternatives."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Support:
    """Whom a reader may ask: a name, empty for the account manager; where a link leads; and that as people read it."""

    name: str
    address: str
    written: str


NO_SUPPORT = Support("", "", "")


class EmailTemplates:
    """All emails of a folder, read once; each is written as HTML and as plain text, with a kit of pieces for each."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._html, self._text = (_environment(folder, escapes=escapes) for escapes in (True, False))
        names = (path.stem for path in folder.glob("[!_]*.jinja"))
        self._needed = {name: self._values_of(name) for name in names}

    @property
    def names(self) -> frozenset[str]:
        """Every email that can be written."""
        return frozenset(self._needed)

    def needed_values(self, template: str) -> frozenset[str]:
        """The values an email needs, found in its words and its file; raises EmailError for an unknown one."""
        try:
            return self._needed[template]
        except KeyError:
            raise rules.EmailError(f"no email is called {template}") from None

    def check(self, template: str, values: Mapping[str, str]) -> None:
        """Raise EmailError unless the email exists and the values are exactly what it needs."""
        needed = self.needed_values(template)
        rules.check_values(values, needed, _placeholders(text(f"mail.{template}.subject")))

    def render(
        self,
        template: str,
        language: Language,
        values: Mapping[str, str],
        *,
        public_url: str,
        support: Support = NO_SUPPORT,
    ) -> Rendered:
        """Write the email; raises EmailError when it is gone or its values no longer fit (after an upgrade)."""
        self.check(template, values)
        plain = {name: _plain(name, value) for name, value in values.items()}
        marked = {name: _marked(name, value) for name, value in values.items()}
        subject = text(f"mail.{template}.subject").in_(language).format_map(plain)
        shared = {
            "subject": subject,
            "language": language.value,
            "public_url": public_url,
            "support": support.name or text("support.manager").in_(language),
            "support_address": support.address,
            "support_written": support.written,
        }
        return Rendered(
            subject=subject,
            html=_page(self._html, template, language, escapes=True, values=marked, shared_values=shared),
            text=_page(self._text, template, language, escapes=False, values=plain, shared_values=shared),
        )

    def _values_of(self, template: str) -> frozenset[str]:
        prefix = f"mail.{template}."
        spoken = [_placeholders(said) for key, said in catalogue().items() if key.startswith(prefix)]
        file = self._html.get_template(f"{template}.jinja").filename or ""
        used = find_undeclared_variables(self._html.parse(Path(file).read_text("utf-8")))
        return frozenset(used - _OURS).union(*spoken)


@cache
def email_templates() -> EmailTemplates:
    """The emails of the portal."""
    return EmailTemplates()


def _page(
    environment: Environment,
    template: str,
    language: Language,
    *,
    escapes: bool,
    values: Mapping[str, str],
    shared_values: Mapping[str, str],
) -> str:
    extension = "html" if escapes else "txt"

    def plain(key: str) -> str:
        sentence = text(key).in_(language)
        return escape(sentence).format_map(values) if escapes else sentence.format_map(values)

    def message(name: str) -> str:
        return plain(f"mail.{template}.{name}")

    def shared(name: str) -> str:
        return plain(f"mail.shared.{name}")

    kit = environment.get_template(f"_kit.{extension}.jinja").make_module({"shared": shared})
    body = environment.get_template(f"{template}.jinja").render(values, kit=kit, message=message).strip()
    layout = environment.get_template(f"_layout.{extension}.jinja")
    body = Markup(body) if escapes else body  # noqa: S704  (rendered with escaping one line above)
    return layout.render(shared_values, body=body, message=message, shared=shared, brand=plain("brand.name"))


def _environment(folder: Path, *, escapes: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(enabled_extensions=(), default=escapes, default_for_string=escapes),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _placeholders(said: Text) -> frozenset[str]:
    return frozenset(placeholders(said.zh) | placeholders(said.en))


def _plain(name: str, value: str) -> str:
    return value if rules.is_link(name) else rules.isolated(_printed(name, value))


def _marked(name: str, value: str) -> Markup:
    return escape(value) if rules.is_link(name) else Markup("<bdi>{}</bdi>").format(_printed(name, value))


def _printed(name: str, value: str) -> str:
    """A value that is no link of the portal: whatever it says, no mail program makes a link of it."""
    shown = rules.shown(value)
    return shown if rules.is_mailbox(name) else unlinked(shown)
