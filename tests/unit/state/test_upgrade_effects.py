"""What 套餐升级 says before the act is about this workspace: its data, its quotas, its people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.metering.days import start_of
from guance_portal.metering.items import METERED, Item, free_quotas
from guance_portal.metering.rules import percent
from guance_portal.metering.service import ItemUse, MeteredToday
from guance_portal.onboarding.upgrade.forms import PayerForm
from guance_portal.onboarding.upgrade.view import TypedPayer, UpgradeOffer, UpgradeView
from guance_portal.state.upgrade.effects import effects

TYPED = TypedPayer(form=PayerForm(), resend_after=0, is_email_proven=False)


def said(
    *,
    collected: dict[Item, int] | None = None,
    used: dict[Item, int] | None = None,
    others: int = 0,
    site: str = "cn1",
    day: date = date(2026, 11, 2),
) -> str:
    """Every line, in Chinese."""
    offer = UpgradeOffer(
        payer="", is_own=False, typed=TYPED, needed=(), collected=collected or {}, other_members=others
    )
    view = UpgradeView(
        workspace_id="wksp_1",
        workspace_name="云帆",
        site=sites.get(site),
        edition=Edition.FREE,
        opened_at=datetime(2026, 1, 1, tzinfo=UTC),
        owner_name="林知夏",
        is_owner=True,
        is_upgraded=False,
        version=0,
        offer=offer,
    )
    quotas = free_quotas(site)
    uses = tuple(
        ItemUse(
            item=item,
            used=(used or {}).get(item, 0),
            quota=quotas[item].limit,
            percent=percent((used or {}).get(item, 0), quotas[item].limit),
            is_exhausted=bool(quotas[item].limit) and (used or {}).get(item, 0) >= (quotas[item].limit or 0),
        )
        for item in METERED
    )
    zone = sites.get(site).zone
    begins, ends = start_of(day, zone), start_of(day + timedelta(days=1), zone)
    rows = effects(view, offer, MeteredToday(day=day, edition=Edition.FREE, items=uses, at=begins, ends_at=ends))
    return "\n".join(f"{row.title.zh} {row.detail.zh}" for row in rows)


def test_there_is_no_way_back() -> None:
    assert "「云帆」将成为商业版，不能退回体验版" in said()


def test_data_that_can_no_longer_be_seen_is_named_with_its_amount() -> None:
    words = said(collected={Item.LOGS: 41_104, Item.TIME_SERIES: 90, Item.DATAKIT: 11})
    assert "日志类数据 41,104" in words
    assert "DataKit 11" not in words


def test_data_that_does_not_add_up_is_only_said_to_be_there() -> None:
    assert "该工作空间已收到数据" in said(collected={Item.DATAKIT: 3})


def test_without_data_nothing_is_lost() -> None:
    assert "没有会失去的数据" in said(collected={Item.LOGS: 0})


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ({}, "今天还没有使用额度"),
        ({Item.PAGE_VIEWS: 100, Item.TRACES: 10}, "今天用得最多的是 用户访问 PV 100 / 2,000（5%）"),
        ({Item.PAGE_VIEWS: 1_860}, "今天已接近额度：用户访问 PV 1,860 / 2,000（93%）"),
        ({Item.PAGE_VIEWS: 2_000}, "今天的 用户访问 PV 额度已用尽，升级后立即恢复接收"),
    ],
)
def test_quotas_are_told_by_what_was_used_today(used: dict[Item, int], words: str) -> None:
    assert words in said(used=used)


def test_members_keep_their_roles_where_there_are_others() -> None:
    assert "其他 3 位成员保留原有角色" in said(others=3)
    assert "成员" not in said()


def test_the_first_billing_day_ends_at_midnight_of_the_site() -> None:
    assert "UTC+8" in said()
    assert "UTC−8" in said(site="us1")
    assert "UTC−7" in said(site="us1", day=date(2026, 7, 1))
