"""欢迎使用: where the community meets, as the settings say."""

from __future__ import annotations

import reflex as rx
import segno

from guance_portal.core.actor import Realm
from guance_portal.core.settings import settings
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin


class WelcomeState(PageMixin, rx.State):
    """The QR codes as images; empty for a group that the settings do not name."""

    wechat: rx.Field[str] = rx.field(default="")
    dingtalk: rx.Field[str] = rx.field(default="")

    @audience(Realm.CONSOLE)
    @rx.event
    def load_welcome(self) -> None:
        """Draw the codes."""
        self.wechat = _code(settings().wechat_group_url)
        self.dingtalk = _code(settings().dingtalk_group_url)


def _code(url: str) -> str:
    """Always dark on white, whatever the theme: cameras want it so."""
    return segno.make(url, error="m").svg_data_uri(scale=5, border=2, dark="#1c2024", light="#fff") if url else ""
