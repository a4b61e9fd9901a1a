"""SQLite's connections, which let go of their locks when they are closed."""

from __future__ import annotations

import sqlite3


class ReleasingConnection(sqlite3.Connection):
    """Rolls back before it closes.

    From Python 3.11 on, closing leaves statements alone that have rows left and a cursor somewhere. SQLite then keeps the
    connection, its transaction and its locks until the last of them is gone: a request that was cancelled while it read
    kept every writer waiting until the garbage collector came.
    """

    def close(self) -> None:
        """Roll back, and close."""
        if self.in_transaction:
            self.rollback()
        super().close()
