"""Nothing that is secret is kept of a notice."""

from guance_portal.marketplaces.secrecy import MASKED, without_secrets


def test_what_is_named_a_secret_is_masked_at_any_depth() -> None:
    said = {
        "instanceId": "i",
        "accessToken": "a",
        "body": {"Password": "b", "items": [{"client_secret": "c", "plan": "d"}], "AccessKeyId": "e"},
    }
    assert without_secrets(said) == {
        "instanceId": "i",
        "accessToken": MASKED,
        "body": {"Password": MASKED, "items": [{"client_secret": MASKED, "plan": "d"}], "AccessKeyId": MASKED},
    }
