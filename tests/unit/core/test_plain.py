"""What nobody sees: dropped from what is looked up, and named where it could be meant."""

from __future__ import annotations

import pytest

from guance_portal.accounts.codes import rules as codes
from guance_portal.accounts.identity import contact, usernames
from guance_portal.accounts.identity.second_factor import normal_code
from guance_portal.accounts.rules import email_key
from guance_portal.core import plain
from guance_portal.core.plain import HiddenCharacterError
from guance_portal.payers import uscc
from guance_portal.wallet import code_rules

HIDDEN = pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\ufeff", "\u202c", "\u2060", "\u00ad", "\u3164", "\u034f", "\u2800", "\u200d", "\x7f", "\ue000"],
)
JOINED = ["👨\u200d👩\u200d👧 家庭", "क्\u200dष", "می\u200cخواهم"]


@HIDDEN
def test_what_is_looked_up_or_compared_is_read_without_what_nobody_sees(unseen: str) -> None:
    assert contact.clean_phone(f"{unseen}138{unseen}0013 8000{unseen}", "CN", is_required=True) == "+8613800138000"
    assert contact.clean_email(f"{unseen}lin@yun{unseen}fan.example{unseen} ") == "lin@yunfan.example"
    assert email_key(f"Lin@yunfan.example{unseen}") == "lin@yunfan.example"
    assert codes.read(f"{unseen}123{unseen}-456") == "123456"
    assert normal_code(f"AB{unseen}CDE-{unseen}fghij") == "abcdefghij"
    assert uscc.clean(f"91350100M0001{unseen}00Y43{unseen}") == "91350100M000100Y43"
    assert usernames.key(f"{unseen}yunfan{unseen}") == "yunfan"
    assert code_rules.hashed(f"abcd{unseen}-EFGH") == code_rules.hashed("ABCDEFGH")
    assert plain.search(f" 云帆{unseen}  科技（杭州） ") == "云帆 科技（杭州）"


@HIDDEN
def test_in_a_name_it_is_refused_with_its_number_and_place(unseen: str) -> None:
    with pytest.raises(HiddenCharacterError) as refused:
        plain.require_visible(f"云帆{unseen}科技", field="name")
    assert refused.value.params == {"character": f"U+{ord(unseen):04X}", "place": 3}
    assert refused.value.field == "name"


@pytest.mark.parametrize("name", [*JOINED, "第一行\n第二行", "Café ☕️", "葛\U000e0100城"])
def test_a_joiner_or_a_variant_that_is_seen_is_part_of_a_name(name: str) -> None:
    assert plain.require_visible(name, field="name") == name == plain.without_hidden(name)
