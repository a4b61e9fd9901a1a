"""What the address of 收支明细 asks for; its page and its files read it alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.state.addresses import LONGEST_ASKED, asked_day, asked_text
from guance_portal.wallet.statement import ACTS
from guance_portal.wallet.statement_rules import StatementChoice

PURSES = ("cash", "voucher", "bonus_voucher", "card", "credit", "receivable", "hold")


class StatementSearch(Form):
    """What is looked for; days are the account's, both included."""

    since: Annotated[str, Asked(label="statement.since", kind=FieldKind.DATE, most=LONGEST_ASKED)] = ""
    until: Annotated[str, Asked(label="statement.until", kind=FieldKind.DATE, most=LONGEST_ASKED)] = ""
    act: Annotated[str, Asked(label="statement.act", kind=FieldKind.CHOICE, most=LONGEST_ASKED)] = ""
    purse: Annotated[str, Asked(label="statement.purse", kind=FieldKind.CHOICE, most=LONGEST_ASKED)] = ""
    text: Annotated[str, Asked(label="statement.text", kind=FieldKind.SEARCH, most=LONGEST_ASKED)] = ""


ASKED = tuple(StatementSearch.asked())


def asked_of(read: Callable[[str], str]) -> dict[str, str]:
    """The parts of an address by name; what nobody could have chosen is empty."""
    asked = {name: asked_text(read(name)).strip() for name in ASKED}
    known = {"act": ACTS, "purse": PURSES}
    for name, values in known.items():
        asked[name] = asked[name] if asked[name] in values else ""
    for name in ("since", "until"):
        day = asked_day(asked[name])
        asked[name] = day.isoformat() if day else ""
    return asked


def choice_of(asked: Mapping[str, str]) -> StatementChoice:
    """The same as the statement takes it."""
    return StatementChoice(
        act=asked["act"],
        purse=asked["purse"],
        since=asked_day(asked["since"]),
        until=asked_day(asked["until"]),
        text=asked["text"],
    )
