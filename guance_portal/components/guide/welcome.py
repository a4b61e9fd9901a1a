"""Pieces of the welcome page: its shell, the film, the community, what comes next."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from guance_portal import routes
from guance_portal.components.base import Child, TextLike
from guance_portal.components.brand import brand
from guance_portal.components.icons import icon
from guance_portal.components.menu import language_menu, theme_menu
from guance_portal.components.messages import LANGUAGE, text
from guance_portal.components.page_parts import frame, main, panel, when
from guance_portal.components.public_page import footer
from guance_portal.components.realm_pages import user_menu
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.state.welcome import WelcomeState as State

SCENES = ("opening", "editions", "basic", "settlement", "install", "received", "closing")
"""The scenes of the film, in order; `tools/make_video.py` films them, their words are its captions."""


class _Film(BaseHTML):
    library = "$/public/film.js"
    tag = "Film"

    poster: rx.Var[str]
    play_label: rx.Var[str]
    play_icon: rx.Var[rx.Component]


class _Track(BaseHTML):
    tag = "track"

    kind: rx.Var[str]
    src: rx.Var[str]
    src_lang: rx.Var[str]
    label: rx.Var[str]
    default: rx.Var[bool]


def welcome_page(*children: Child) -> rx.Component:
    """A page for somebody who has just arrived: nothing beside but their menu."""
    return frame(
        rx.el.div(
            rx.el.header(
                brand(routes.home(Realm.CONSOLE)),
                rx.el.span(class_name="gc-space"),
                language_menu(),
                theme_menu(),
                user_menu(VIEWER, Realm.CONSOLE, routes.ACCOUNT),
                class_name="gc-top-inner",
            ),
            class_name="gc-top",
        ),
        main(*children, class_name="gc-welcome"),
        footer(),
        class_name="gc-wide-page",
    )


def film() -> rx.Component:
    """The film with captions in both languages, and its text."""
    return rx.el.section(
        _Film.create(
            rx.el.source(src="/video/welcome.webm", type="video/webm"),
            _track("zh", "zh-CN", "中文", is_default=LANGUAGE != "en"),
            _track("en", "en", "English", is_default=LANGUAGE == "en"),
            poster="/video/welcome.jpg",
            play_label=text("welcome.play"),
            play_icon=icon("play", 18),
            custom_attrs={"aria-label": text("welcome.film")},
        ),
        rx.el.details(
            rx.el.summary(icon("captions"), rx.el.span(text("welcome.transcript")), icon("chevron-down", 14)),
            rx.el.ol(*(rx.el.li(text(f"welcome.scene.{scene}")) for scene in SCENES)),
            class_name="gc-help",
        ),
        class_name="gc-stack",
    )


def _track(name: str, language: str, label: str, *, is_default: rx.Var[bool]) -> rx.Component:
    return _Track.create(
        kind="captions",
        src=f"/video/welcome.{name}.vtt",
        src_lang=language,
        label=label,
        default=is_default,
        custom_attrs={"data-verbatim": ""},
    )


def community() -> rx.Component:
    """The groups as QR codes; nothing for a group that is not set, nothing at all without one."""
    return when(
        (State.wechat != "") | (State.dingtalk != ""),
        panel(
            rx.el.div(
                _group(State.wechat, text("welcome.wechat"), text("welcome.wechat_scan")),
                _group(State.dingtalk, text("welcome.dingtalk"), text("welcome.dingtalk_scan")),
                class_name="gc-groups",
            ),
            title=text("welcome.community"),
            lead=rx.cond(State.is_sample, text("welcome.community_sample"), text("welcome.community_lead")),
        ),
    )


def _group(code: rx.Var[str], name: TextLike, scan: TextLike) -> rx.Component:
    return when(
        code != "",
        rx.el.figure(
            rx.el.b(name),
            rx.el.img(src=code, alt=scan, width="148", height="148"),
            rx.el.figcaption(scan, custom_attrs={"aria-hidden": "true"}),
        ),
    )


def next_steps() -> rx.Component:
    """What comes after this page."""
    steps = ("install", "see", "more")
    return panel(
        rx.el.ol(*(rx.el.li(rx.el.span(text(f"welcome.next_{step}"))) for step in steps), class_name="gc-next"),
        title=text("welcome.next"),
    )
