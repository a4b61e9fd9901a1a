"""`portal serve`: checks, builds, migrates, and runs the workers on one port until told to stop."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from guance_portal.build.publish import ensure_built
from guance_portal.core import logs, metrics, migrate
from guance_portal.core.db import Database, create_engine
from guance_portal.core.settings import Settings
from guance_portal.core.write_probes import folder_refuses

log = structlog.get_logger(__name__)

_TARGET = "guance_portal.guance_portal:app"
_STOP_SECONDS = 15
_HEAD_MILLISECONDS = 15_000
"""For the head of a request, and between two requests of one connection: the server ends what takes longer."""
_READ_AHEAD = 64 * 1024
"""Bytes of a connection that wait to be read, at most; the longest head of a request."""
_CONNECTIONS = 8_192
"""Of one worker, event sockets not counted. Further ones wait, and all with them: what holds connections is ended by
its deadline before they are this many (decision 17)."""
_WAITING = 2_048
"""Connections that the system keeps until a worker takes them; further ones are tried again by their client."""
_FILES_BESIDE = 256
"""Open files that are no connections: database, event loop, logs."""
_ASK_AGAIN = 2.0


class StartError(Exception):
    """The portal cannot start here: something else listens on its port, or its folder cannot be written."""


def serve(settings: Settings) -> None:
    """Run the portal in the foreground; raises BuildError, StartError or UnusableDatabaseError before it starts."""
    require_place(settings)
    web = ensure_built()
    logs.configure(settings.log_format)
    if settings.sees_no_visitors_address:
        log.warning("visitors_share_one_address", remedy="PORTAL_TRUSTED_PROXIES says how many proxies are in front")
    migrate_database(settings)
    shared = _prepare_environment(settings, web)
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()
    try:
        _server(settings).serve()
    finally:
        shutil.rmtree(shared, ignore_errors=True)


def require_place(settings: Settings) -> None:
    """Raise StartError when something else listens on the port, or the data folder cannot be used."""
    _require_free_port(settings)
    _require_data_folder(settings)


def migrate_database(settings: Settings) -> None:
    """Apply every missing migration; several processes may do so at once."""
    asyncio.run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    database = Database(create_engine(settings.effective_database_url))
    try:
        await migrate.upgrade(database.engine)
    finally:
        await database.close()


def _prepare_environment(settings: Settings, web: Path) -> Path:
    """Tell Reflex, in every worker, to serve the given build as it is; return the folder of the shared metrics."""
    shared = settings.data_dir.resolve() / f"metrics-{os.getpid()}"
    shutil.rmtree(shared, ignore_errors=True)
    shared.mkdir()
    os.environ |= {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_WEB_WORKDIR": str(web),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(256 * 1024),
        "PORTAL_DATA_DIR": str(settings.data_dir.resolve()),
        metrics.SHARED_FOLDER: str(shared),
        # Large bodies give their memory back to the system when they are done with.
        "MALLOC_MMAP_THRESHOLD_": str(128 * 1024),
        "MALLOC_ARENA_MAX": "2",
    }
    # Named only without Redis: beside it an explicit mode would win, and every worker have states of its own.
    if not settings.redis_url.get_secret_value():
        os.environ["REFLEX_STATE_MANAGER_MODE"] = "memory"
    return shared


def _server(settings: Settings) -> AbstractServer[Any]:
    # Spawned, not forked: a worker must not inherit connections, threads or locks of this process.
    multiprocessing.set_start_method("spawn", force=True)
    return Server(
        target=_TARGET,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=settings.workers,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=_STOP_SECONDS,
        # HTTP/2 has no deadline for its first byte here, and speaks to browsers under TLS alone, which a proxy ends.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_MILLISECONDS, max_buffer_size=_READ_AHEAD),
        backlog=_WAITING,
        backpressure=_connections(),
        log_level=LogLevels.warning,
        log_dictconfig={"handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": True}}},
    )


def _connections() -> int:
    """How many connections a worker may hold: as many as the system lets it open files for, up to _CONNECTIONS."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS * 2 + _FILES_BESIDE  # event sockets as well
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(128, min(_CONNECTIONS, (max(most, soft) - _FILES_BESIDE) // 2))


def _require_free_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            raise StartError(f"cannot listen on {settings.host}:{settings.port}: {reason}") from None


def _require_data_folder(settings: Settings) -> None:
    if problem := folder_refuses(settings.data_dir):
        raise StartError(f"PORTAL_DATA_DIR {settings.data_dir} cannot be written: its disk or folder is {problem}")
    try:
        settings.signing_key()
    except (OSError, ValueError):
        raise StartError(f"the key in {settings.data_dir} cannot be read: restore secret.key from the backup") from None


def _announce(settings: Settings) -> None:
    """Print the address once the first worker is ready, and what it waits for until then."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    said = ""
    while True:
        try:
            with urllib.request.urlopen(f"http://{host}:{settings.port}/readyz", timeout=5):
                print(f"The portal is ready: {settings.effective_public_url}", file=sys.stderr, flush=True)
                return
        except HTTPError as answer:
            waits_for = _problems(answer.read())
            if waits_for and waits_for != said:
                print(f"The portal waits: {waits_for}. `portal doctor` says more.", file=sys.stderr, flush=True)
            said = waits_for
            time.sleep(_ASK_AGAIN)
        except (URLError, OSError):
            time.sleep(0.1)


def _problems(answer: bytes) -> str:
    try:
        problems: dict[str, str] = json.loads(answer)["problems"]
    except (ValueError, LookupError):
        return ""
    return ", ".join(f"{name} is {problem}" for name, problem in problems.items())
