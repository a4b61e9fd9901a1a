"""What dissolving means for this workspace, said before the act."""

from __future__ import annotations

from guance_portal.core.messages import Text, text
from guance_portal.onboarding.workspace_settings import Ending, StillToPay
from guance_portal.state.upgrade.effects import EffectRow


def effects(ending: Ending) -> list[EffectRow]:
    """Every effect: its data, its people, what is still to be paid, and what is kept."""
    rows = [EffectRow("eye-off", _say("data"), _say("data_detail")), _people(ending)]
    if ending.payer is None:
        return [*rows, EffectRow("receipt-text", _say("free"), _say("free_detail"))]
    return [*rows, _money(ending.payer), EffectRow("wallet", _say("kept"), _say("kept_detail"))]


def _people(ending: Ending) -> EffectRow:
    kind = "members" if ending.other_members else "members_alone"
    title = _say(kind, count=ending.other_members)
    return EffectRow("users", title, _say(f"{kind}_detail", invitations=ending.invitations))


def _money(payer: StillToPay) -> EffectRow:
    method = text(f"settlement_method.{payer.method}")
    detail = _say("money_detail", day=payer.today, method=method, account=payer.account)
    if payer.pending_day:
        waits = _say("pending", day=payer.pending_day)
        detail = Text(zh=detail.zh + waits.zh, en=f"{detail.en} {waits.en}")
    return EffectRow("receipt-text", _say("money"), detail)


def _say(key: str, **params: object) -> Text:
    return text(f"settings.effect.{key}", **params)
