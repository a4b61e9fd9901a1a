"""`portal doctor`: checks everything that the portal depends on and says how to mend what is wrong."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from guance_portal import bootstrap
from guance_portal.build.publish import current_build
from guance_portal.core import migrate, outages
from guance_portal.core.db import UnusableDatabaseError
from guance_portal.core.postgresql import is_pooled
from guance_portal.core.readiness import database_problem
from guance_portal.core.settings import Settings, SettingsError, read_settings
from guance_portal.core.write_probes import database_refuses, folder_refuses
from guance_portal.mail.ports import TransientMailError
from guance_portal.marketplaces.aws.check import problem_with
from guance_portal.marketplaces.listings import read_listings
from guance_portal.payments.bank import BANK_SETTINGS
from guance_portal.payments.ways import ONLINE
from guance_portal.payments.ways import problem_with as problem_with_way

FEWEST_CHARACTERS = 10
"""Different ones in a secret that chance made: of 32 of the Base64 alphabet it is never less."""
AWS_REMEDY = (
    "See that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE) are those of the seller's account in this"
    " partition, with the rights that docs/operations.md lists, and that the queue's address is right."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to do when it is not well."""

    subject: str
    state: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.remedy

    def __str__(self) -> str:
        line = f"{'✓' if self.is_well else '✗'} {self.subject}: {self.state}"
        return line if self.is_well else f"{line}\n    {self.remedy}"


def examine() -> list[Finding]:
    """Check everything; what depends on an unusable setting or an unwritable folder cannot be checked."""
    try:
        settings = read_settings()
    except SettingsError as problem:
        return [Finding("settings", str(problem), "Correct or unset that variable.")]
    refuses = folder_refuses(settings.data_dir)
    folder = _data_folder(settings.data_dir, refuses)
    if refuses:
        return [*_values(settings), *_addresses(settings), *_secrets(settings), folder]
    return [
        *_values(settings),
        *_addresses(settings),
        *_secrets(settings),
        _support(settings),
        folder,
        *_marketplaces(settings),
        *_aws(settings),
        *_payments(settings),
        *_transfers(settings),
        *asyncio.run(_services(settings)),
        _build(),
    ]


def _values(settings: Settings) -> Iterator[Finding]:
    """Every setting with its value, or only whether it is set when it is a secret."""
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        variable = str(field.validation_alias or f"PORTAL_{name.upper()}")
        if isinstance(value, SecretStr):
            value = "set" if value.get_secret_value() else "not set"
        yield Finding(variable, str(value) if value not in ("", None) else "not set")
    yield Finding("sandbox", "open: every email can be read at /sandbox" if settings.is_sandbox else "closed")


def _addresses(settings: Settings) -> Iterator[Finding]:
    """Where the portal listens, where people find it, and whom its emails come from."""
    try:
        socket.getaddrinfo(settings.host, settings.port)
    except OSError as problem:
        yield Finding(
            "host", f"no address of this machine ({problem.strerror})", "Set PORTAL_HOST to one, such as 127.0.0.1."
        )
    remedy = ""
    if not settings.public_url and not settings.is_loopback:
        remedy = "Set PORTAL_PUBLIC_URL: links in emails lead there, and only its host is answered."
    elif not settings.is_loopback and not settings.is_https:
        remedy = "Put a proxy that speaks https in front, and name it in PORTAL_PUBLIC_URL: cookies are not Secure now."
    yield Finding("address", settings.effective_public_url, remedy)
    if settings.sees_no_visitors_address:
        remedy = "Set PORTAL_TRUSTED_PROXIES to the number of proxies in front, each appending to X-Forwarded-For."
        yield Finding("visitors", "all count as one address, and share every limit by address", remedy)
    if settings.mail_from.rstrip(">").endswith("@localhost") and not settings.is_loopback:
        remedy = "Set PORTAL_MAIL_FROM to an address that mail servers of others accept."
        yield Finding("sender", f"emails come from {settings.mail_from}", remedy)


def _support(settings: Settings) -> Finding:
    """Whether there is a way to the person that the texts send people to."""
    if settings.support_address:
        return Finding("support", f"{settings.support_name or 'the account manager'}, {settings.support_written}")
    remedy = "" if settings.is_loopback else "Set PORTAL_SUPPORT_URL or PORTAL_SUPPORT_EMAIL: texts send people there."
    return Finding("support", "texts name an account manager, and nothing leads there", remedy)


