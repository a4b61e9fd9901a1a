"""A DataKit that never reads its first answer: posts the body of a file, cuts the connection, and sends it again.

`python lost_answer.py HOST PORT PATH FILE`; prints the status and body of the second answer.
"""

from __future__ import annotations

import http.client
import select
import socket
import struct
import sys
from pathlib import Path

_HEADERS = {
    "User-Agent": "datakit-linux-amd64/1.84.1/web-1",
    "Referer": "DataKit",
    "Content-Type": "application/protobuf; proto=com.guance.Point",
    "Content-Encoding": "gzip",
}
_ABORT = struct.pack("ii", 1, 0)


def main(host: str, port: int, path: str, body: bytes) -> None:
    """Send twice; the first answer has come when the connection is cut, and is not read."""
    first = http.client.HTTPConnection(host, port, timeout=30)
    first.request("POST", path, body, _HEADERS | {"X-Pkg-Id": "dk_first"})
    select.select([first.sock], [], [], 30)
    first.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
    first.close()
    second = http.client.HTTPConnection(host, port, timeout=30)
    second.request("POST", path, body, _HEADERS | {"X-Pkg-Id": "dk_second", "X-Fail-Cache-Retry": "1"})
    answer = second.getresponse()
    print(answer.status, answer.read().decode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]).read_bytes())
