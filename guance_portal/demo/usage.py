"""What the company's DataKits send, day by day, through the data gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from guance_portal.demo.company import OWNER, PRODUCTION, TRIAL
from guance_portal.demo.stage import SITE, Stage
from guance_portal.metering.categories import Category
from guance_portal.metering.items import Item, free_quotas

_ZONE = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5
_WEEKEND = 0.55
NEAR = {Item.PAGE_VIEWS: 0.93, Item.TRACES: 0.88, Item.TIME_SERIES: 0.97}
"""How much of its daily quotas the trial workspace has used when the present is reached."""


class UsageChapter:
    """Production sends a lot, the trial workspace little, until today it comes near its quotas."""

    name = "usage"

    async def begin(self, stage: Stage) -> None:
        """Nothing before the first data."""

    async def live(self, stage: Stage) -> None:
        """One of a day's batches for each workspace."""
        scale = _scale(stage)
        at = f"{stage.clock.now():%Y%m%d%H%M}"
        await _send(stage, PRODUCTION, _production(scale, at), at)
        await _send(stage, TRIAL, _trial(scale, at), at)
        await stage.services.usage.tidy()

    async def arrive(self, stage: Stage) -> None:
        """Bring the trial workspace near its quotas of today; what is there already counts."""
        name, quotas = f"{stage.clock.now():%Y%m%d%H%M%S}", free_quotas(SITE)
        used = await _used_today(stage, TRIAL)
        for item, share in NEAR.items():
            missing = int((quotas[item].limit or 0) * share) - used[item]
            if missing > 0:
                category, line = _LINES[item]
                lines = [line(f"near-{name}-{number}") for number in range(missing)]
                await stage.send(stage.book.secrets[f"token:{TRIAL}"], category, lines, f"demo-near-{item}-{name}")


async def _used_today(stage: Stage, workspace: str) -> dict[Item, int]:
    owner = await stage.sign_in(OWNER)
    at = replace(owner, workspace_id=stage.book.secrets[f"id:{workspace}"])
    return {use.item: use.used for use in (await stage.services.usage.today(at)).items}


async def _send(stage: Stage, workspace: str, batches: dict[Category, list[str]], at: str) -> None:
    token = stage.book.secrets[f"token:{workspace}"]
    for category, lines in batches.items():
        await stage.send(token, category, lines, f"demo-{category}-{at}")


def _scale(stage: Stage) -> float:
    """How busy this moment is: weekends are quiet, and no two days are quite alike."""
    now = stage.clock.now().astimezone(_ZONE)
    return (_WEEKEND if now.weekday() >= _SATURDAY else 1.0) * (0.9 + now.timetuple().tm_yday * 7 % 20 / 100)


def _production(scale: float, at: str) -> dict[Category, list[str]]:
    hosts = [f"web-{number:02}" for number in range(max(1, round(12 * scale)))]
    return {
        Category("object"): [f"HOST,host={host},name={host} cpu=0.4" for host in hosts],
        Category("metric"): [_series(f"prod-{number}") for number in range(round(5_200 * scale))],
        Category("logging"): [_log(number) for number in range(round(9_000 * scale))],
        Category("tracing"): [_trace(f"prod-{at}-{number}") for number in range(round(1_500 * scale))],
        Category("rum"): [_view(f"prod-{number}") for number in range(round(2_400 * scale))],
        Category("dialtesting"): [f'http,name=check status="OK",n={number}i' for number in range(round(600 * scale))],
    }


def _trial(scale: float, at: str) -> dict[Category, list[str]]:
    return {
        Category("object"): ["HOST,host=trial-01,name=trial-01 cpu=0.2"],
        Category("metric"): [_series(f"trial-{number}") for number in range(round(1_400 * scale))],
        Category("logging"): [_log(number) for number in range(round(1_200 * scale))],
        Category("tracing"): [_trace(f"trial-{at}-{number}") for number in range(round(700 * scale))],
        Category("rum"): [_view(f"trial-{number}") for number in range(round(180 * scale))],
    }


def _series(name: str) -> str:
    return f"cpu,host={name},core=cpu-total usage=0.42"


def _log(number: int) -> str:
    return f'nginx,service=shop message="GET /orders/{number} 200",status="info"'


def _trace(name: str) -> str:
    return f'http,service=shop,trace_id={name} duration=1200i,operation="GET /orders"'


def _view(name: str) -> str:
    return f"view,app_id=shop,session_id={name} loading_time=830i"


_LINES: dict[Item, tuple[Category, Callable[[str], str]]] = {
    Item.PAGE_VIEWS: (Category("rum"), _view),
    Item.TRACES: (Category("tracing"), _trace),
    Item.TIME_SERIES: (Category("metric"), _series),
}
