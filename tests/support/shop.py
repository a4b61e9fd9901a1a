"""A customer's web page on an origin of its own, which sends visits and logs as the browser SDK does."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page

# A request that must not be preflighted: no header of its own, and a type that any form may send.
_PAGE = b"""<!doctype html><meta charset="utf-8"><title>shop</title><script>
const TYPE = "text/plain;charset=UTF-8";
async function post(url, lines) {
  const answer = await fetch(url, {
    method: "POST", body: lines, keepalive: lines.length < 16384, mode: "cors", headers: { "Content-Type": TYPE },
  });
  return {
    status: answer.status, type: answer.type, retry: answer.headers.get("retry-after"),
    id: answer.headers.get("x-request-id"), body: await answer.text(),
  };
}
async function postDeflated(url, lines) {
  const packed = new Blob([lines]).stream().pipeThrough(new CompressionStream("deflate"));
  return post(url + "&encoding=deflate", new Uint8Array(await new Response(packed).arrayBuffer()));
}
function beacon(url, lines) { return navigator.sendBeacon(url, new Blob([lines], { type: TYPE })); }
async function postWithHeaders(url, lines) {
  const headers = { "Content-Type": TYPE, "X-Pkg-Id": "shop-1", "X-Anything": "1" };
  return (await fetch(url, { method: "POST", body: lines, headers })).status;
}
</script>"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The page, at every address."""
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@contextmanager
def served_shop() -> Generator[str]:
    """The address of the shop while it is open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class Shop:
    """The page in a browser, and the gateway it sends to with a workspace's token."""

    page: Page
    gateway: str
    token: str

    def address(self, category: str) -> str:
        """Where the SDK sends a category, with `site` and `clientToken` set."""
        return f"{self.gateway}/v1/write/{category}?token={self.token}&to_headless=true&precision=ms"

    def post(self, category: str, lines: str, how: str = "post") -> dict[str, Any]:
        """Send lines by fetch, and give what the page read of the answer."""
        return self.page.evaluate(f"([url, lines]) => {how}(url, lines)", [self.address(category), lines])

    def beacon(self, category: str, lines: str) -> bool:
        """Send lines as a page does that is being closed; whether the browser took them."""
        return self.page.evaluate("([url, lines]) => beacon(url, lines)", [self.address(category), lines])

    def post_with_headers(self, category: str, lines: str) -> int:
        """Send lines with headers of one's own, for which the browser asks first."""
        return self.page.evaluate("([url, lines]) => postWithHeaders(url, lines)", [self.address(category), lines])
