"""The dialog of settlement methods, made ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field

from guance_portal.core.datetime_formatting import offset
from guance_portal.core.messages import Text, text
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.choices import Asker, ChangeKind, OptionKind
from guance_portal.settlement.overview import Overview, PendingChange, ShownOption
from guance_portal.settlement.reasons import Explanation, explained
from guance_portal.settlement.rules import RefusalReason


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One option. `is_here`: the provider of this site."""

    value: str
    mark: str
    title: Text
    account: Text
    detail: Text
    is_choosable: bool
    is_here: bool
    reasons: list[Explanation] = field(default_factory=list[Explanation])


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line of what a change would mean."""

    name: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of the workspace as a whole; the pending ones are empty while no change waits.

    `is_default`: nobody has chosen a method yet, so that 观测云企业账号 pays.
    """

    workspace: str = ""
    site: Text = field(default_factory=Text)
    mark: str = "guance"
    method: Text = field(default_factory=Text)
    account: Text = field(default_factory=Text)
    since: str = ""
    next_change: Text = field(default_factory=Text)
    rule: Text = field(default_factory=Text)
    has_arbitrary_choice: bool = False
    may_change: bool = False
    is_default: bool = False
    is_recommending: bool = False
    pending_id: str = ""
    pending: Text = field(default_factory=Text)
    pending_day: str = ""
    may_withdraw: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """The dialog's rows in their groups."""

    shown: Shown
    current: list[MethodRow]
    enterprise: list[MethodRow]
    accounts: list[MethodRow]
    providers: list[MethodRow]


def shown(overview: Overview) -> View:
    """Everything the dialog and the pages say."""
    rows = [(option.verdict, _row(overview, option)) for option in overview.options]
    rest = [(verdict, row) for verdict, row in rows if RefusalReason.CURRENT not in verdict.reasons]

    def of(kind: OptionKind) -> list[MethodRow]:
        return [row for verdict, row in rest if verdict.choice.kind is kind]

    return View(
        shown=_whole(overview),
        current=[row for verdict, row in rows if RefusalReason.CURRENT in verdict.reasons],
        enterprise=of(OptionKind.ENTERPRISE),
        accounts=of(OptionKind.ACCOUNT),
        providers=of(OptionKind.PROVIDER),
    )


def preview_rows(overview: Overview, choice: str) -> list[PreviewRow]:
    """What changing to this would mean, before it is ordered; nothing while nothing is chosen."""
    option = _option(overview, choice)
    if option is None:
        return []
    will_be = overview.preview
    unlocks = [PreviewRow(text("debt.unlocks_row"), text("debt.unlocks_at_once"))]
    return [
        *(unlocks if overview.kind is ChangeKind.UNLOCK else []),
        PreviewRow(
            text("settlement.preview_effective"),
            text("settlement.preview_day", day=will_be.effective_day, zone=_zone(overview)),
        ),
        PreviewRow(text("settlement.preview_open", day=will_be.open_day), named(overview.method, overview.account)),
        PreviewRow(text("settlement.preview_after"), _after(overview, option)),
        PreviewRow(
            text("settlement.preview_back"),
            text(f"settlement.preview_back_{overview.kind}", day=will_be.back_from, effective=will_be.effective_day),
        ),
    ]


def effective_line(overview: Overview, choice: str) -> Text:
    """The same in one line, which is always in sight; empty while nothing is chosen."""
    option = _option(overview, choice)
    if option is None:
        return Text()
    return text("settlement.preview_short", day=overview.preview.effective_day, method=_after(overview, option))


def confirm_text(overview: Overview, choice: str) -> Text:
    """What the button says: it names the act."""
    option = _option(overview, choice)
    if option is None:
        return text("settlement.confirm")
    name = text(f"settlement_method.{option.method}")
    return text(f"settlement.confirm_{option.verdict.choice.kind}", method=name)


