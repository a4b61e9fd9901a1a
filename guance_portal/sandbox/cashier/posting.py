"""How the cashier's notices reach the portal: over HTTP, as anybody's do."""

from __future__ import annotations

import httpx
import structlog

from guance_portal import routes
from guance_portal.ledger.chart import Kind
from guance_portal.sandbox.cashier.payments import PortalAnswer, SentNotice

log = structlog.get_logger(__name__)
_PATHS = {Kind.ALIPAY: routes.ALIPAY_NOTICES, Kind.WECHAT: routes.WECHAT_NOTICES}
_LONGEST = 80
_TIMEOUT = httpx.Timeout(20, connect=3)


class Post:
    """Sends a notice once; what does not arrive is asked for by the portal."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self.transport: httpx.AsyncBaseTransport | None = None
        """In whose place the network is when there is none."""

    async def __call__(self, way: Kind, sent: SentNotice) -> PortalAnswer:
        """Send it; what was answered."""
        # Never by a proxy: both ends are this machine.
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, transport=self.transport) as client:
            try:
                answer = await client.post(self._address + _PATHS[way], headers=sent.headers, content=sent.body)
            except httpx.HTTPError as problem:
                log.warning("sandbox_notice_lost", way=way, problem=type(problem).__name__)
                return PortalAnswer()
        return PortalAnswer(answer.status_code, answer.text[:_LONGEST])
