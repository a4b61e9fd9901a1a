"""What `portal doctor` says of the listings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guance_portal.core.settings import Settings
from guance_portal.doctor import _aws, _marketplaces

WHOLE = {"product_code": "p", "listing_url": "https://market.example"}
SECRETS = {"spi_key": "needle", "access_key_id": "k", "access_key_secret": "needle"}
ALIYUN = {f"aliyun_{name}": value for name, value in {**WHOLE, **SECRETS}.items()}
INTL = {f"aliyun_intl_{name}": value for name, value in {**WHOLE, **SECRETS}.items()}
PUBLIC = {"sandbox": False, "public_url": "https://portal.example"}


@pytest.mark.parametrize(
    ("chosen", "well", "said"),
    [
        ({}, True, "played by the simulator"),
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


@pytest.mark.parametrize(
    ("environment", "queue", "lacks"),
    [
        ({}, "https://sqs.example/q", "AWS_ACCESS_KEY_ID"),
        ({"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}, "", "PORTAL_AWS_QUEUE_URL (or PORTAL_AWS_TOPICS)"),
    ],
)
def test_a_listing_of_aws_that_could_not_work_is_named_with_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], queue: str, lacks: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    aws = {f"aws_{name}": value for name, value in WHOLE.items()}
    settings = Settings.model_validate(
        {"data_dir": tmp_path, "secret_key": "k" * 40, **PUBLIC, **aws, "aws_queue_url": queue}
    )
    found = {finding.subject: finding for finding in _marketplaces(settings)}
    assert not found["aws-cn"].is_well
    assert lacks in found["aws-cn"].remedy
    assert found["aws-intl"].is_well, "nothing of it is set, so nothing was forgotten"


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"])
@pytest.mark.parametrize("value", [" ", "用户", "\udcff"])
def test_credentials_that_cannot_be_used_are_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "k")
    monkeypatch.setenv(name, value)
    aws = {f"aws_{name}": value for name, value in WHOLE.items()}
    settings = Settings.model_validate(
        {"data_dir": tmp_path, "secret_key": "k" * 40, **PUBLIC, **aws, "aws_queue_url": "https://127.0.0.1:1/1/q"}
    )
    [found] = [finding for finding in _aws(settings) if finding.subject == "aws-cn queue"]
    assert not found.is_well
    assert found.state.isidentifier()


def test_one_key_for_two_listings_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "secret_key": "k" * 40, **PUBLIC, **ALIYUN, **INTL})
    assert "PORTAL_ALIYUN_SPI_KEY" in {finding.subject for finding in _marketplaces(settings) if not finding.is_well}
