"""A gateway of a provider on a port of this machine, which answers what a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Gateway:
    """What it answers to every request, and which came."""

    address: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    asked: list[str] = field(default_factory=list[str])


@contextmanager
def gateway() -> Generator[Gateway]:
    """One that is there."""
    ours = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            ours.asked.append(self.path)
            self.send_response(ours.status)
            for name, value in ours.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(ours.body)))
            self.end_headers()
            self.wfile.write(ours.body)

        do_POST = do_GET  # noqa: N815 - the name of the library's

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the library's
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    ours.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield ours
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
