"""Films the portal for its welcome page: `make film` writes assets/video, and docs/images for the README.

`python -m tools.make_video captions` writes the captions alone, in a moment.

A portal of its own is started and walked through by a browser; ffmpeg turns the pictures into a film, and the
words of the scenes (`welcome.scene.*`) into its captions.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import httpx
import imageio_ffmpeg
from playwright.sync_api import Page, ViewportSize, sync_playwright

from guance_portal.bootstrap import Services
from guance_portal.components.guide.welcome import SCENES
from guance_portal.core.messages import Language, text
from tests.e2e.screens.screen import runs
from tests.factories import SignedIn
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.sign_up import PASSWORD, Signer, basic_form
from tools import shown
from tools.browser import find

OUT = Path(__file__).parents[1] / "assets" / "video"
SIZE: ViewportSize = {"width": 1280, "height": 720}
SECONDS, FADE, RATE = 4.4, 0.6, 24
MOST_BYTES = 3_000_000
_ZOOM = 0.045
"""How much closer a scene is at its end: gentle enough for anyone who is made dizzy by motion."""

_SETTINGS = {
    "PORTAL_SANDBOX": "0",
    "PORTAL_GATEWAY_URL": "https://openway.guance.com",
    "PORTAL_ALIYUN_SPI_KEY": "k" * 32,
    "PORTAL_ALIYUN_PRODUCT_CODE": "cmgj000001",
    "PORTAL_ALIYUN_LISTING_URL": "https://market.aliyun.example/products/guance",
}
"""A portal in earnest, with a marketplace to settle by: without one the film would show what cannot be chosen."""
PICTURE, PICTURE_SIZE = "settlement", ViewportSize(width=1440, height=900)
"""The page that the README shows, as docs/images/settlement.png."""

_CARD = """<body><style>
body {{ margin: 0; height: 100vh; display: grid; place-content: center; gap: 12px; text-align: center; color: #fff;
  background: radial-gradient(120% 100% at 70% 0, #263264, #14161b 62%); font-family: sans-serif }}
h1 {{ font-size: 54px; font-weight: 600; margin: 0 }} p {{ font-size: 26px; color: #b9c3e6; margin: 0 }}
svg {{ position: fixed; inset: auto 0 0; width: 100%; height: 220px }}
</style><h1>{zh}</h1><p lang="en">{en}</p>
<svg viewBox="0 0 1280 220" fill="none" stroke-width="3" preserveAspectRatio="none">
<path stroke="#8da4ef" d="M0 130C120 110 160 50 240 60S420 150 520 110S680 10 760 40S940 160 1040 120S1200 50 1280 70"/>
<path stroke="#3d9c84" d="M0 170C160 140 260 150 360 165S560 190 680 140S900 150 1020 170S1200 160 1280 150"/>
</svg></body>"""
_OPENING = ("从注册到第一条数据", "From sign-up to first data")
_CLOSING = ("立即开始", "Get started")


def main(chosen: list[str]) -> int:
    """Film everything, or write the captions alone; returns the exit code."""
    OUT.mkdir(parents=True, exist_ok=True)
    _write_captions()
    if chosen == ["captions"]:
        return 0
    if not _has_chinese_font():
        print("No font of this machine has Chinese characters: install fonts-noto-cjk.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        _shoot_all(Path(folder))
        _encode(Path(folder), OUT / "welcome.webm")
    shown.record()
    size = (OUT / "welcome.webm").stat().st_size
    print(f"welcome.webm: {size} bytes")
    return 0 if size < MOST_BYTES else 1


def _write_captions() -> None:
    for language in Language:
        (OUT / f"welcome.{language.value[:2]}.vtt").write_text(_captions(language), "utf-8")


def _shoot_all(folder: Path) -> None:
    with PortalServer.start(env=_SETTINGS) as portal, People(portal) as people, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        context = browser.new_context(
            viewport=SIZE, device_scale_factor=2, locale="zh-CN", base_url=portal.base, reduced_motion="reduce"
        )
        _shoot(context.new_page(), portal, people, folder)
        browser.close()


def _shoot(page: Page, portal: PortalServer, people: People, folder: Path) -> None:
    _shoot_poster(page)
    page.set_content(_card(_OPENING))
    _take(page, folder, "opening")
    page.goto("/register")
    _take(page, folder, "editions")
    page.goto("/register/commercial/basic")
    runs(page)
    page.locator("#field-username").fill("yunfan")
    page.locator("#field-password").fill(PASSWORD)
    page.locator("#field-email").fill("lin@yunfan.example")
    _take(page, folder, "basic")
    signer, session = people.do(_register)
    page.context.add_cookies([{"name": "gc_console", "value": session.token, "domain": "localhost", "path": "/"}])
    page.goto("/register/commercial/settlement")
    page.get_by_role("radio").first.wait_for()
    _take(page, folder, "settlement")
    page.set_viewport_size(PICTURE_SIZE)
    page.screenshot(path=shown.RECORD.with_name(f"{PICTURE}.png"), scale="css")
    page.set_viewport_size(SIZE)
    token = people.do(lambda services: _open(services, signer, session))
    page.goto("/onboarding")
    page.get_by_text(_says("guide.listening")).wait_for()
    _take(page, folder, "install")
    _send(portal, token)
    page.get_by_text(_says("guide.received"), exact=True).wait_for()
    page.get_by_text(_says("guide.counts")).or_(page.locator(".gc-counts")).first.scroll_into_view_if_needed()
    _take(page, folder, "received")
    page.set_content(_card(_CLOSING))
    _take(page, folder, "closing")


def _shoot_poster(page: Page) -> None:
    """The opening with its words above the middle, where the page's large button is."""
    page.set_content(_card(_OPENING))
    # The card has its styles in its body, behind these.
    page.add_style_tag(content="body { align-content: start !important; padding-top: 96px; box-sizing: border-box }")
    page.screenshot(path=OUT / "welcome.jpg", type="jpeg", quality=82, scale="css")


def _take(page: Page, folder: Path, scene: str) -> None:
    # Fonts and icons are there when the network is quiet; what slides or fades in has had its time.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    page.screenshot(path=folder / f"{scene}.png")


async def _register(services: Services) -> tuple[Signer, SignedIn]:
    signer = Signer(services, form=basic_form(username="yunfan", email="lin@yunfan.example"))
    await signer.confirm_basic()
    return signer, await signer.sign_in(await signer.register())


async def _open(services: Services, signer: Signer, session: SignedIn) -> str:
    receipt = await signer.choose_settlement(session)
    return await services.tokens.show(replace(session.actor, workspace_id=receipt.workspace_id))


def _send(portal: PortalServer, token: str) -> None:
    lines = {
        "metric": "cpu,host=yunfan-web-01 usage=12.5\nmem,host=yunfan-web-01 used=41",
        "logging": 'nginx message="GET /"',
    }
    for category, body in lines.items():
        answer = httpx.post(f"{portal.base}/v1/write/{category}", params={"token": token}, content=body)
        answer.raise_for_status()


def _encode(folder: Path, film: Path) -> None:
    """Each picture drifts closer for a few seconds; one fades into the next."""
    frames = round(SECONDS * RATE)
    arguments: list[str] = []
    chains: list[str] = []
    for index, scene in enumerate(SCENES):
        arguments += ["-i", str(folder / f"{scene}.png")]
        zoom = f"1+{_ZOOM}*on/{frames}"
        chains.append(
            f"[{index}]scale=2560:1440,zoompan=z='{zoom}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
            f":d={frames}:s={SIZE['width']}x{SIZE['height']}:fps={RATE},format=yuv420p[v{index}]"
        )
    last = "v0"
    for index in range(1, len(SCENES)):
        begins = index * (SECONDS - FADE)
        chains.append(f"[{last}][v{index}]xfade=transition=fade:duration={FADE}:offset={begins:.2f}[x{index}]")
        last = f"x{index}"
    coding = [
        "-c:v",
        "libvpx-vp9",
        "-crf",
        "36",
        "-b:v",
        "0",
        "-deadline",
        "good",
        "-cpu-used",
        "5",
        "-row-mt",
        "1",
        "-g",
        "240",
        "-an",
    ]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *arguments]
    command += ["-filter_complex", ";".join(chains), "-map", f"[{last}]", *coding, str(film)]
    subprocess.run(command, check=True)


def _captions(language: Language) -> str:
    """WebVTT: each scene's words while it is seen."""
    cues = ["WEBVTT"]
    for index, scene in enumerate(SCENES):
        begins = index * (SECONDS - FADE)
        ends = begins + SECONDS - FADE
        cues.append(f"{_time(begins)} --> {_time(ends)}\n{text(f'welcome.scene.{scene}').in_(language)}")
    return "\n\n".join(cues) + "\n"


def _time(seconds: float) -> str:
    return f"00:{int(seconds // 60):02}:{seconds % 60:06.3f}"


def _card(words: tuple[str, str]) -> str:
    return _CARD.format(zh=words[0], en=words[1])


def _says(key: str) -> str:
    return text(key).zh


def _has_chinese_font() -> bool:
    """Whether the browser can draw the pages; without a font it draws empty boxes, and says nothing."""
    program = shutil.which("fc-list")
    return bool(program and subprocess.run([program, ":lang=zh"], capture_output=True, check=True).stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
