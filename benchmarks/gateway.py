"""Points a second that one process takes at `/v1/write`, as line protocol and as protobuf.

Through the real route and front door, with everything that counts them, into each database that can be reached. With
BENCH_EARLIER naming a checkout of an earlier build that `make install-dev` has been run in, that build takes the same points
as line protocol in turn with this one; without it the figures stand alone.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from line_protocol_parser import parse_line

from benchmarks.figure import Aim, Figure
from guance_portal.metering.line_protocol import ProtocolLine
from tests.support.databases import POSTGRESQL, fresh_postgresql
from tests.support.points import PROTOBUF, body_of, point_of

ROUNDS = 7
REQUESTS = 12
POINTS = 2_000
_SERIES = 500
_LINES = "text/plain; charset=utf-8"
_AIMS = {"line_protocol": 1.0, "protobuf": 2.0}
ROOT = Path(__file__).resolve().parents[1]

_Order = dict[str, Any]


def measure() -> Iterator[Figure]:
    """Metrics and logs of a lively fleet, gzipped, in requests of POINTS points from four senders at a time."""
    earlier = os.environ.get("BENCH_EARLIER", "")
    builds = {"": ROOT} | ({"earlier": Path(earlier).resolve()} if earlier else {})
    for database in _databases():
        with ExitStack() as opened, tempfile.TemporaryDirectory() as folder:
            run = {
                name: opened.enter_context(_gateway(root, *_place(database, opened))) for name, root in builds.items()
            }
            for category, lines in _BODIES.items():
                orders = _orders(category, lines, Path(folder))
                taken = _race(run, orders)
                for form in orders:
                    yield Figure(
                        figure=f"gateway.{category}.{form}.{database}",
                        value=taken[form],
                        unit="points/s",
                        reference=taken.get("earlier"),
                        reference_of="the earlier build taking the same points as line protocol" if earlier else "",
                        aim=Aim("ratio", is_most=False, bound=_AIMS[form]) if earlier else None,
                    )


def _race(run: dict[str, Callable[[_Order], float]], orders: dict[str, _Order]) -> dict[str, float]:
    """Median points a second of each form, and of the earlier build, in turns so that all meet the same load of the machine."""
    seconds: dict[str, list[float]] = {}
    for _ in range(ROUNDS + 1):
        for form, order in orders.items():
            seconds.setdefault(form, []).append(run[""](order))
        if "earlier" in run:
            seconds.setdefault("earlier", []).append(run["earlier"](orders["line_protocol"]))
    return {name: REQUESTS * POINTS / median(measured[1:]) for name, measured in seconds.items()}


def _orders(category: str, lines: list[str], folder: Path) -> dict[str, _Order]:
    points = [point_of(ProtocolLine(**read)) for line in lines if (read := parse_line(line))]
    bodies = {"line_protocol": (_LINES, "\n".join(lines).encode()), "protobuf": (PROTOBUF, body_of(points))}
    orders: dict[str, _Order] = {}
    for form, (content_type, body) in bodies.items():
        file = folder / f"{category}.{form}"
        file.write_bytes(gzip.compress(body, 6))
        same = {"category": category, "points": POINTS, "requests": REQUESTS}
        orders[form] = {**same, "body": str(file), "content_type": content_type}
    return orders


@contextmanager
def _gateway(root: Path, url: str, folder: str) -> Generator[Callable[[_Order], float]]:
    """A process with the gateway of a checkout; called with an order it returns the seconds that it took."""
    python = sys.executable if root == ROOT else str(root / ".venv/bin/python")
    script = str(ROOT / "benchmarks/support/gateway_process.py")
    with subprocess.Popen(
        [python, script, url, folder],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        orders, answers = process.stdin, process.stdout
        assert answers.readline() == "ready\n"

        def take(order: _Order) -> float:
            print(json.dumps(order), file=orders, flush=True)
            return float(answers.readline())

        yield take
        orders.close()


def _databases() -> Iterator[str]:
    yield "sqlite"
    try:
        psycopg.connect(f"{POSTGRESQL.replace('+psycopg', '')}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return
    yield "postgresql"


def _place(database: str, opened: ExitStack) -> tuple[str, str]:
    """An empty database of its own, and a folder."""
    url: AbstractContextManager[str] = fresh_postgresql() if database == "postgresql" else nullcontext("")
    return opened.enter_context(url), opened.enter_context(tempfile.TemporaryDirectory())


def _metric(n: int) -> str:
    host, core = n % 50, n // 50 % (_SERIES // 50)
    fields = f"usage_idle={98.3 - n % 7},usage_system={n % 5}.25,usage_user=0.5,usage_iowait=0i"
    return f"cpu,host=web-{host:02},cpu=cpu{core},env=prod {fields} {1_700_000_000_000_000_000 + n}"


def _log(n: int) -> str:
    message = f'10.0.{n % 256}.7 - - \\"GET /api/orders/{n} HTTP/1.1\\" 200 {n % 4096}\nreferer: https://shop.example/'
    return f'nginx,host=web-{n % 50:02},service=shop,status=info message="{message}" {1_700_000_000_000_000_000 + n}'


_BODIES = {"metric": [_metric(n) for n in range(POINTS)], "logging": [_log(n) for n in range(POINTS)]}
