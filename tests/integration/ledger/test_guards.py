"""What the guards of the ledger let pass, and what they set themselves."""

from __future__ import annotations

import pytest

from tests.support import by_hand


@pytest.fixture
async def fresh(database_url: str) -> str:
    """The address of a database with a small ledger."""
    await by_hand.write(database_url)
    return database_url


def test_a_right_transaction_is_taken_by_hand_too(fresh: str) -> None:
    """So what is refused above is refused for what is wrong with it."""
    by_hand.run(fresh, by_hand.as_spoken(fresh, by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100")))
    assert len(by_hand.ledger(fresh)["ledger_transactions"]) == 5


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_sets_the_number_of_the_transaction_itself(fresh: str) -> None:
    forged = by_hand.header().replace("hash)", "hash, xact)").replace("x'00')", "x'00', 1)")
    by_hand.run(
        fresh, by_hand.as_spoken(fresh, [forged, by_hand.entries("1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100")])
    )
    with by_hand.by_hand(fresh) as session:
        assert session.execute("SELECT xact FROM ledger_transactions WHERE number = 4").fetchone()[0] > 1