def _secrets(settings: Settings) -> Iterator[Finding]:
    """Whether what must not be guessed looks as if chance had made it; nothing is shown of it."""
    for what, variable, secret in (
        ("secret key", "PORTAL_SECRET_KEY", settings.secret_key.get_secret_value()),
        ("metrics token", "PORTAL_METRICS_TOKEN", settings.metrics_token.get_secret_value()),
    ):
        if secret and len(set(secret)) < FEWEST_CHARACTERS:
            yield Finding(what, "easily guessed", f"Let chance make {variable}: `openssl rand -base64 36`.")


def _marketplaces(settings: Settings) -> Iterator[Finding]:
    """Every listing: set up, played by its simulator, not set up at all, or half."""
    listings = read_listings(settings)
    for listing in listings:
        if settings.is_sandbox and listing.is_configured:
            is_simulated = listing.url.startswith(settings.effective_public_url)
            yield Finding(listing.id, "played by the simulator" if is_simulated else "set up")
        elif listing.is_configured and not settings.is_https:
            remedy = "Set PORTAL_PUBLIC_URL to an https address, where the marketplace sends buyers and notices."
            yield Finding(listing.id, "set up, but the portal is not reached by https", remedy)
        elif listing.is_configured:
            yield Finding(listing.id, "set up")
        elif not listing.is_begun:
            yield Finding(listing.id, f"not offered: {', '.join(listing.missing)} are not set")
        else:
            yield Finding(listing.id, "set up by half", f"Set {', '.join(listing.missing)} too, or unset the others.")
    keys = [listing.spi_key for listing in listings.aliyun()]
    if len(set(keys)) < len(keys):
        remedy = "Give each its own: with one key for both, nobody could tell whose request it is, and all are refused."
        yield Finding("PORTAL_ALIYUN_SPI_KEY", "the same as PORTAL_ALIYUN_INTL_SPI_KEY", remedy)


def _payments(settings: Settings) -> Iterator[Finding]:
    """Every way to pay online: set up, not set up at all, or half; and whether its keys can be used."""
    for way in ONLINE:
        missing = settings.missing_of(way)
        if not settings.is_begun(way) and settings.is_sandbox:
            yield Finding(f"payment by {way}", "played by the simulator")
        elif not settings.is_begun(way):
            yield Finding(f"payment by {way}", f"not offered: {', '.join(missing)} are not set")
        elif missing:
            yield Finding(f"payment by {way}", "set up by half", f"Set {', '.join(missing)} too, or unset the others.")
        elif variable := problem_with_way(settings, way):
            remedy = f"Set {variable} to the key as its provider shows it, on one line."
            yield Finding(f"payment by {way}", "not offered: a key cannot be used", remedy)
        elif not settings.is_https:
            remedy = "Set PORTAL_PUBLIC_URL to an https address, where the provider sends its notices."
            yield Finding(f"payment by {way}", "set up, but the portal is not reached by https", remedy)
        else:
            yield Finding(f"payment by {way}", "set up")


def _transfers(settings: Settings) -> Iterator[Finding]:
    """The account that bank transfers of each currency go to."""
    for currency, group in BANK_SETTINGS.items():
        what, missing = f"bank transfer in {currency}", settings.missing_of(group)
        if not missing:
            yield Finding(what, "set up")
        elif settings.is_begun(group):
            yield Finding(what, "set up by half", f"Set {', '.join(missing)} too, or unset the others.")
        elif settings.is_sandbox:
            yield Finding(what, "shows the sandbox's sample account")
        else:
            yield Finding(what, f"not offered: {', '.join(missing)} are not set")


def _aws(settings: Settings) -> Iterator[Finding]:
    """Whether AWS takes our credentials, and each queue lets us read it; the simulators need neither."""
    if settings.is_sandbox:
        return
    for listing in read_listings(settings).aws():
        what = f"{listing.id} {'queue' if listing.queue_url else 'credentials'}"
        if problem := problem_with(listing):
            yield Finding(what, problem, AWS_REMEDY)
        else:
            yield Finding(what, "AWS lets us in")


def _data_folder(folder: Path, refuses: str) -> Finding:
    if refuses:
        remedy = (
            "Free some space on its disk."
            if refuses == outages.FULL
            else "Set PORTAL_DATA_DIR to a folder this user may write to, or correct the folder's owner."
        )
        return Finding("data folder", f"{folder.resolve()} cannot be written ({refuses})", remedy)
    if folder.stat().st_mode & 0o007:
        remedy = f"Close it to the machine's other users: chmod o= {folder.resolve()}"
        return Finding("data folder", f"{folder.resolve()} is open to everybody on this machine", remedy)
    return Finding("data folder", str(folder.resolve()))


