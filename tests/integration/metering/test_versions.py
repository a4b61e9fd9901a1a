"""The number that watchers compare."""

from __future__ import annotations

import httpx

from tests.integration.metering.conftest import Portal


async def test_a_version_grows_with_the_data_of_its_own_workspace_alone(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    mine, other = await portal.open(), await portal.open()
    ids = [mine.workspace_id, other.workspace_id, "wksp_gone"]
    assert await portal.services.usage.versions(ids) == dict.fromkeys(ids, 0)
    for _ in range(2):
        before = await portal.services.usage.versions(ids)
        await gateway.post("/v1/write/metric", params={"token": mine.token}, content="m f=1")
        after = await portal.services.usage.versions(ids)
        assert after[mine.workspace_id] > before[mine.workspace_id]
        assert after[other.workspace_id] == after["wksp_gone"] == 0
