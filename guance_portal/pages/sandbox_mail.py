"""`/sandbox/mail`: every letter the portal has written, as its reader sees it."""

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
from guance_portal.components.page_parts import facts, frame, main
from guance_portal.components.tabs import segments
from guance_portal.components.words import said, t
from guance_portal.pages.page import Page
from guance_portal.state.sandbox.mail import LetterLine, SearchForm
from guance_portal.state.sandbox.mail import SandboxMailState as State

_IS_OPEN = State.letter.id != ""


def sandbox_mail() -> rx.Component:
    """The mailbox: the list, and beside it (on phones instead of it) the opened letter."""
    return frame(
        top_bar(),
        main(
            page_header(t("mailbox.title"), lead=t("mailbox.lead"), actions=_refresh()),
            rx.el.div(_letters(), _reading(), class_name=rx.cond(_IS_OPEN, "gc-mail reading", "gc-mail")),
            class_name="gc-mail-page",
        ),
        class_name="gc-look",
    )


def _refresh() -> rx.Component:
    return button(
        t("mailbox.refresh"), kind="secondary", icon_name="refresh-cw", on_click=State.refresh, busy=State.is_busy
    )


def _letters() -> rx.Component:
    filled = rx.cond(
        State.rows.length() > 0,
        rx.el.ul(rx.foreach(State.rows, _line), class_name="gc-mail-list"),
        rx.cond(State.to == "", _no_letters(), _no_match()),
    )
    return panel(
        _search(),
        rx.cond(State.is_loaded, filled, loading(*(skeleton(height="44px") for _ in range(4)))),
        title=t("mailbox.list"),
        class_name="gc-mail-letters",
    )


def _search() -> rx.Component:
    return form(
        *form_fields(
            SearchForm,
            State,
            has_marks=False,
            to={
                "placeholder": t("mailbox.search_hint"),
                "default_value": State.to,
                "key": State.to,
                "action": submit(t("mailbox.find"), kind="secondary", size="medium", is_wide=False),
            },
        ),
        on_submit=State.find,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        role="search",
    )


def _line(row: rx.Var[LetterLine]) -> rx.Component:
    letter: Any = row
    return rx.el.li(
        link(
            rx.el.b(letter.subject, lang=letter.language),
            _status(letter.status),
            _verbatim(letter.recipient),
            rx.el.small(said(letter.created_at)),
            href=letter.href,
            custom_attrs=attributes(aria_current=rx.cond(letter.id == State.letter.id, "true", "false")),
        )
    )


def _status(status: Any) -> rx.Component:
    unsent = rx.cond(status == "dead", badge(t("mailbox.dead"), tone="red"), badge(t("mailbox.queued"), tone="amber"))
    return rx.cond(status == "sent", badge(t("mailbox.delivered"), tone="green"), unsent)


def _no_letters() -> rx.Component:
    return empty_state(t("mailbox.empty"), t("mailbox.empty_lead"), icon_name="inbox")


def _no_match() -> rx.Component:
    return empty_state(
        t("mailbox.nothing"),
        t("mailbox.nothing_lead"),
        icon_name="search-x",
        action=link_button(t("mailbox.show_all"), href=routes.SANDBOX_MAIL, kind="secondary"),
    )


def _reading() -> rx.Component:
    unopened = panel(empty_state(t("mailbox.choose"), t("mailbox.choose_lead"), icon_name="mail-open"))
    return rx.el.div(rx.cond(_IS_OPEN, _letter(), unopened), class_name="gc-mail-reading")


def _letter() -> rx.Component:
    letter: Any = State.letter
    return panel(
        rx.el.div(
            link_button(
                t("mailbox.back"),
                href=State.list_href,
                kind="secondary",
                icon_name="arrow-left",
            ),
            class_name="gc-mail-back",
        ),
        rx.cond(
            letter.last_error != "",
            note(_verbatim(letter.last_error), tone="amber", title=t("mailbox.last_error")),
            rx.fragment(),
        ),
        facts(
            (t("mailbox.from"), _verbatim(letter.sender)),
            (t("mailbox.to"), _verbatim(letter.recipient)),
            (t("mailbox.created"), said(letter.created_at)),
            (t("mailbox.sent"), rx.cond(letter.sent_at.zh != "", said(letter.sent_at), "—")),
            (t("mailbox.attempts"), letter.attempts),
        ),
        rx.el.div(
            segments(
                "view",
                t("mailbox.view"),
                (("html", t("mailbox.view_html")), ("text", t("mailbox.view_text"))),
                value=State.view,
                on_change=State.choose_view,
            ),
            _copies(letter),
            class_name="gc-mail-tools",
        ),
        _content(letter),
        title=rx.el.span(letter.subject, lang=letter.language),
        actions=_status(letter.status),
    )


def _verbatim(written: Any) -> rx.Component:
    """What people and machines wrote: in neither language of the portal."""
    return rx.el.span(written, custom_attrs={"data-verbatim": ""})


def _copies(letter: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(letter.code != "", copy_button(letter.code, label=t("mailbox.copy_code")), rx.fragment()),
        rx.cond(letter.link != "", copy_button(letter.link, label=t("mailbox.copy_link")), rx.fragment()),
    )


def _content(letter: Any) -> rx.Component:
    # Without allow-scripts and allow-same-origin a letter is paper; its links open in a tab of their own.
    page = rx.el.iframe(
        src_doc=letter.html,
        title=t("mailbox.content"),
        sandbox="allow-popups allow-popups-to-escape-sandbox",
        class_name="gc-mail-paper",
    )
    plain = rx.el.pre(letter.text, class_name="gc-mail-paper", lang=letter.language, tab_index=0)
    return rx.cond(State.view == "html", page, plain)


PAGE = Page(
    route=routes.SANDBOX_MAIL, build=sandbox_mail, title="mailbox.title", on_load=State.load_mail, is_sandbox=True
)
