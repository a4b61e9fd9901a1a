"""Which failures are an outage: a store that is away, takes no writes or has no room. All others are bugs."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import psycopg
from redis.exceptions import (
    AuthenticationError,
    MaxConnectionsError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

READ_ONLY, FULL, FORBIDDEN, NO_CONNECTION = "read-only", "out of space", "closed to this user", "out of connections"
BROKEN = "broken or out of space"

FAILURES = (SQLAlchemyError, RedisError, OSError)
"""What an outage is raised as, beside much else: `is_outage` tells."""

_BY_SQLSTATE = {
    "25006": READ_ONLY,  # read_only_sql_transaction: a standby, or default_transaction_read_only
    "42501": FORBIDDEN,  # insufficient_privilege
    "53000": FULL,
    "53100": FULL,  # disk_full
    "53200": FULL,  # out_of_memory
    "53300": NO_CONNECTION,  # too_many_connections
}
# A refused connection has no SQLSTATE in psycopg, and SQLite's errors have nothing but words.
_BY_WORDS = {
    "attempt to write a readonly database": READ_ONLY,
    "read-only transaction": READ_ONLY,
    "disk is full": FULL,
    "disk i/o error": BROKEN,
    "no space left on device": FULL,
    "unable to open database file": FORBIDDEN,
    "too many clients already": NO_CONNECTION,
    "too many connections": NO_CONNECTION,
    "remaining connection slots": NO_CONNECTION,
    "no more connections allowed": NO_CONNECTION,
    "max_client_conn": NO_CONNECTION,
}
_BY_ERRNO = {
    errno.EROFS: READ_ONLY,
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EMFILE: "out of open files",
    errno.ENFILE: "out of open files",
    errno.EIO: BROKEN,
}
_BY_REDIS_CLASS = {
    ReadOnlyError: READ_ONLY,
    OutOfMemoryError: FULL,
    NoPermissionError: FORBIDDEN,
    MaxConnectionsError: NO_CONNECTION,
}
_BY_REDIS_WORD = {
    "MISCONF": "not able to save to its disk",
    "NOREPLICAS": "without the replicas it needs to take writes",
}


def is_outage(error: BaseException) -> bool:
    """Whether the failure is a store's, so that the same act may succeed later; else it is a bug."""
    return any(_is_a_stores(one) for one in _chain(error))


def reason(error: BaseException) -> str:
    """What is the matter with a store, in a few words without anything of its address: "read-only", or "unreachable (…)"."""
    return next((known for one in _chain(error) if (known := _known(one))), f"unreachable ({type(error).__name__})")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 10:
        yield error
        if isinstance(error, DBAPIError) and error.orig:
            yield error.orig
        error, seen = error.__cause__, seen + 1


def _is_a_stores(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _BY_ERRNO or isinstance(error, ConnectionError)
    if isinstance(error, RedisError):
        return True
    if isinstance(error, PoolTimeoutError):
        return True
    return isinstance(error, SQLAlchemyError | psycopg.Error) and (_is_unreachable(error) or bool(_known(error)))


def _is_unreachable(error: SQLAlchemyError | psycopg.Error) -> bool:
    """The driver's word for a server that is away or ends; a constraint or a syntax is never one."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or type(error).__name__ in {"OperationalError", "InterfaceError"}
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _known(error: BaseException) -> str:
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, "")
    if isinstance(error, RedisError):
        return _known_of_redis(error)
    if isinstance(error, PoolTimeoutError):
        return NO_CONNECTION
    if isinstance(error, psycopg.Error) and error.sqlstate:
        return _BY_SQLSTATE.get(error.sqlstate, "")
    said = str(error).lower()
    return next((known for words, known in _BY_WORDS.items() if words in said), "")


def _known_of_redis(error: RedisError) -> str:
    for kind, known in _BY_REDIS_CLASS.items():
        if isinstance(error, kind):
            return known
    said = str(error)
    if "max number of clients" in said:
        return NO_CONNECTION
    if isinstance(error, ResponseError) and not isinstance(error, AuthenticationError):
        return _BY_REDIS_WORD.get(said.partition(" ")[0], "refusing to write")
    return ""
