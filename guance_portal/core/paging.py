"""A long list in pages, counted from 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is cut: `size` rows a page; `page` is the one asked for, 1 when it is less."""

    page: int
    size: int

    def __post_init__(self) -> None:
        """An address may ask for any number."""
        object.__setattr__(self, "page", max(1, self.page))

    @property
    def offset(self) -> int:
        """How many rows stand before the page."""
        return (self.page - 1) * self.size

    def pages(self, total: int) -> int:
        """How many pages so many rows fill, at least one."""
        return max(1, -(-total // self.size))
