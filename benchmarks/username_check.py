"""Milliseconds from a typed username to the word that it is free, on a bare socket, beside a bare counter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import quantiles

from benchmarks.figure import Figure, at_most_times_reference
from benchmarks.support import blank_app, portal_app
from guance_portal import routes
from guance_portal.state.sign_up.basic import SignUpBasicState
from tests.support.raw_socket import RawSocket

AIM = at_most_times_reference(2)
VISITORS = 20
CHECKS_EACH = 50
"""Below what one visitor may check in a minute."""
_CHECK = f"{SignUpBasicState.get_full_name()}.check_username"
_CHECKED = '"free_name_rx_state_"'


def measure() -> Iterator[Figure]:
    """Percentiles over a thousand checks of names that nobody has, by twenty visitors after each other."""
    with blank_app.serve() as blank, portal_app.serve(signed_in=0) as portal:
        checked, counted = asyncio.run(_alternately(portal.served.base, blank.base))
    for percent in (50, 95):
        yield Figure(
            figure=f"username_check.p{percent}",
            value=quantiles(checked, n=100, method="inclusive")[percent - 1],
            unit="ms",
            reference=quantiles(counted, n=100, method="inclusive")[percent - 1],
            reference_of=f"bare counter of the blank app, raw socket, p{percent} of {len(counted)}",
            aim=AIM,
        )


async def _alternately(portal: str, blank: str) -> tuple[list[float], list[float]]:
    checked, counted = list[float](), list[float]()
    async with RawSocket(blank) as counter:
        await counter.boot("/counter")
        for visitor in range(VISITORS):
            cookies = {"gc_visitor": f"visitor-{visitor}", "gc_draft": f"draft-{visitor}"}
            async with RawSocket(portal, cookies=cookies) as socket:
                await socket.boot(routes.REGISTER_BASIC)
                for number in range(CHECKS_EACH):
                    name = {"typed": f"free_{visitor}_{number}"}
                    checked.append(1000 * await socket.call_until(_CHECK, name, _CHECKED, path=routes.REGISTER_BASIC))
                    seen = blank_app.COUNTING_ANSWER
                    counted.append(1000 * await counter.call_until(blank_app.COUNTING_EVENT, {}, seen, path="/counter"))
    return checked, counted