def _whole(overview: Overview) -> Shown:
    pending = overview.pending
    return Shown(
        workspace=overview.workspace_name,
        site=overview.site.name,
        mark=overview.method.mark,
        method=text(f"settlement_method.{overview.method}"),
        account=text(f"settlement.account.{overview.method}", account=overview.account),
        since=overview.since.isoformat(),
        next_change=_next_change(overview),
        rule=_rule(overview),
        has_arbitrary_choice=overview.has_arbitrary_choice,
        may_change=overview.asker is not Asker.OTHER,
        is_default=overview.kind is ChangeKind.FIRST and overview.method == SettlementMethod.ENTERPRISE,
        is_recommending=any(option.verdict.is_recommended for option in overview.options),
        pending_id=pending.id if pending else "",
        pending=_pending(pending) if pending else Text(),
        may_withdraw=not pending or not pending.is_payer or overview.asker is Asker.OWNER,
        pending_day=pending.effective_day.isoformat() if pending else "",
    )


def _pending(change: PendingChange) -> Text:
    """What a waiting change is to; the account that is left is not told which one takes over."""
    return named(change.method, change.account) if change.account else text("payer_change.elsewhere")


def _next_change(overview: Overview) -> Text:
    """The day on which a change can be ordered next; where it can be today, it says so instead of a day."""
    if overview.may_change_today:
        return text("settlement.now_possible")
    day = overview.next_change.isoformat()
    return Text(zh=day, en=day)


def _rule(overview: Overview) -> Text:
    """The month rule as it stands for this workspace."""
    if overview.pending is not None:
        return text("settlement.rule_pending", day=overview.next_change)
    if not overview.may_change_today:
        return text("settlement.rule_used", day=overview.next_change)
    return text("settlement.rule_first" if overview.kind is ChangeKind.FIRST else "settlement.rule")


def _row(overview: Overview, option: ShownOption) -> MethodRow:
    verdict = option.verdict
    is_account = verdict.choice.kind is OptionKind.ACCOUNT
    if is_account and option.registered_at:
        registered = option.registered_at.astimezone(overview.site.zone).date()
        detail = text("settlement.registered", workspaces=option.workspaces, day=registered)
    elif verdict.choice.kind is OptionKind.PROVIDER:
        detail = text(f"settlement.subscribe.{option.method}")
    else:
        detail = text("settlement.enterprise_detail")
    account = text(f"settlement.account.{option.method}", account=option.account) if option.account else Text()
    return MethodRow(
        value=str(verdict.choice),
        mark=option.method.mark,
        title=_title(overview, option),
        account=account,
        detail=detail,
        is_choosable=verdict.is_choosable,
        is_here=verdict.choice.kind is OptionKind.PROVIDER and verdict.provider is overview.site.provider,
        reasons=[_explained(overview, option, reason) for reason in verdict.reasons],
    )


def _title(overview: Overview, option: ShownOption) -> Text:
    """What an option is called: a subscription that would be a second account of its cloud says that it is a new one."""
    method = text(f"settlement_method.{option.method}")
    is_second = option.verdict.choice.kind is OptionKind.PROVIDER and any(
        other.method == option.method and other.verdict.choice.kind is OptionKind.ACCOUNT for other in overview.options
    )
    return text("settlement.new_account", method=method) if is_second else method


def _after(overview: Overview, option: ShownOption) -> Text:
    return named(option.method, option.account) if option.account else _title(overview, option)


def reasons_against(overview: Overview, choice: str) -> list[Explanation]:
    """Why an option cannot be chosen, and what would change that; empty for one that can."""
    option = _option(overview, choice)
    return [_explained(overview, option, reason) for reason in option.verdict.reasons] if option else []


def _explained(overview: Overview, option: ShownOption, reason: RefusalReason) -> Explanation:
    pending_day = overview.pending.effective_day if overview.pending else None
    return explained(reason, option.method, overview.site, pending_day=pending_day, next_change=overview.next_change)


def _option(overview: Overview, choice: str) -> ShownOption | None:
    return next((option for option in overview.options if str(option.verdict.choice) == choice), None)


def named(method: SettlementMethod, account: str) -> Text:
    """A method with the account that is charged."""
    name = text(f"settlement_method.{method}")
    return Text(zh=f"{name.zh} {account}".strip(), en=f"{name.en} {account}".strip())


def _zone(overview: Overview) -> str:
    """The site's zone by its offset on the day the change takes effect, as every moment is named."""
    return offset(overview.preview.effective_at.astimezone(overview.site.zone))
