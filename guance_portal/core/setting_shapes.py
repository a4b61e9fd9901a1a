"""What single settings must look like, so that no other module gets a value that it cannot use."""

from __future__ import annotations

import ipaddress
import re
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import idna
import psycopg
import redis.asyncio as redis
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_LONGEST_NAME = 253
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_ARN = re.compile(r"arn:[a-z0-9-]+:sns:[a-z0-9-]+:\d{12}:\S{1,256}")


def is_writable_text(value: str) -> bool:
    """Whether a log and a terminal can show it: no line breaks, no bytes that are no text."""
    return value.isprintable()


def is_host(name: str) -> bool:
    """An IP address or a name of the DNS."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        return True
    try:
        plain = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return False
    return len(plain) <= _LONGEST_NAME and bool(_NAME.fullmatch(plain))


def is_address_of(url: str, schemes: tuple[str, ...]) -> bool:
    """A URL of one of these schemes with a usable host and port."""
    try:
        parts = urlsplit(url)
        is_port = parts.port != 0
    except ValueError:
        return False
    if parts.scheme == "unix":
        return "unix" in schemes and bool(parts.path)
    return parts.scheme in schemes and is_port and is_host(parts.hostname or "")


def is_nats(url: str) -> bool:
    """The address of a broker."""
    return is_address_of(url, ("nats", "tls"))


def is_redis(url: str) -> bool:
    """An address that the client can use, with options that it knows."""
    if not is_address_of(url, ("redis", "rediss", "unix")):
        return False
    try:
        pool: Any = redis.ConnectionPool.from_url(url)
        pool.connection_class(**pool.connection_kwargs)
    except (ValueError, TypeError, LookupError, redis.RedisError):
        return False
    return urlsplit(url).path.strip("/").isdecimal() or urlsplit(url).path in {"", "/"} or url.startswith("unix")


def is_database(url: str) -> bool:
    """A SQLite file, or a PostgreSQL with options that its driver knows."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        return False
    if parts.drivername == "sqlite+aiosqlite":
        return bool(parts.database and parts.database.strip("/")) and not (parts.query or parts.host or parts.username)
    if parts.drivername != "postgresql+psycopg" or parts.port == 0 or (parts.host and not is_host(parts.host)):
        return False
    options = {name: value if isinstance(value, str) else value[-1] for name, value in parts.query.items()}
    try:
        make_conninfo("", **parts.translate_connect_args(username="user", database="dbname"), **options)
    except (psycopg.Error, TypeError):
        return False
    return True


def is_sender(written: str) -> bool:
    """One mail address, with or without a name before it."""
    address = parseaddr(written)[1]
    name, _, domain = address.rpartition("@")
    try:
        Address(addr_spec=address) if address.isascii() else None
    except (ValueError, MessageError, IndexError):
        return False
    return bool(name) and " " not in address and is_host(domain)


def is_region(written: str) -> bool:
    """A region of AWS."""
    return bool(_REGION.fullmatch(written))


def are_topics(written: str) -> bool:
    """ARNs of SNS topics, with commas between them."""
    return all(_ARN.fullmatch(one.strip()) for one in written.split(",") if one.strip())
