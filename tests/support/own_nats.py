"""A NATS broker of a test's own, with JetStream, that it may stop and start again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from tests.support.databases import unavailable
from tests.support.portal_server import free_port

_PATIENCE = 20.0


class OwnNats:
    """`nats-server` on a free port; what it holds outlives a restart."""

    def __init__(self, program: str, folder: str) -> None:
        self._port = free_port()
        self.url = f"nats://127.0.0.1:{self._port}"
        self._command = [program, "-a", "127.0.0.1", "-p", str(self._port), "-js", "-sd", folder]
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def start(cls) -> Generator[Self]:
        """One that answers; it is gone afterwards."""
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin:/usr/local/sbin")
        if not program:
            unavailable("nats-server")
        with tempfile.TemporaryDirectory() as folder:
            server = cls(program, folder)
            server.begin()
            try:
                yield server
            finally:
                server.stop()

    def begin(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "nats-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill it."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                return connection.recv(4) == b"INFO"
        except OSError:
            return False
