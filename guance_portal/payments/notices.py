"""A notice as it arrives, before anything of it is believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guance_portal.ledger.chart import Kind

_LONGEST_HEADER = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedNotice:
    """What came over HTTP; `headers` are those alone that the provider signs by, in lower case."""

    way: Kind
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    address: str = ""

    @property
    def digest(self) -> str:
        """What tells it from every other notice."""
        said = json.dumps([self.way, sorted(self.headers.items())]).encode()
        return hashlib.sha256(said + b"\n" + self.body).hexdigest()

    @property
    def text(self) -> str:
        """The body as text that both databases can hold."""
        return self.body.decode(errors="backslashreplace").replace("\0", "\\0")


def signing_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers by which providers sign, of a length that is kept."""
    lower = {name.lower(): value for name, value in headers.items()}
    return {name: value[:_LONGEST_HEADER] for name, value in lower.items() if name.startswith("wechatpay-")}
