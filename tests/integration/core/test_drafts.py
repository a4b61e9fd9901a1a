"""The store of drafts: one for each owner, form and workspace, whatever the form."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import pytest

from guance_portal.core import drafts
from guance_portal.core.db import Database
from guance_portal.core.draft_tables import Draft
from guance_portal.core.drafts import DraftKind, Found
from guance_portal.core.forms import Asked, FieldKind, Form
from tests.support.clocks import MovableClock


class TripForm(Form):
    town: Annotated[str, Asked(label="x")] = ""
    note: Annotated[str, Asked(label="x", most=5)] = ""
    password: Annotated[str, Asked(label="x", kind=FieldKind.PASSWORD)] = ""


class TripFound(Found):
    proven: str = ""


def _older(version: int, typed: dict[str, Any]) -> dict[str, Any]:
    return {"town": typed.get("city", "")} if version == 1 else typed


TRIP = DraftKind(name="trip", form=TripForm, found=TripFound, life=timedelta(days=1))
LASTING = DraftKind(name="lasting", form=TripForm, found=TripFound, life=None)
NEWER = DraftKind(name="trip", form=TripForm, found=TripFound, life=timedelta(days=1), version=2, older=_older)
ME = drafts.of_browser("b1")


async def keep(database: Database, clock: MovableClock, kind: DraftKind[TripForm, TripFound], **typed: str) -> None:
    async with database.writing() as work:
        (await kind.take(work, ME, clock.now())).type(typed)
        await work.commit()


async def kept(
    database: Database, clock: MovableClock, kind: DraftKind[TripForm, TripFound], owner: str = ME, about: str = ""
) -> TripForm | None:
    async with database.reading() as work:
        draft = await kind.find(work, owner, clock.now(), about=about, lock=False)
    return draft.typed if draft else None


async def test_what_is_typed_is_kept_by_owner_form_and_workspace(database: Database, clock: MovableClock) -> None:
    await keep(database, clock, TRIP, town="杭州")
    assert await kept(database, clock, TRIP) == TripForm(town="杭州")
    assert await kept(database, clock, TRIP, owner="browser:b2") is None
    assert await kept(database, clock, TRIP, about="wksp_1") is None
    assert await kept(database, clock, LASTING) is None


async def test_a_field_keeps_its_value_until_it_is_typed_again(database: Database, clock: MovableClock) -> None:
    await keep(database, clock, TRIP, town="杭州")
    await keep(database, clock, TRIP, note="longer than five")
    assert await kept(database, clock, TRIP) == TripForm(town="杭州", note="longe")


@pytest.mark.parametrize("name", ["password", "nothing"])
async def test_a_secret_and_what_is_no_field_are_never_kept(database: Database, clock: MovableClock, name: str) -> None:
    with pytest.raises(ValueError, match="kept"):
        await keep(database, clock, TRIP, **{name: "secret"})
    assert await kept(database, clock, TRIP) is None


async def test_pages_that_begin_at_once_share_one_draft(database: Database, clock: MovableClock) -> None:
    await asyncio.gather(*(keep(database, clock, TRIP, **{name: "x"}) for name in ("town", "note", "town", "note")))
    assert await kept(database, clock, TRIP) == TripForm(town="x", note="x")


async def test_a_draft_ends_a_while_after_it_was_touched(database: Database, clock: MovableClock) -> None:
    await keep(database, clock, TRIP, town="杭州")
    await keep(database, clock, LASTING, town="宁波")
    clock.move(hours=23)
    await keep(database, clock, TRIP, note="x")
    clock.move(hours=23)
    assert await drafts.sweep(database, clock) == 0
    clock.move(hours=1)
    assert await kept(database, clock, TRIP) is None
    assert await drafts.sweep(database, clock) == 1
    assert await kept(database, clock, LASTING) == TripForm(town="宁波")


async def test_one_whose_time_is_over_makes_room_for_another(database: Database, clock: MovableClock) -> None:
    await keep(database, clock, TRIP, town="杭州")
    clock.move(days=1)
    await keep(database, clock, TRIP, note="x")
    assert await kept(database, clock, TRIP) == TripForm(note="x")


async def test_a_finished_draft_keeps_only_what_it_became(database: Database, clock: MovableClock) -> None:
    await keep(database, clock, TRIP, town="杭州")
    async with database.writing() as work:
        (await TRIP.take(work, ME, clock.now())).finish(clock.now(), proven="yes")
        await work.commit()
    async with database.reading() as work:
        done = await TRIP.last_finished(work, ME)
    assert done
    assert (done.row.typed, done.row.found) == ({}, {"proven": "yes"})
    assert await kept(database, clock, TRIP) is None
    await keep(database, clock, TRIP, note="x")
    assert await kept(database, clock, TRIP) == TripForm(note="x")


async def test_a_later_version_reads_what_an_earlier_one_has_kept(database: Database, clock: MovableClock) -> None:
    async with database.writing() as work:
        fields: dict[str, Any] = {"id": "drft_1", "owner": ME, "form": "trip", "typed": {"city": "杭州", "gone": 1}}
        work.session.add(Draft(**fields, created_at=clock.now(), expires_at=clock.now() + timedelta(days=1)))
        await work.commit()
    assert await kept(database, clock, NEWER) == TripForm(town="杭州")
    assert await kept(database, clock, TRIP) == TripForm()
    await keep(database, clock, NEWER, note="x")
    assert await kept(database, clock, NEWER) == TripForm(town="杭州", note="x")


async def test_drafts_are_found_by_a_fact_and_end_with_their_workspace(database: Database, clock: MovableClock) -> None:
    async with database.writing() as work:
        for about in ("wksp_1", "wksp_2"):
            draft = await TRIP.take(work, ME, clock.now(), about=about)
            draft.note(proven=about)
        await work.session.flush()
        assert [one.about for one in await TRIP.with_fact(work, "proven", "wksp_2")] == ["wksp_2"]
        await drafts.end_about(work, "wksp_1")
        assert [one.about for one in await TRIP.every(work, ME, clock.now())] == ["wksp_2"]
        await work.commit()
