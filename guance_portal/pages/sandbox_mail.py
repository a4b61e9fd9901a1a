"""`/sandbox/mail`: every email the portal has written, as its reader sees it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import attributes
from guance_portal.components.buttons import button, copy_button, link_button, submit
from guance_portal.components.feedback import empty_state, loading, note, skeleton
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import form
from guance_portal.components.layout import page_header, panel, top_bar
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, frame, main
from guance_portal.components.tabs import segments
from guance_portal.pages.page import Page
from guance_portal.state.sandbox.mail import EmailLine, SearchForm
from guance_portal.state.sandbox.mail import SandboxMailState as State

_IS_OPEN = State.email.id != ""


def sandbox_mail() -> rx.Component:
    """The mailbox: the list, and beside it (on phones instead of it) the opened email."""
    return frame(
        top_bar(),
        main(
            page_header(text("mailbox.title"), lead=text("mailbox.lead"), actions=_refresh()),
            rx.el.div(_emails(), _reading(), class_name=rx.cond(_IS_OPEN, "gc-mail reading", "gc-mail")),
            class_name="gc-mail-page",
        ),
        class_name="gc-sandbox-page",
    )


def _refresh() -> rx.Component:
    return button(
        text("mailbox.refresh"), kind="secondary", icon_name="refresh-cw", on_click=State.refresh, busy=State.is_busy
    )


def _emails() -> rx.Component:
    filled = rx.cond(
        State.rows.length() > 0,
        rx.el.ul(rx.foreach(State.rows, _line), class_name="gc-mail-list"),
        rx.cond(State.to == "", _no_emails(), _no_match()),
    )
    return panel(
        _search(),
        rx.cond(State.is_loaded, filled, loading(*(skeleton(height="44px") for _ in range(4)))),
        title=text("mailbox.list"),
        class_name="gc-mail-emails",
    )


def _search() -> rx.Component:
    return form(
        *form_fields(
            SearchForm,
            State,
            has_marks=False,
            to={
                "placeholder": text("mailbox.search_hint"),
                "default_value": State.to,
                "key": State.to,
                "action": submit(text("mailbox.find"), kind="secondary", size="medium", is_wide=False),
            },
        ),
        on_submit=State.find,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        role="search",
    )


def _line(row: rx.Var[EmailLine]) -> rx.Component:
    email: Any = row
    return rx.el.li(
        link(
            rx.el.b(email.subject, lang=email.language),
            _status(email.status),
            _verbatim(email.recipient),
            rx.el.small(translated(email.created_at)),
            href=email.href,
            custom_attrs=attributes(aria_current=rx.cond(email.id == State.email.id, "true", "false")),
        )
    )


def _status(status: Any) -> rx.Component:
    unsent = rx.cond(
        status == "dead", badge(text("mailbox.dead"), tone="red"), badge(text("mailbox.queued"), tone="amber")
    )
    return rx.cond(status == "sent", badge(text("mailbox.delivered"), tone="green"), unsent)


def _no_emails() -> rx.Component:
    return empty_state(text("mailbox.empty"), text("mailbox.empty_lead"), icon_name="inbox")


def _no_match() -> rx.Component:
    return empty_state(
        text("mailbox.nothing"),
        text("mailbox.nothing_lead"),
        icon_name="search-x",
        action=link_button(text("mailbox.show_all"), href=routes.SANDBOX_MAIL, kind="secondary"),
    )


def _reading() -> rx.Component:
    unopened = panel(empty_state(text("mailbox.choose"), text("mailbox.choose_lead"), icon_name="mail-open"))
    return rx.el.div(rx.cond(_IS_OPEN, _email(), unopened), class_name="gc-mail-reading")


def _email() -> rx.Component:
    email: Any = State.email
    return panel(
        rx.el.div(
            link_button(
                text("mailbox.back"),
                href=State.list_href,
                kind="secondary",
                icon_name="arrow-left",
            ),
            class_name="gc-mail-back",
        ),
        rx.cond(
            email.last_error != "",
            note(_verbatim(email.last_error), tone="amber", title=text("mailbox.last_error")),
            rx.fragment(),
        ),
        facts(
            (text("mailbox.from"), _verbatim(email.sender)),
            (text("mailbox.to"), _verbatim(email.recipient)),
            (text("mailbox.created"), translated(email.created_at)),
            (text("mailbox.sent"), rx.cond(email.sent_at.zh != "", translated(email.sent_at), "—")),
            (text("mailbox.attempts"), email.attempts),
        ),
        rx.el.div(
            segments(
                "view",
                text("mailbox.view"),
                (("html", text("mailbox.view_html")), ("text", text("mailbox.view_text"))),
                value=State.view,
                on_change=State.choose_view,
            ),
            _copies(email),
            class_name="gc-mail-tools",
        ),
        _content(email),
        title=rx.el.span(email.subject, lang=email.language),
        actions=_status(email.status),
    )


def _verbatim(written: Any) -> rx.Component:
    """What people and machines wrote: in neither language of the portal."""
    return rx.el.span(written, custom_attrs={"data-verbatim": ""})


def _copies(email: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(email.code != "", copy_button(email.code, label=text("mailbox.copy_code")), rx.fragment()),
        rx.cond(email.link != "", copy_button(email.link, label=text("mailbox.copy_link")), rx.fragment()),
    )


def _content(email: Any) -> rx.Component:
    # Without allow-scripts and allow-same-origin an email is paper; its links open in a tab of their own.
    page = rx.el.iframe(
        src_doc=email.html,
        title=text("mailbox.content"),
        sandbox="allow-popups allow-popups-to-escape-sandbox",
        class_name="gc-mail-paper",
    )
    plain = rx.el.pre(email.text, class_name="gc-mail-paper", lang=email.language, tab_index=0)
    return rx.cond(State.view == "html", page, plain)


PAGE = Page(
    route=routes.SANDBOX_MAIL, build=sandbox_mail, title="mailbox.title", on_load=State.load_mail, is_sandbox=True
)
