"""The ledger, and what lets the database itself refuse a wrong one (decision 80)."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0120"
down_revision = "0097"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
BIG = sa.BigInteger()
KINDS = (
    *(
        "cash",
        "credit",
        "voucher",
        "bonus_voucher",
        "card",
        "package",
        "hold",
        "receivable",
        "cloud_receivable",
        "cloud",
    ),
    *("alipay", "wechat", "bank", "suspense", "revenue", "promo_cost", "breakage"),
    *("invoiceable", "invoiced", "invoice_contra"),
)
RIGHT_SIDE = (
    "(balance <= 0 OR kind NOT IN ('cash', 'credit', 'voucher', 'bonus_voucher', 'card', 'package', 'hold'))"
    " AND (balance >= 0 OR kind NOT IN ('receivable'))"
)
TABLES = ("ledger_days", "ledger_entries", "ledger_transactions", "ledger_accounts", "ledger_heads")
FUNCTIONS = ("keep", "keep_identity", "stamp", "has_entries", "added")


def upgrade() -> None:
    """Create the tables and their guards."""
    _heads()
    _accounts()
    _transactions()
    _entries()
    op.create_table(
        "ledger_days",
        _big("payer", primary_key=True),
        _big("account", primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        _big("minor"),
        sqlite_with_rowid=False,
    )
    guards = _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite()
    for guard in guards:
        op.execute(guard)


def downgrade() -> None:
    """Drop them again."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION ledger_{name}()")


