"""运营后台: the audit as sentences, narrowed and turned over by address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.forms import Asked, FieldKind, Form, blank
from guance_portal.core.messages import Text, catalogue, placeholders, text
from guance_portal.operations.audit_log import Entry, EntryPage
from guance_portal.operations.rules import AuditFilter
from guance_portal.state.addresses import LONGEST_ASKED, asked_day, asked_page
from guance_portal.state.audience import Exempt, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment


class AuditSearch(Form):
    """What is looked for; days are of UTC, both included."""

    subject: Annotated[str, Asked(label="operator.subject", most=LONGEST_ASKED)] = ""
    actor: Annotated[str, Asked(label="operator.actor", most=LONGEST_ASKED)] = ""
    act: Annotated[str, Asked(label="operator.act", kind=FieldKind.CHOICE, most=LONGEST_ASKED)] = ""
    since: Annotated[str, Asked(label="operator.since", kind=FieldKind.DATE, most=LONGEST_ASKED)] = ""
    until: Annotated[str, Asked(label="operator.until", kind=FieldKind.DATE, most=LONGEST_ASKED)] = ""


@dataclass(frozen=True, slots=True)
class ActOption:
    """One kind of act to choose from."""

    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry: a sentence, the reason that was given, and the raw record for anyone who wants it."""

    id: str
    at: Text
    sentence: Text
    reason: Text
    address: str
    raw: str


class OperatorAuditState(PageMixin, rx.State):
    """A page of the audit."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    serial: rx.Field[int] = rx.field(default=0)
    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(AuditSearch))
    acts: rx.Field[list[ActOption]] = rx.field(default_factory=list)
    rows: rx.Field[list[AuditRow]] = rx.field(default_factory=list)
    count: rx.Field[Text] = rx.field(default_factory=Text)
    place: rx.Field[Text] = rx.field(default_factory=Text)
    earlier: rx.Field[str] = rx.field(default="")
    later: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_audit(self) -> None:
        """Show what the address asks for."""
        self.typed = {name: self._asked(name) for name in AuditSearch.asked()}
        self.serial += 1
        found = await services().audit_log.read(self._actor(), _filter(self.typed), asked_page(self._asked("page")))
        self._show(found)

    @audience(Realm.OPERATOR, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: AuditSearch) -> rx.event.EventSpec:
        """查找: the address keeps it."""
        asked = {name: plain.search(value) for name, value in form.texts().items()}
        return rx.redirect(routes.operator_audit(page=1, **asked))

    def _show(self, found: EntryPage) -> None:
        self.rows = [_row(entry) for entry in found.entries]
        self.acts = [ActOption(act, act_name(act)) for act in found.acts]
        self.count = text("operator.entries_count", count=f"{found.total:,}")
        self.place = text("operator.page", page=found.page, pages=found.pages)
        self.earlier = routes.operator_audit(page=found.page - 1, **self.typed) if found.page > 1 else ""
        self.later = routes.operator_audit(page=found.page + 1, **self.typed) if found.page < found.pages else ""
        self.is_loaded = True


def act_name(act: str) -> Text:
    """What an act is called in a list; one without words goes by its code."""
    key = f"audit.name.{act}"
    return text(key) if key in catalogue() else Text(zh=act, en=act)


def sentence(entry: Entry) -> Text:
    """Who did what to whom, in words; one without words names the act by its code."""
    key = f"audit.sentence.{entry.act}"
    key = key if key in catalogue() else "audit.sentence.other"
    return _filled(key, {**_spoken(entry), "act": entry.act, "who": _who(entry), "what": _what(entry)})


def reason(entry: Entry) -> Text:
    """Why: as an operator gave it, or in words where the portal noted a name for it."""
    given = str(entry.details.get("reason", ""))
    if entry.act.startswith(("settlement_change.", "workspace.")):
        for key in (f"audit.reason.{given}", f"settlement.reason.{given}"):
            if key in catalogue():
                return _filled(key, _spoken(entry))
    return Text(zh=given, en=given)


def _filled(key: str, known: Mapping[str, object]) -> Text:
    """The words with what is known; details that an older version did not write are a dash."""
    unknown = dict.fromkeys(placeholders(catalogue()[key].zh) | placeholders(catalogue()[key].en), "—")
    return text(key, **{**unknown, **known})


def _spoken(entry: Entry) -> dict[str, Text]:
    """The details as words: people by name, roles, methods and yes or no in both languages."""
    return {name: _value(name, str(value), entry.names) for name, value in entry.details.items()}


def _value(name: str, value: str, names: Mapping[str, str]) -> Text:
    kind = {
        "method": "settlement_method",
        "role": "role",
        "before": "role",
        "after": "role",
        "kind": "approval.kind",
        "step": "debt.step",
        "cause": "cloud_record.reason",
        "shown": "cloud_record.shown",
    }.get(name, "audit.value")
    key = f"{kind}.{value}"
    said = names.get(value, value)
    return text(key) if key in catalogue() else Text(zh=said, en=said)


def _who(entry: Entry) -> Text:
    if not entry.actor_id:
        return text("audit.nobody")
    realm = text(f"audit.realm.{entry.actor_realm}")
    name = entry.actor_name or entry.actor_id
    return Text(zh=f"{realm.zh} {name}", en=f"{realm.en} {name}")


def _what(entry: Entry) -> Text:
    name = entry.subject_name or entry.subject_id
    key = f"audit.subject.{entry.subject_type}"
    kind = text(key) if key in catalogue() else Text(zh=entry.subject_type, en=entry.subject_type)
    if not name:  # a password was to be reset under a login that nobody has
        return text("audit.no_such", kind=kind)
    return Text(zh=f"{kind.zh}「{name}」", en=f"{kind.en} “{name}”")


def _row(entry: Entry) -> AuditRow:
    raw = {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "act": entry.act,
        "actor": {"realm": entry.actor_realm, "id": entry.actor_id, "session": entry.actor_session},
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "details": dict(entry.details),
        "address": entry.address,
    }
    return AuditRow(
        id=entry.id,
        at=moment(entry.at, ""),
        sentence=sentence(entry),
        reason=reason(entry),
        address=entry.address,
        raw=json.dumps(raw, ensure_ascii=False, indent=2),
    )


def _filter(asked: dict[str, str]) -> AuditFilter:
    since, until = asked_day(asked["since"]), asked_day(asked["until"])
    return AuditFilter(
        subject=asked["subject"],
        actor=asked["actor"],
        act=asked["act"],
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
