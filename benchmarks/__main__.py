"""`python -m benchmarks [figure ...]`: measures everything, or what is named; one JSON object a line."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

FIGURES = tuple(
    sorted(
        file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in {"__init__", "__main__", "figure"}
    )
)
"""Every module here that has a `measure`."""


def main(chosen: list[str]) -> int:
    """Print each figure as soon as it is measured; 2 for a name that is none."""
    if unknown := sorted(set(chosen) - set(FIGURES)):
        print(f"no such figure: {', '.join(unknown)}; there are {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    for name in chosen or FIGURES:
        for figure in import_module(f"benchmarks.{name}").measure():
            print(figure.as_json(), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
