"""The command `portal`: what an operator does on the machine itself."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
import typer

from guance_portal import routes, sites
from guance_portal.bootstrap import Services
from guance_portal.build.publish import ROOT, BuildError
from guance_portal.cli.bills import bill_app
from guance_portal.cli.running import chosen_settings, give_up, with_services
from guance_portal.core.business_time import BusinessTime
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import text
from guance_portal.core.settings import read_settings
from guance_portal.mail.dead_letters import DeadLetter

# A command imports what it needs itself: a bad setting is named at once, not after all of the portal was loaded.
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The portal: serve it, look after it.",
)
operator_app = typer.Typer(no_args_is_help=True, help="The operators who run the portal.")
app.add_typer(operator_app, name="operator")
mail_app = typer.Typer(no_args_is_help=True, help="Emails that were given up.")
app.add_typer(mail_app, name="mail")
ledger_app = typer.Typer(no_args_is_help=True, help="The books of all who pay.")
app.add_typer(ledger_app, name="ledger")
clock_app = typer.Typer(no_args_is_help=True, help="Business time: billing days, months, countdowns. Sandbox only.")
app.add_typer(clock_app, name="clock")
app.add_typer(bill_app, name="bill")
_SITE = typer.Option(sites.all_sites()[0].code, help="Whose time zone a moment is read and shown in.")


@app.callback()
def begin() -> None:
    """The portal: serve it, look after it. Relative paths in settings start at the project folder."""
    if not all(argument.isprintable() for argument in sys.argv[1:]):
        give_up("an argument holds line breaks, control characters or broken text", 2)
    os.chdir(ROOT)


@app.command("serve")
def serve_command() -> None:
    """Run the portal in the foreground (PORT, PORTAL_HOST, PORTAL_WORKERS and the other settings)."""
    settings = chosen_settings()

    from guance_portal.core.db import UnusableDatabaseError
    from guance_portal.serve import StartError, serve

    try:
        serve(settings)
    except (BuildError, StartError) as problem:
        give_up(problem, 1)
    except UnusableDatabaseError as problem:
        give_up(f"the database {problem}", 1)


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database to the state this version needs (serve does it by itself)."""
    settings = chosen_settings()

    from guance_portal.core.db import UnusableDatabaseError
    from guance_portal.serve import migrate_database

    try:
        migrate_database(settings)
    except UnusableDatabaseError as problem:
        give_up(f"the database {problem}", 1)
    print("The database is up to date.")


@app.command("build")
def build_command() -> None:
    """Build the pages for these sources, if that has not been done (serve does it by itself)."""
    from guance_portal.build.publish import ensure_built

    try:
        print(ensure_built())
    except BuildError as problem:
        give_up(problem, 1)


@app.command("demo")
def demo_command(
    days: int = typer.Option(30, min=0, max=90, help="How many days the company has lived."),
    code: bool = typer.Option(False, "--code", help="Only print the present code of the demo's operator."),  # noqa: FBT001 - an option
    prepare: bool = typer.Option(False, "--prepare", help="Only prepare the data; serve nothing."),  # noqa: FBT001 - an option
) -> None:
    """Run the portal with a lived-in company, made by running its days (sandbox alone); says who may sign in."""
    settings = chosen_settings()
    if not settings.is_sandbox:
        give_up("the demo plays in the sandbox alone (PORTAL_SANDBOX)", 1)

    from guance_portal.demo import run

    if code:
        print(run.code(settings))
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        book = asyncio.run(run.prepare(settings, days, on_day=_say_day))
    except run.ForeignDataError as problem:
        give_up(problem, 1)
    print(run.describe(book, settings.effective_public_url), flush=True)
    if not prepare:
        serve_command()


def _say_day(day: date) -> None:
    """Say how far the demo has come: on one line of a terminal, else on a line for each day."""
    is_terminal = sys.stderr.isatty()
    print(f"The company lives {day} ...", end="\r" if is_terminal else "\n", file=sys.stderr, flush=True)


@app.command("doctor")
def doctor_command() -> None:
    """Look at every setting, the database, Redis, mail and the build, and say what to do."""
    from guance_portal import doctor

    raise SystemExit(doctor.main())


@operator_app.command("add")
def add_operator(email: str, name: str) -> None:
    """Make an operator and print the initial password, once; the first sign-in sets up the second factor."""
    if not name.strip():
        give_up("an operator needs a name", 2)
    password = with_services(lambda services: services.operators.add(email, name))
    print(f"Operator {email} may sign in at {read_settings().effective_public_url}{routes.OPERATOR_LOGIN}")
    _show_initial(password)


