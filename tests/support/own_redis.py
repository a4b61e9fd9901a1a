"""A Redis of a test's own, that it may stop and start again."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

import redis

from tests.support.databases import unavailable
from tests.support.portal_server import free_port

_PATIENCE = 20.0


class OwnRedis:
    """`redis-server` on a free port, with nothing kept on disk."""

    def __init__(self, program: str, folder: str) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        address = ["--port", str(self._port), "--bind", "127.0.0.1"]
        self._command = [program, *address, "--save", "", "--appendonly", "no", "--dir", folder]
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def start(cls) -> Generator[Self]:
        """One that answers; it is gone afterwards."""
        program = shutil.which("redis-server")
        if not program:
            unavailable("redis-server")
        with tempfile.TemporaryDirectory() as folder:
            server = cls(program, folder)
            server.begin()
            try:
                yield server
            finally:
                server.stop()

    def begin(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once; what it held is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def wait_for_fewer_keys(self, number: int, seconds: float = 60) -> None:
        """Return once it holds fewer keys than this."""
        deadline = time.monotonic() + seconds
        while (keys := self._keys()) >= number:
            assert time.monotonic() < deadline, f"{keys} keys are left"
            time.sleep(0.1)

    def _keys(self) -> int:
        with redis.Redis.from_url(self.url) as client:  # pyright: ignore[reportUnknownMemberType]
            return int(client.dbsize())  # pyright: ignore[reportArgumentType, reportUnknownArgumentType, reportUnknownMemberType]

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:  # pyright: ignore[reportUnknownMemberType]
                return bool(client.ping())  # pyright: ignore[reportUnknownMemberType]
        except redis.RedisError:
            return False
