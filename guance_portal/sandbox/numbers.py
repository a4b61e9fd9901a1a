"""Random numbers and names, as marketplaces give them to orders, agreements and accounts."""

from __future__ import annotations

import secrets
import string

from guance_portal.sandbox.rules import Chance, Whim

_LETTERS = string.ascii_letters + string.digits


def digits(count: int) -> str:
    """A random number that does not begin with zero."""
    return str(secrets.choice(range(1, 10))) + "".join(secrets.choice(string.digits) for _ in range(count - 1))


def letters(count: int) -> str:
    """Random letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def unsure(whims: frozenset[Whim]) -> Chance:
    """How a call for usage ends: by an error every second time where the marketplace is unsure, and well else."""
    if Whim.UNSURE_OF_USAGE not in whims:
        return Chance.WELL
    return secrets.choice((Chance.WELL, Chance.WELL, Chance.LOST, Chance.COUNTED))