def _heads() -> None:
    op.create_table(
        "ledger_heads",
        sa.Column("payer", BIG.with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("fee_account_id", sa.String(), sa.ForeignKey("fee_accounts.id"), nullable=True),
        *(_big(name) for name in ("accounts", "transactions")),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("stopped_by", sa.String(), nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.UniqueConstraint("fee_account_id", name=op.f("uq_ledger_heads_fee_account_id")),
    )


def _accounts() -> None:
    op.create_table(
        "ledger_accounts",
        _big("payer", primary_key=True),
        _big("number", primary_key=True),
        _choice("kind", "kind", *KINDS),
        sa.Column("key", sa.String(), nullable=False),
        _choice("currency", "currency", "CNY", "USD"),
        _big("balance"),
        sa.UniqueConstraint(
            "payer", "kind", "key", "currency", name=op.f("uq_ledger_accounts_payer_kind_key_currency")
        ),
        sa.CheckConstraint(RIGHT_SIDE, name="right_side"),
        sqlite_with_rowid=False,
    )


def _transactions() -> None:
    op.create_table(
        "ledger_transactions",
        _big("payer", primary_key=True),
        _big("number", primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("reference", "kind")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("at", "written_at")),
        sa.Column("size", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("content", "hash")),
        sa.Column("xact", BIG, nullable=True),
        sa.UniqueConstraint("payer", "reference", name=op.f("uq_ledger_transactions_payer_reference")),
        sa.CheckConstraint("size >= 2", name="size"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_transactions_payer_at", "ledger_transactions", ["payer", "at"])


def _entries() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # PostgreSQL's own trigger looks after the header, for a whole statement at once; a foreign key would for each entry.
    header = sa.ForeignKeyConstraint(
        ["payer", "number"],
        ["ledger_transactions.payer", "ledger_transactions.number"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_table(
        "ledger_entries",
        *(_big(name, primary_key=True) for name in ("payer", "number", "account")),
        _choice("currency", "currency", "CNY", "USD"),
        _big("minor"),
        sa.CheckConstraint("minor <> 0", name="minor"),
        *([header] if is_sqlite else []),
        sqlite_with_rowid=False,
    )


def _postgresql() -> Iterator[str]:
    """Guards for the whole statement where one does; all of them always, also as a replica."""
    yield _function("keep", "RAISE EXCEPTION '% is never changed', tg_table_name;")
    for table, acts in (
        ("transactions", "UPDATE OR DELETE OR TRUNCATE"),
        ("entries", "UPDATE OR DELETE OR TRUNCATE"),
        ("accounts", "DELETE OR TRUNCATE"),
        ("heads", "DELETE OR TRUNCATE"),
    ):
        yield from _trigger("keep", table, f"BEFORE {acts}", "FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep()")
    yield _function("keep_identity", "RAISE EXCEPTION 'what a row of % is, is never changed', tg_table_name;")
    for table, names in (
        ("accounts", ("payer", "number", "kind", "key", "currency")),
        ("heads", ("payer", "fee_account_id")),
    ):
        changed = " OR ".join(f"old.{name} IS DISTINCT FROM new.{name}" for name in names)
        yield from _trigger(
            "keep_identity",
            table,
            "BEFORE UPDATE",
            f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION ledger_keep_identity()",
        )
    # An old number of a database transaction comes again in another server that the rows were restored into; together
    # with the moment it began it does not.
    yield _function(
        "stamp",
        "new.xact := pg_current_xact_id()::text::bigint; new.written_at := transaction_timestamp(); RETURN new;",
    )
    yield from _trigger("stamp", "transactions", "BEFORE INSERT", "FOR EACH ROW EXECUTE FUNCTION ledger_stamp()")
    yield _function(
        "has_entries",
        """
        IF NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.payer = new.payer AND e.number = new.number) THEN
            RAISE EXCEPTION 'ledger transaction %/% has no entries', new.payer, new.number
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;""",
    )
    yield from _trigger(
        "has_entries",
        "transactions",
        "AFTER INSERT",
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_has_entries()",
        kind="CONSTRAINT TRIGGER",
    )
    yield _function("added", _ADDED)
    yield from _trigger(
        "added",
        "entries",
        "AFTER INSERT",
        "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_added()",
    )


# All entries of a transaction come in one statement, that of the database transaction that wrote the header. Each part asks
# by subqueries, so that its plan goes by an index, however many rows the statement had that it was made for.
_ADDED = """
    IF EXISTS (
        SELECT 1 FROM (SELECT payer, number, count(*) AS entries FROM added GROUP BY payer, number) a
        WHERE NOT EXISTS (
                SELECT 1 FROM ledger_transactions t
                WHERE t.payer = a.payer AND t.number = a.number AND t.size = a.entries
                AND t.xact = pg_current_xact_id()::text::bigint AND t.written_at = transaction_timestamp())
            OR a.entries <> (SELECT count(*) FROM ledger_entries e WHERE e.payer = a.payer AND e.number = a.number)
    ) THEN
        RAISE EXCEPTION 'ledger transaction is sealed, or lacks its header or entries' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM added GROUP BY payer, number, currency HAVING sum(minor) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction is not zero' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM added a WHERE NOT EXISTS (
        SELECT 1 FROM ledger_accounts c WHERE c.payer = a.payer AND c.number = a.account AND c.currency = a.currency)
    ) THEN
        RAISE EXCEPTION 'ledger entry has no account of its currency' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;"""


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION ledger_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _trigger(name: str, table: str, when: str, rest: str, *, kind: str = "TRIGGER") -> Iterator[str]:
    yield f"CREATE {kind} ledger_{table}_{name} {when} ON ledger_{table} {rest}"
    yield f"ALTER TABLE ledger_{table} ENABLE ALWAYS TRIGGER ledger_{table}_{name}"


def _sqlite() -> Iterator[str]:
    """Guards for each row. None relies on a pragma: REPLACE deletes without a trigger, and checks can be switched off."""
    for table in ("transactions", "entries"):
        yield _refusing(
            f"{table}_no_update", f"BEFORE UPDATE ON ledger_{table}", "", f"ledger_{table} is never changed"
        )
    for table in ("transactions", "entries", "accounts", "heads"):
        yield _refusing(
            f"{table}_no_delete", f"BEFORE DELETE ON ledger_{table}", "", f"ledger_{table} is never changed"
        )
    for table, keys in (
        ("transactions", (("payer", "number"), ("payer", "reference"))),
        ("entries", (("payer", "number", "account"),)),
        ("accounts", (("payer", "number"), ("payer", "kind", "key", "currency"))),
        ("heads", (("payer",), ("fee_account_id",))),
    ):
        exists = " OR ".join(_exists(table, key) for key in keys)
        yield _refusing(
            f"{table}_no_replace", f"BEFORE INSERT ON ledger_{table}", exists, f"ledger_{table} is never changed"
        )
    for table, names in (
        ("accounts", ("payer", "number", "kind", "key", "currency")),
        ("heads", ("payer", "fee_account_id")),
    ):
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
        yield _refusing(
            f"{table}_identity",
            f"BEFORE UPDATE ON ledger_{table}",
            changed,
            f"what a row of ledger_{table} is, is never changed",
        )
    for act in ("INSERT", "UPDATE"):
        wrong = f"typeof(NEW.balance) <> 'integer' OR NOT ({RIGHT_SIDE})".replace("(balance", "(NEW.balance").replace(
            "OR kind", "OR NEW.kind"
        )
        yield _refusing(
            f"accounts_side_{act.lower()}", f"BEFORE {act} ON ledger_accounts", wrong, "balance on the wrong side"
        )
    yield _refusing(
        "entries_sealed",
        "BEFORE INSERT ON ledger_entries",
        _exists("transactions", ("payer", "number")),
        "ledger transaction is sealed",
    )
    yield _refusing(
        "entries_account",
        "BEFORE INSERT ON ledger_entries",
        "typeof(NEW.minor) <> 'integer' OR NEW.minor = 0 OR typeof(NEW.number) <> 'integer' OR NOT EXISTS ("
        "SELECT 1 FROM ledger_accounts WHERE payer = NEW.payer AND number = NEW.account AND currency = NEW.currency)",
        "ledger entry has no account of its currency, or no amount",
    )
    of_it = "FROM ledger_entries WHERE payer = NEW.payer AND number = NEW.number"
    yield _refusing(
        "transactions_zero",
        "BEFORE INSERT ON ledger_transactions",
        f"(SELECT count(*) {of_it}) IS NOT NEW.size OR NEW.size < 2"
        f" OR EXISTS (SELECT 1 {of_it} GROUP BY currency HAVING sum(minor) <> 0)",
        "ledger transaction is not zero, or lacks entries",
    )


def _exists(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f"{name} = NEW.{name}" for name in key)
    return f"EXISTS (SELECT 1 FROM ledger_{table} WHERE {same})"  # noqa: S608 - our own names


def _refusing(name: str, when: str, condition: str, why: str) -> str:
    where = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER ledger_{name} {when}{where} BEGIN SELECT RAISE(ABORT, '{why}'); END"


def _big(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, BIG, primary_key=primary_key, autoincrement=False, nullable=False)


def _choice(name: str, kind: str, *values: str) -> sa.Column[str]:
    return sa.Column(
        name, sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32), nullable=False
    )
