"""欢迎使用: where the community meets, as the settings say."""

from __future__ import annotations

import reflex as rx
import segno

from guance_portal.core.actor import Realm
from guance_portal.core.settings import settings
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin


class WelcomeState(PageMixin, rx.State):
    """The QR codes as images; empty for a group that the settings do not name.

    `is_sample`: in the sandbox, where they name none, both lead to the sandbox, so that the place can be seen.
    """

    wechat: rx.Field[str] = rx.field(default="")
    dingtalk: rx.Field[str] = rx.field(default="")
    is_sample: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    def load_welcome(self) -> None:
        """Draw the codes."""
        ours = settings()
        self.is_sample = ours.is_sandbox and not (ours.wechat_group_url or ours.dingtalk_group_url)
        sample = f"{ours.effective_public_url}/sandbox" if self.is_sample else ""
        self.wechat = _code(ours.wechat_group_url or sample)
        self.dingtalk = _code(ours.dingtalk_group_url or sample)


def _code(url: str) -> str:
    """Always dark on white, whatever the theme: cameras want it so."""
    return segno.make(url, error="m").svg_data_uri(scale=5, border=2, dark="#1c2024", light="#fff") if url else ""
