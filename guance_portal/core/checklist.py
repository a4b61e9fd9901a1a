"""Turns a form into clean values, or into every problem it has at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from guance_portal.core.errors import PortalError

T = TypeVar("T")


class FormProblemsError(PortalError, code="errors.form_problems"):
    """A form that cannot be taken yet; `problems` are its single faults, each with its field. Parameter: count."""

    def __init__(self, problems: tuple[PortalError, ...]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems

    def __iter__(self) -> Iterator[PortalError]:
        """The problems in the order of the form."""
        return iter(self.problems)


def every_problem(error: PortalError) -> tuple[PortalError, ...]:
    """The single faults that an error stands for."""
    return error.problems if isinstance(error, FormProblemsError) else (error,)


class Checklist:
    """Collects what is wrong with a form while it is read; `fields` are its fields from top to bottom."""

    def __init__(self, *fields: str) -> None:
        self._fields = fields
        self._problems: list[PortalError] = []

    def read(self, check: Callable[[], T], otherwise: T) -> T:
        """What the check gives; when it refuses, its problem is noted and `otherwise` stands in."""
        try:
            return check()
        except PortalError as problem:
            self.refuse(problem)
            return otherwise

    def refuse(self, problem: PortalError) -> None:
        """Note one problem."""
        self._problems.append(problem)

    def finds(self, *fields: str) -> bool:
        """Whether a problem of one of these fields was noted."""
        return any(problem.field in fields for problem in self._problems)

    def finish(self) -> None:
        """Raise FormProblemsError when anything was noted."""
        if self._problems:
            raise FormProblemsError(tuple(sorted(self._problems, key=self._place)))

    def _place(self, problem: PortalError) -> int:
        return self._fields.index(problem.field) if problem.field in self._fields else len(self._fields)
