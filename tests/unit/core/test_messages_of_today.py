"""What words and agreements say is not open yet has no page; a page that is built takes the sentence away (decision 53)."""

from __future__ import annotations

import re

import pytest

from guance_portal.core.messages import Language, catalogue
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.pages import PAGES

_NOT_YET = "尚未开放"
_CLAUSE = re.compile("[，。；：]")
PAGE_OF = {"账单": "bill", "充值": "recharge", "代金券": "voucher", "预购卡": "card"}
"""What may be said not to be open, and what stands in the address of a page of the fee centre that opens it."""


def shut(said: str) -> set[str]:
    """What a text says is not open yet."""
    clauses = [clause for clause in _CLAUSE.split(said) if _NOT_YET in clause]
    return {thing for thing in PAGE_OF if any(thing in clause for clause in clauses)}


def texts() -> dict[str, str]:
    """Everything in Chinese that people read, by what it is called."""
    words = {key: said.zh for key, said in catalogue().items()}
    return words | {kind.value: agreements.current(kind).sources[Language.ZH] for kind in AgreementKind}


def test_what_is_said_not_to_be_open_is_found() -> None:
    assert shut("可以充值，账单页面尚未开放。") == {"账单"}
    assert shut("账单与充值页面尚未开放。") == {"账单", "充值"}


@pytest.mark.parametrize("thing", PAGE_OF)
def test_what_has_a_page_is_nowhere_said_not_to_be_open(thing: str) -> None:
    pages = [page.route for page in PAGES if "/fee-center/" in page.route and PAGE_OF[thing] in page.route]
    saying = [name for name, said in texts().items() if thing in shut(said)]
    assert not (pages and saying), (pages, saying)
