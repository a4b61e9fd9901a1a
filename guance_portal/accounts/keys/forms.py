"""What is asked for a new key."""

from __future__ import annotations

from typing import Annotated

from guance_portal.accounts.keys import rules
from guance_portal.core.forms import Asked, FieldKind, Form


class KeyForm(Form):
    """A name that says what the key is for, and what it may do."""

    name: Annotated[str, Asked(label="keys.name", check=rules.key_name, help="keys.name_help")] = ""
    writes_usage: Annotated[bool, Asked(label="keys.scope.usage_write", kind=FieldKind.SWITCH)] = False
    reads_usage: Annotated[bool, Asked(label="keys.scope.usage_read", kind=FieldKind.SWITCH)] = False
    reads_bills: Annotated[bool, Asked(label="keys.scope.bills_read", kind=FieldKind.SWITCH)] = False
