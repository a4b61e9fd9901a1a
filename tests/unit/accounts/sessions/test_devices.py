"""What a list of sessions says of browsers and addresses."""

import pytest

from guance_portal.accounts.sessions.devices import device, place
from guance_portal.core.messages import Text

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/130.0.0.0 Safari/537.36", "Chrome 130 · Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox 140 · Mac OS X",
        ),
        ("curl/8.5.0", "curl 8"),
        ("", ""),
        ("\x00\x01", ""),
    ],
)
def test_a_device_is_browser_and_system(user_agent: str, said: str) -> None:
    assert device(user_agent) == said


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        ("127.0.0.1", "本机", "Local"),
        ("::1", "本机", "Local"),
        ("10.1.2.3", "内网", "Private network"),
        ("fd00::1", "内网", "Private network"),
        ("169.254.1.1", "内网", "Private network"),
        ("114.114.114.114", "中国", "China"),
        ("8.8.8.8", "美国", "United States"),
        ("2001:4860:4860::8888", "美国", "United States"),
        ("", "", ""),
        ("nonsense", "", ""),
    ],
)
def test_a_place_is_a_country_or_near(address: str, zh: str, en: str) -> None:
    assert place(address) == Text(zh=zh, en=en)
