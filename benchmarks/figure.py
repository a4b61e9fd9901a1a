"""One measured figure beside its reference, printed as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound: on the value itself, or on its ratio to the reference."""

    of: Literal["value", "ratio"]
    is_most: bool
    bound: float

    def __str__(self) -> str:
        return f"{self.of} {'<=' if self.is_most else '>='} {self.bound:g}"

    def is_met(self, measured: float) -> bool:
        """Whether a measured value or ratio keeps within the bound."""
        return measured <= self.bound if self.is_most else measured >= self.bound


def at_most(bound: float) -> Aim:
    """The value must not exceed `bound`."""
    return Aim("value", is_most=True, bound=bound)


def at_least(bound: float) -> Aim:
    """The value must reach `bound`."""
    return Aim("value", is_most=False, bound=bound)


def at_most_times_reference(bound: float) -> Aim:
    """The value must not exceed `bound` times the reference."""
    return Aim("ratio", is_most=True, bound=bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured; `reference` is the same of the blank Reflex app, None where it has none."""

    figure: str
    value: float
    unit: str
    reference: float | None = None
    reference_of: str = ""
    aim: Aim | None = None

    @property
    def ratio(self) -> float | None:
        """Value over reference."""
        return self.value / self.reference if self.reference else None

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None without an aim."""
        if self.aim is None:
            return None
        measured = self.value if self.aim.of == "value" else self.ratio
        return measured is not None and self.aim.is_met(measured)

    def as_json(self) -> str:
        """The line to print."""
        return json.dumps(
            {
                "figure": self.figure,
                "value": _short(self.value),
                "unit": self.unit,
                "reference": _short(self.reference),
                "reference_of": self.reference_of,
                "ratio": _short(self.ratio),
                "aim": str(self.aim) if self.aim else None,
                "met": self.is_met,
            },
            ensure_ascii=False,
        )


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
