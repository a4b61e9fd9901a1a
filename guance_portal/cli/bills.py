"""The commands `portal bill`: close days, say how far they are closed, and check a bill from its proof file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typer

from guance_portal.bootstrap import Services
from guance_portal.cli.running import give_up, with_services

bill_app = typer.Typer(no_args_is_help=True, help="Bills: the daily close, and checking a bill.")


@bill_app.callback()
def bill() -> None:
    """Bills: the daily close, and checking a bill."""


@bill_app.command("close")
def close_days(
    date_: str = typer.Option(
        "", "--date", help="Close no day after this one (2026-07-17); all that have ended otherwise."
    ),
) -> None:
    """Close every day that has ended and is not closed; any number of processes may do so at once."""
    last = _day(date_) if date_ else None

    async def close(services: Services) -> str:
        await services.business_time.refresh()
        until = services.daily_close.end_of(last) if last else None
        done = await services.daily_close.close_due(until)
        state = await services.close_status.status()
        return f"{done.units} units closed, {done.bills} bills made.\n{state}"

    print(with_services(close))


@bill_app.command("status")
def show_status() -> None:
    """Say up to when days are closed, which payers are held back and why, and how many bills wait; 1 when any does."""

    async def show(services: Services) -> str:
        await services.business_time.refresh()
        state = await services.close_status.status()
        print(state)
        if state.holds or state.waiting:
            raise SystemExit(1)
        return ""

    with_services(show)


@bill_app.command("verify")
def verify_bill(file: Path) -> None:
    """Compute a bill again from its proof file, and say whether it is equal; 1 where it is not. Needs no database."""
    from guance_portal.billing.bills.recompute import UnreadableProofError, recompute

    try:
        outcome = recompute(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, AttributeError, UnreadableProofError):
        give_up(f"{file} is no proof of a bill", 2)
    print(outcome)
    print("equal" if outcome.is_equal else "DIFFERENT")
    if not outcome.is_equal:
        raise SystemExit(1)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        give_up("the date must look like 2026-07-17", 2)
