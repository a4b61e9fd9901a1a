"""The choice of a site: name, and below it provider and region, grouped by where it stands."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import sites
from guance_portal.components.base import Problem, TextLike
from guance_portal.components.messages import pick, text
from guance_portal.components.selects import Option, select_field
from guance_portal.core.messages import Text


def site_field(
    name: str,
    *,
    problem: Problem | None = None,
    label: TextLike | None = None,
    is_advised: bool = False,
    **control: Any,
) -> rx.Component:
    """A select over every site; in Chinese the first is preselected, in English one must be chosen. With `is_advised` each says whom it is recommended to."""
    options = [
        Option(
            value=site.code,
            title=_text(site.name),
            detail=_detail(site) if is_advised else _text(site.region),
            mark=site.provider.value,
            group=_text(site.group.label),
        )
        for site in sites.all_sites()
    ]
    return select_field(
        name,
        label if label is not None else text("sign_in.site"),
        options,
        problem=problem,
        asks=text("sites.choose"),
        **control,
    )


def _detail(site: sites.Site) -> rx.Var[str]:
    if not site.advice:
        return _text(site.region)
    return pick(f"{site.region.zh} · {site.advice.zh}", f"{site.region.en} · {site.advice.en}")


def _text(both: Text) -> rx.Var[str]:
    return pick(both.zh, both.en)
