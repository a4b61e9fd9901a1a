"""Tokens and their digests."""

from guance_portal.core.tokens import digest, new_token


def test_no_two_tokens_are_alike() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_a_digest_is_the_sha256_of_its_token() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
