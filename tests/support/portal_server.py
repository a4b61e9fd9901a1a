"""A portal of its own for a test: the production build, served as an operator would, with its own data."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self
from urllib.error import URLError

import httpx

from guance_portal.build.publish import ROOT, ensure_built
from guance_portal.core.settings import Settings

READY_SECONDS = 60
STOP_SECONDS = 30


SUPPORT = "https://help.portal.example/ask"
"""Where the portal sends those who need an account manager."""


class PortalServer:
    """`python -m guance_portal serve` on a free port. Settings of the machine do not reach it, only those given."""

    prefix: ClassVar[tuple[str, ...]] = ()
    """What stands before the command that starts it, such as another root file system."""

    def __init__(self, port: int, env: Mapping[str, str]) -> None:
        self.port = port or free_port()
        self.base = f"http://localhost:{self.port}"
        self.data_dir = Path(tempfile.mkdtemp(prefix="portal-test-"))
        self._env = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("PORTAL_", "REFLEX_", "__REFLEX"))
            },
            "PORT": str(self.port),
            "PORTAL_DATA_DIR": str(self.data_dir),
            "PORTAL_SUPPORT_URL": SUPPORT,
            **env,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def start(cls, port: int = 0, env: Mapping[str, str] | None = None) -> Generator[Self]:
        """A portal that is ready; built once per state of the sources; stopped and forgotten afterwards."""
        ensure_built()
        server = cls(port, env or {})
        try:
            server.begin()
            yield server
        finally:
            server.stop()
            shutil.rmtree(server.data_dir, ignore_errors=True)

    def begin(self, command: str = "serve") -> None:
        """Start the process (`serve`, or `demo`) and wait until it can do its work."""
        self.spawn(command)
        self.wait_until_ready()

    def spawn(self, command: str = "serve") -> None:
        """Start the process."""
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.prefix, sys.executable, "-m", "guance_portal", command],
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Return once /readyz answers 200; fails with the log's end when the process dies or takes too long."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                raise AssertionError(f"the portal did not become ready:\n{self.log()[-4000:]}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether /readyz answers 200 now."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                return True
        except (URLError, OSError):
            return False

    def first_answer(self, path: str, seconds: float = 30) -> httpx.Response:
        """What the server says once it listens."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return httpx.get(self.base + path)
            except httpx.ConnectError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and return the exit code."""
        if not self._process:
            return 0
        workers = self.workers()
        self._process.send_signal(how)
        try:
            code = self._process.wait(STOP_SECONDS)
        finally:
            for pid in [self._process.pid, *workers]:
                kill(pid)
        self._process = None
        return code

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and start it again on the same port with the same data."""
        self.stop(how)
        self.begin()

    @property
    def pid(self) -> int:
        """The process that the workers are children of."""
        assert self._process
        return self._process.pid

    def workers(self) -> list[int]:
        """The process ids of its workers, oldest first."""
        if not self._process:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def wait_for_workers(self, number: int, without: int = 0) -> list[int]:
        """The process ids once this many workers have started, none of them `without`."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            pids = self.workers()
            has_all_begun = all(f'"pid": {pid}' in self.log() for pid in pids)
            if len(pids) == number and without not in pids and has_all_begun:
                return pids
            time.sleep(0.05)
        raise AssertionError(f"{number} workers were expected, {self.workers()} run:\n{self.log()[-3000:]}")

    def kill_worker(self, number: int = 0) -> int:
        """Kill one worker with SIGKILL, as a crash would; returns its process id."""
        pid = self.workers()[number]
        os.kill(pid, signal.SIGKILL)
        return pid

    def settings(self) -> Settings:
        """The settings it runs with, for services beside it on the same database."""
        given = {
            "PORT": self.port,
            "data_dir": self.data_dir,
            "database_url": self._env.get("PORTAL_DATABASE_URL", ""),
            "secret_key": self._env.get("PORTAL_SECRET_KEY", ""),
        }
        return Settings.model_validate(given)

    def portal(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `portal ...` beside it, with its settings."""
        command = [sys.executable, "-m", "guance_portal", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self._env, capture_output=True, text=True, timeout=150, check=False
        )

    def log(self) -> str:
        """Everything it has written so far."""
        return self._log_path.read_text("utf-8", errors="replace")

    def wait_for_log(self, part: str, seconds: float = 10, since: int = 0) -> str:
        """The log from a place on, once this text stands there: a line is written after its answer was sent."""
        deadline = time.monotonic() + seconds
        while part not in (written := self.log()[since:]):
            if time.monotonic() > deadline:
                raise AssertionError(f"the log never said {part!r}:\n{written[-2000:]}")
            time.sleep(0.02)
        return written

    @property
    def _log_path(self) -> Path:
        return self.data_dir / "serve.log"


def kill(pid: int) -> None:
    """Make sure a process is gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
