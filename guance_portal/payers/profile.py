"""What a fee-centre account says about its company."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyProfile:
    """A company's own words, checked; `uscc` and `introduction` may be empty."""

    name: str
    uscc: str
    industry: str
    region: str
    contact: str
    introduction: str