@operator_app.command("reset")
def reset_operator(email: str) -> None:
    """Forget an operator's password, authenticator and recovery codes; print a new initial password, once."""
    password = with_services(lambda services: services.operators.reset(email))
    _show_initial(password)


@mail_app.command("dead")
def list_dead_letters() -> None:
    """List the emails that were given up: id, when, what, to whom, and what the mail server said."""

    async def read(services: Services) -> str:
        found = await services.dead_letters.list()
        return "\n".join(_dead_line(email) for email in found) or "No email was given up."

    print(with_services(read))


@mail_app.command("resend")
def resend_email(email_id: str) -> None:
    """Try an email that was given up again, from the beginning; the running portal sends it."""

    async def resend(services: Services) -> str:
        await services.dead_letters.resend(email_id)
        return "The email is sent again."

    print(with_services(resend))


@ledger_app.callback()
def ledger() -> None:
    """The books of all who pay."""


@ledger_app.command("check")
def check_ledger() -> None:
    """Ask every rule of the books, and stop those in which one does not hold; 1 when there are such."""

    async def check(services: Services) -> str:
        outcomes = await services.ledger_check.check()
        print("\n".join(str(outcome) for outcome in outcomes))
        if any(outcome.breaches for outcome in outcomes):
            raise SystemExit(1)
        return "The books are right."

    print(with_services(check))


@clock_app.command("show")
def show_clock(site: str = _SITE) -> None:
    """Say what business time it is."""
    _move_clock(site, lambda time: time.refresh())


@clock_app.command("set")
def set_clock(moment: str, site: str = _SITE) -> None:
    """Let business time show a moment (2026-12-01T08:00, of the site unless it names an offset) and go on."""
    try:
        chosen = datetime.fromisoformat(moment)
    except ValueError:
        give_up("the moment must look like 2026-12-01T08:00 or 2026-12-01T08:00+08:00", 2)
    if chosen.tzinfo is None:
        chosen = chosen.replace(tzinfo=_zone(site))
    try:
        chosen = chosen.astimezone(UTC)
    except OverflowError:
        give_up("the moment is beyond the calendar", 2)
    _move_clock(site, lambda time: time.move_to(chosen))


@clock_app.command("advance")
def advance_clock(days: float = 0, hours: float = 0, site: str = _SITE) -> None:
    """Let business time jump by so many days and hours; backwards when they are negative."""
    try:
        step = timedelta(days=days, hours=hours)
    except (ValueError, OverflowError):
        give_up("days and hours must be numbers within some years", 2)
    _move_clock(site, lambda time: time.move_by(step))


@clock_app.command("reset")
def reset_clock(site: str = _SITE) -> None:
    """Let business time be the machine's again."""
    _move_clock(site, lambda time: time.reset())


def _dead_line(email: DeadLetter) -> str:
    note = "" if email.can_be_sent else " (its link or code is gone: cannot be sent again)"
    return f"{email.id} {email.created_at:%Y-%m-%d %H:%M} {email.template} {email.recipient}: {email.reason}{note}"


def _show_initial(password: str) -> None:
    from guance_portal.accounts.rules import INITIAL_PASSWORD_LIFE

    print(f"Initial password, shown this once and good for {INITIAL_PASSWORD_LIFE.days} days: {password}")


def _move_clock(site: str, act: Callable[[BusinessTime], Coroutine[None, None, object]]) -> None:
    from guance_portal.core.business_time import PERIOD

    zone = _zone(site)

    async def move(services: Services) -> str:
        time = services.business_time
        if not time.is_sandbox:
            give_up("business time is moved in the sandbox alone (PORTAL_SANDBOX)", 1)
        await time.refresh()
        before = services.business_clock.ahead
        await act(time)
        if services.business_clock.ahead != before:
            await asyncio.sleep(2 * PERIOD)  # when this command is over, every process knows
        shown = services.business_clock.now().astimezone(zone)
        return f"{shown:%Y-%m-%d %H:%M:%S %z} at {site}" + (", moved" if services.business_clock.is_moved else "")

    print(f"Business time: {with_services(move)}")


def _zone(site: str) -> ZoneInfo:
    try:
        return sites.get(site).zone
    except PortalError as problem:
        give_up(text(problem.code).en, 2)
