"""What `portal doctor` says of the listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from guance_portal.core.settings import Settings
from guance_portal.doctor import _marketplaces

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = {"product_code": "p", "listing_url": "https://market.example"}
ALIYUN = {f"aliyun_{name}": value for name, value in {**WHOLE, "spi_key": "needle"}.items()}
INTL = {f"aliyun_intl_{name}": value for name, value in {**WHOLE, "spi_key": "needle"}.items()}
PUBLIC = {"sandbox": False, "public_url": "https://portal.example"}


@pytest.mark.parametrize(
    ("chosen", "well", "said"),
    [
        ({}, True, "played by the stand-in"),
        ({"aliyun_listing_url": "https://market.example"}, True, "set up"),
        ({**PUBLIC, **ALIYUN}, True, "set up"),
        (PUBLIC, True, "not offered: PORTAL_ALIYUN_SPI_KEY"),
        ({**PUBLIC, "aliyun_spi_key": "needle"}, False, "set up by half"),
        ({**ALIYUN, "sandbox": False}, False, "not reached by https"),
    ],
)
def test_every_listing_is_looked_at(tmp_path: Path, chosen: dict[str, Any], well: bool, said: str) -> None:  # noqa: FBT001
    settings = Settings.model_validate({"data_dir": tmp_path, "secret_key": "k" * 40, **chosen})
    found = {finding.subject: finding for finding in _marketplaces(settings)}
    assert {"aliyun-cn", "aliyun-intl", "aws-cn", "aws-intl"} <= set(found)
    assert found["aliyun-cn"].is_well is well
    assert said in found["aliyun-cn"].state
    assert "needle" not in "".join(map(str, found.values()))


def test_one_key_for_two_listings_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "secret_key": "k" * 40, **PUBLIC, **ALIYUN, **INTL})
    assert "PORTAL_ALIYUN_SPI_KEY" in {finding.subject for finding in _marketplaces(settings) if not finding.is_well}
