"""The description of the usage API says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from guance_portal import routes
from guance_portal.accounts.keys.rules import MOST_KEYS, Scope
from guance_portal.api.bills import USUAL
from guance_portal.api.usage import BATCH, STRUCTURED
from guance_portal.billing.bills.feed import MOST_BILLS
from guance_portal.billing.bills.tables import BillKind, BillState
from guance_portal.billing.bills.view_queries import PAYING
from guance_portal.metering.events.rules import MOST_EVENTS, TYPE, Reason
from guance_portal.metering.events.service import Fate
from guance_portal.metering.items import Item
from tests.unit.metering.test_event_rules import GOOD

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "usage-api.md").read_text("utf-8")
DESCRIBED: dict[str, Any] = json.loads((DOCS / "usage-api.openapi.json").read_text("utf-8"))


def schema(name: str) -> dict[str, Any]:
    """A schema of the description, with what it refers to."""
    return {**DESCRIBED, "$ref": f"#/components/schemas/{name}"}


def test_every_reason_and_fate_is_described() -> None:
    event = DESCRIBED["components"]["schemas"]["Verdicts"]["properties"]["events"]["items"]["properties"]
    assert set(event["reason"]["enum"]) == set(Reason)
    assert set(event["status"]["enum"]) == set(Fate)
    assert [reason for reason in Reason if f"`{reason}`" not in PAGE] == []


def test_every_item_and_scope_is_named_in_the_document() -> None:
    assert [item for item in Item if f"`{item}`" not in PAGE] == []
    assert [scope for scope in Scope if f"`{scope}`" not in PAGE] == []
    assert TYPE in PAGE
    assert f"at most {MOST_KEYS} keys" in PAGE


def test_path_content_types_and_limit_are_those_of_the_code() -> None:
    post = DESCRIBED["paths"][routes.API_USAGE]["post"]["requestBody"]["content"]
    assert set(post) == {STRUCTURED, BATCH, "application/json"}
    assert post[BATCH]["schema"]["maxItems"] == MOST_EVENTS


def test_bills_are_described_with_every_kind_state_and_limit() -> None:
    asked = {one["name"]: one["schema"] for one in DESCRIBED["paths"][routes.API_BILLS]["get"]["parameters"]}
    assert (asked["limit"]["maximum"], asked["limit"]["default"]) == (MOST_BILLS, USUAL)
    assert f"A page has {USUAL} bills, or `limit` of them (1 to {MOST_BILLS})" in PAGE
    bill = DESCRIBED["components"]["schemas"]["Bill"]["properties"]
    assert (set(bill["kind"]["enum"]), set(bill["state"]["enum"])) == (set(BillKind), set(BillState))
    assert [kind for kind in PAYING if f"`{kind}`" not in PAGE] == []
    assert [name for name in bill if f"`{name}`" not in PAGE and name != "currency"] == []


def test_an_event_that_is_taken_fits_the_schema() -> None:
    jsonschema.validate(GOOD, schema("Event"))


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time", "data"])
def test_an_event_without_a_required_attribute_does_not(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({key: value for key, value in GOOD.items() if key != name}, schema("Event"))


def test_the_examples_are_there_to_be_run() -> None:
    assert {"sh", "python", "json"} <= set(re.findall(r"^```(\w+)$", PAGE, re.MULTILINE))
