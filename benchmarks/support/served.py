"""A running server under measurement: its address, its processes, what they use."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a server's processes have used: processor seconds since their start, resident bytes now."""

    cpu_seconds: float
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Served:
    """A server: the address to open and the id of its first process."""

    base: str
    pid: int

    def usage(self) -> Usage | None:
        """The sum over its processes; None where the system has no /proc."""
        if not Path("/proc/self/stat").exists():
            return None
        ticks = pages = 0
        for pid in _family(self.pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return Usage(ticks / _TICKS, pages * _PAGE)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of a server as somebody sees it: signed in by the cookies, or not."""

    base: str
    path: str
    cookies: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def address(self) -> str:
        """What is typed into the browser."""
        return self.base + self.path


def free_port() -> int:
    """A port of five digits that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> Served:
    """The server on this port once its first page answers; raises RuntimeError when it ends or takes 30 s."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://localhost:{port}/", timeout=1):
                return Served(f"http://localhost:{port}", process.pid)
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"the server on port {port} is not ready")


def _family(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(one for children in lists for child in children.read_text().split() for one in _family(int(child)))]
