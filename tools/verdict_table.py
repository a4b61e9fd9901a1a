"""Writes what the rules of settlement say into docs/settlement.md: `python -m tools.verdict_table`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from guance_portal.accounts.rules import Edition
from guance_portal.core.messages import catalogue
from guance_portal.payers.rules import Connection, ProviderOffer
from guance_portal.settlement.choices import ENTERPRISE, Asker, Choice, OptionKind
from guance_portal.settlement.rules import RefusalReason, Registered, Situation, Verdicts, verdicts
from guance_portal.sites import Currency, Provider

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "settlement.md"
BEGIN, END = "<!-- verdicts: begin -->", "<!-- verdicts: end -->"

_BOTH = frozenset(Currency)
_OWN = Registered("own", Provider.ALIYUN, Currency.CNY)
_OTHER = Registered("other", Provider.AWS, Currency.CNY)
_COLUMNS: tuple[tuple[str, Choice], ...] = (
    ("观测云企业账号", ENTERPRISE),
    ("registered 阿里云账号", _OWN.choice),
    ("registered AWS 云账号", _OTHER.choice),
    ("new 阿里云账号", Choice(OptionKind.PROVIDER, Provider.ALIYUN)),
    ("new AWS 云账号", Choice(OptionKind.PROVIDER, Provider.AWS)),
)


def _offers(
    connection: Connection = Connection.READY, currencies: frozenset[Currency] = _BOTH
) -> tuple[ProviderOffer, ...]:
    return tuple(
        ProviderOffer(
            one, connection if one.listings else Connection.UNSUPPORTED, currencies if one.listings else frozenset()
        )
        for one in Provider
    )


_HANGZHOU = Situation(
    site_provider=Provider.ALIYUN, currency=Currency.CNY, offers=_offers(), current=ENTERPRISE, is_first_free=False
)
_BOTH_REGISTERED = replace(_HANGZHOU, accounts=(_OWN, _OTHER))


def scenarios() -> Iterable[tuple[str, Situation]]:
    """The four scenarios at the heart, with and without an account of the site's own provider."""
    for accounts, name in (
        ((_OWN,), "yes, of this site's provider"),
        ((_OTHER,), "yes, of another provider"),
        ((_OWN, _OTHER), "yes, of both"),
        ((), "no"),
    ):
        for anything in (False, True):
            situation = replace(_HANGZHOU, accounts=accounts, has_arbitrary_choice=anything)
            yield f"{name} | {'yes' if anything else 'no'}", situation


def variations() -> Iterable[tuple[str, Situation]]:
    """What else changes a verdict, one thing at a time."""
    base = _BOTH_REGISTERED
    closed = tuple(replace(one, is_live=False) for one in base.accounts)
    dollars = tuple(replace(one, currency=Currency.USD) for one in base.accounts)
    yield "nothing", base
    yield "settled by the registered 阿里云账号", replace(base, current=_OWN.choice)
    yield "nothing chosen yet (opening)", replace(base, current=None)
    yield "a change to the registered AWS 云账号 waits", replace(base, pending=_OTHER.choice)
    yield "the month is used up", replace(base, has_used_month=True)
    yield "the month is used up, the first choice is not", replace(base, has_used_month=True, is_first_free=True)
    yield "the month is used up, the workspace is locked", replace(base, has_used_month=True, is_locked=True)
    yield "neither owner nor payer asks", replace(base, asker=Asker.OTHER)
    yield "体验版", replace(base, edition=Edition.FREE)
    yield "the subscriptions have ended", replace(base, accounts=closed)
    yield "the accounts are charged in USD", replace(base, accounts=dollars)
    yield "a site of AWS", replace(base, site_provider=Provider.AWS)
    yield "a site of 华为云", replace(base, site_provider=Provider.HUAWEICLOUD)
    yield "the marketplaces are not connected", replace(base, offers=_offers(Connection.NOT_CONNECTED))
    yield "the marketplaces lack settings", replace(base, offers=_offers(Connection.NOT_CONFIGURED))
    yield "the listings are in USD", replace(base, offers=_offers(currencies=frozenset({Currency.USD})))


def generated() -> str:
    """The tables, as they stand between the marks."""
    parts = (
        "### The four scenarios\n",
        *_table(("Cloud account registered?", "结算方式任意选择?"), scenarios()),
        "\n### What else matters\n",
        *_table(("What differs",), variations()),
        "\n### Reasons and remedies\n",
        *_reasons(),
    )
    return "\n".join(parts)


def document(text: str) -> str:
    """The document with its tables made again."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{generated()}\n\n{END}{after}"


def _table(heads: Sequence[str], rows: Iterable[tuple[str, Situation]]) -> list[str]:
    names = [*heads, *(name for name, _ in _COLUMNS)]
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for name, situation in rows:
        found = verdicts(situation)
        lines.append(f"| {name} | {' | '.join(_cell(found, choice) for _, choice in _COLUMNS)} |")
    return lines


def _cell(found: Verdicts, choice: Choice) -> str:
    verdict = found.of(choice)
    if verdict is None:
        return ""
    if not verdict.is_choosable:
        return ", ".join(f"`{reason}`" for reason in verdict.reasons)
    marks = ["✓", "推荐" if verdict.is_recommended else "", "◉" if choice == found.preselected else ""]
    return " ".join(mark for mark in marks if mark)


def _reasons() -> list[str]:
    words = catalogue()
    lines = ["| Reason | 中文 | English | What would change it |", "|---|---|---|---|"]
    for reason in RefusalReason:
        said = words[f"settlement.reason.{reason}"]
        remedy = words[f"settlement.remedy.{reason.remedy}"].en if reason.remedy else ""
        lines.append(f"| `{reason}` | {said.zh} | {said.en} | {remedy} |")
    return lines


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text("utf-8")), "utf-8")