async def _services(settings: Settings) -> list[Finding]:
    try:
        services = bootstrap.build(settings)
    except UnusableDatabaseError as problem:
        return [Finding("database", str(problem), "Set PORTAL_DATABASE_URL to a file this user may write.")]
    try:
        return [
            database := await _database(settings, services),
            *([await _ledger(services)] if database.is_well else []),
            await _redis(settings, services),
            await _broker(services),
            await _mail(settings, services),
        ]
    finally:
        await services.close()


async def _database(settings: Settings, services: bootstrap.Services) -> Finding:
    kind, engine = "PostgreSQL" if settings.uses_postgresql else "SQLite", services.database.engine
    problem = await database_problem(engine)
    if problem == migrate.BEHIND:
        return Finding("database", f"{kind}, {problem}", "Run `portal migrate`; `portal serve` does it too.")
    if problem == migrate.FOREIGN:
        return Finding("database", f"{kind}, {problem}", "Run the version that it was last used with, or a newer one.")
    if problem:
        return Finding("database", f"{kind}, {problem}", "See that the server runs and PORTAL_DATABASE_URL is right.")
    if refuses := await database_refuses(engine):
        return Finding("database", f"{kind}, takes no writes: it is {refuses}", _remedy(refuses, "PORTAL_DATABASE_URL"))
    if not settings.uses_postgresql:
        return Finding("database", f"{kind}, up to date")
    way = (
        "behind a pooler: nothing is prepared"
        if await is_pooled(engine)
        else "reached directly: statements are prepared"
    )
    return Finding("database", f"{kind}, up to date, {way}")


async def _ledger(services: bootstrap.Services) -> Finding:
    broken = [outcome for outcome in await services.ledger_check.look() if outcome.breaches]
    if broken:
        return Finding(
            "ledger", str(broken[0]), "Run `portal ledger check`: it names all, and stops those books alone."
        )
    return Finding("ledger", "every rule of the books holds")


async def _redis(settings: Settings, services: bootstrap.Services) -> Finding:
    if problem := await services.readiness.redis_problem():
        return Finding("Redis", problem, "See that the server runs and REFLEX_REDIS_URL is right, or unset it.")
    if refuses := await services.readiness.redis_refusal():
        return Finding("Redis", f"takes no writes: it is {refuses}", _remedy(refuses, "REFLEX_REDIS_URL"))
    return Finding("Redis", "reachable" if settings.redis_url.get_secret_value() else "not used: one worker")


async def _broker(services: bootstrap.Services) -> Finding:
    if services.usage_stream is None:
        return Finding("NATS", "not used: usage events come over HTTP")
    if problem := await services.usage_stream.problem():
        return Finding("NATS", problem, "See that the broker runs with JetStream and PORTAL_NATS_URL is right.")
    return Finding("NATS", "reachable, with JetStream")


def _remedy(refuses: str, variable: str) -> str:
    """What helps a store that answers and takes no writes."""
    known = {
        outages.READ_ONLY: f"Let {variable} name the server that takes writes now: this one is a replica, or was made read-only.",
        outages.FULL: "Give it more room: free some space on its disk, or raise its limit.",
        outages.FORBIDDEN: f"Give the user that {variable} names the right to read and write.",
        outages.NO_CONNECTION: "Raise the server's limit of connections: each worker needs up to 20.",
    }
    return known.get(refuses, "See what the server's own log says.")


async def _mail(settings: Settings, services: bootstrap.Services) -> Finding:
    try:
        await services.mail_transport.check()
    except TransientMailError as problem:
        return Finding("mail", str(problem), "See that the mail server runs and PORTAL_SMTP_URL is right.")
    is_smtp = bool(settings.smtp_url.get_secret_value())
    return Finding("mail", "the SMTP server answers" if is_smtp else "emails are kept as files in the data folder")


def _build() -> Finding:
    if build := current_build():
        return Finding("pages", f"built ({build.name})")
    return Finding("pages", "not built for these sources", "Run `portal build`; `portal serve` does it too.")


def main() -> int:
    """Print the findings, what is to be done first; 1 when there is any."""
    findings = examine()
    for finding in sorted(findings, key=lambda finding: finding.is_well):
        print(finding, file=sys.stdout)
    return 0 if all(finding.is_well for finding in findings) else 1
