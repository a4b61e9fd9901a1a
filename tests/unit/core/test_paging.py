"""Long lists are cut into pages."""

from __future__ import annotations

import pytest

from guance_portal.core.paging import Paging


@pytest.mark.parametrize(("total", "expected"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_the_last_page_may_be_short_and_an_empty_list_has_one(total: int, expected: int) -> None:
    assert Paging(1, 20).pages(total) == expected


@pytest.mark.parametrize(("asked", "page", "offset"), [(-7, 1, 0), (0, 1, 0), (1, 1, 0), (3, 3, 40)])
def test_pages_are_counted_from_one_whatever_is_asked_for(asked: int, page: int, offset: int) -> None:
    paging = Paging(asked, 20)
    assert (paging.page, paging.offset) == (page, offset)
