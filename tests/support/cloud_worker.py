"""A process that sends records: `python -m tests.support.cloud_worker URL PORT FOLDER NOW`, NOW being business time."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from guance_portal import bootstrap
from guance_portal.core.settings import Settings
from tests.support.clocks import MovableClock


async def main(url: str, port: int, folder: Path, now: datetime) -> None:
    """Send all that is due. Its clock stands still as that of the tests does."""
    told = {"data_dir": folder, "database_url": url, "secret_key": "k" * 40, "PORT": port}
    services = bootstrap.build(Settings.model_validate(told), clock=MovableClock())
    services.business_clock.show(now)
    await services.cloud_records.send_due()
    await services.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), datetime.fromisoformat(sys.argv[4])))
