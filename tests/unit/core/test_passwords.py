"""Password hashes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from guance_portal.core.passwords import Passwords


@pytest.fixture
def hashes() -> Iterator[Passwords]:
    hashes = Passwords(2)
    yield hashes
    hashes.close()


async def test_a_hash_names_the_parameters_of_the_rule(hashes: Passwords) -> None:
    made = await hashes.hash("observability")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_password_belongs_to_its_hash_alone(hashes: Passwords) -> None:
    made = await hashes.hash("观测云-密码")
    assert await hashes.verify("观测云-密码", made)
    assert not await hashes.verify("观测云-密碼", made)


async def test_two_hashes_of_one_password_differ(hashes: Passwords) -> None:
    assert await hashes.hash("same") != await hashes.hash("same")


async def test_both_ways_of_composing_a_letter_are_one_password(hashes: Passwords) -> None:
    assert await hashes.verify("caf\u00e9", await hashes.hash("cafe\u0301"))


async def test_an_unknown_person_matches_no_password(hashes: Passwords) -> None:
    assert not await hashes.verify("", None)
    assert not await hashes.verify("anything", None)


async def test_a_hash_that_is_none_is_no_match_and_no_error(hashes: Passwords) -> None:
    assert not await hashes.verify("anything", "not a hash")


async def test_the_check_for_an_unknown_person_takes_as_long_as_a_real_one(hashes: Passwords) -> None:
    known = await hashes.hash("x")
    nobody = hashes._nobody
    assert nobody.split("$")[1:4] == known.split("$")[1:4]
    assert [len(part) for part in nobody.split("$")] == [len(part) for part in known.split("$")]


async def test_only_hashes_of_other_parameters_are_outdated(hashes: Passwords) -> None:
    assert not hashes.is_outdated(await hashes.hash("x"))
    assert hashes.is_outdated("$argon2id$v=19$m=9216,t=4,p=1$c29tZXNhbHQ$Kg0Tb3O3iFMCtFYRl0OGNg")


async def test_never_more_hashes_at_once_than_allowed() -> None:
    running, most, lock = 0, 0, threading.Lock()

    class Counting(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1
            return str(password)

    hashes = Passwords(2, Counting())
    await asyncio.gather(*(hashes.hash(str(n)) for n in range(8)))
    hashes.close()
    assert most == 2
