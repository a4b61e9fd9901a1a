"""From the welcome page to the first data, and further workspaces."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import httpx
import pytest
import segno
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Workspace
from guance_portal.bootstrap import Services
from guance_portal.build.publish import ROOT
from guance_portal.components.guide.welcome import SCENES
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Language, text
from guance_portal.metering.tokens import Grace
from tests.e2e.screens.guide import GuideScreen, NewWorkspaceScreen, WelcomeScreen
from tests.e2e.screens.screen import SOON, message, runs
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.companies import actor, member_of, owner_of, token_of
from tests.support.people import People, Person
from tests.support.portal_server import PortalServer
from tests.support.sign_up import PASSWORD, Signer

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def send(
    portal: PortalServer,
    token: str,
    body: str = "cpu,host=yunfan-web-01 usage=1",
    category: str = "metric",
    **headers: str,
) -> int:
    answer = httpx.post(
        f"{portal.base}/v1/write/{category}",
        params={"token": token},
        content=body,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return answer.status_code


def test_the_status_changes_by_itself_within_two_seconds(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    guide = GuideScreen(new_page(session)).open()
    expect(guide.status).to_have_text("等待数据")
    expect(guide.main.get_by_role("timer")).to_contain_text(re.compile(r"00:0[1-9]"))
    assert send(portal, token_of(people, session)) == 200
    accepted = time.monotonic()
    expect(guide.status).to_have_text("已收到数据", timeout=SOON)
    assert time.monotonic() - accepted < 2
    expect(guide.status).to_have_attribute("role", "status")
    expect(guide.main.get_by_text("yunfan-web-01")).to_be_visible()
    # A line that was sent by hand installs nothing; a DataKit tells of its host.
    expect(guide.main.get_by_text("2 / 3 已完成")).to_be_visible()
    expect(guide.ticked).to_have_count(1)
    expect(guide.main.get_by_text("继续接入")).to_have_count(0)
    assert send(portal, token_of(people, session), 'HOST,name=yunfan-web-01 message="{}"', "object") == 200
    expect(guide.main.get_by_text("3 / 3 已完成")).to_be_visible(timeout=SOON)
    # Each step is ticked, and something is left to do.
    expect(guide.ticked).to_have_count(3)
    for topic in ("采集日志", "接入应用链路", "接入用户访问监测", "自建节点拨测"):
        expect(guide.main.get_by_text(topic, exact=True)).to_be_visible()
    guide.main.get_by_text("自建节点拨测").click()
    expect(guide.main.get_by_text("按日志类数据计量")).to_be_visible()
    counts = guide.main.locator(".gc-counts")
    expect(counts).to_contain_text("指标1")
    send(portal, token_of(people, session), 'nginx message="a"\nnginx message="b"', "logging")
    expect(counts).to_contain_text("日志2", timeout=SOON)
    guide.page.reload()
    expect(guide.status).to_have_text("已收到数据")
    guide.main.get_by_role("link", name="查看用量").click()
    guide.stands_at("/workspace/billing")


def test_data_over_the_quota_is_said_to_have_come_and_why_it_was_refused(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    guide = GuideScreen(new_page(session)).open()
    expect(guide.status).to_have_text("等待数据")
    too_many = "\n".join(f"cpu,host=h{number} usage=1" for number in range(3_001))
    sender = "datakit-linux-amd64/1.84.1/yunfan-web-01"
    assert send(portal, token_of(people, session), too_many, user_agent=sender) == 403
    expect(guide.refusals).to_contain_text("指标已到达，但超出今日免费额度，整批未计入", timeout=SOON)
    expect(guide.refusals).to_have_attribute("role", "status")
    guide.refusals.get_by_role("link", name="升级").click()
    guide.stands_at("/workspace/upgrade")


def test_wrong_content_is_named_beside_what_arrives_and_on_the_billing_page(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    token = token_of(people, session)
    guide = GuideScreen(new_page(session)).open()
    expect(guide.status).to_have_text("等待数据")
    assert send(portal, token) == 200
    expect(guide.status).to_have_text("已收到数据", timeout=SOON)
    assert send(portal, token, "nginx message=hello", "logging") == 400
    expect(guide.refusals).to_contain_text("日志内容有误，整批未计入", timeout=SOON)
    expect(guide.refusals).to_contain_text("line 1: failed to parse type of field value")
    expect(guide.refusals).to_contain_text(re.compile(r"最近一次：\d{4}-\d{2}-\d{2} \d{2}:\d{2}"))
    assert send(portal, token, category="nonsense") == 404
    expect(guide.refusals).to_have_count(2, timeout=SOON)
    guide.main.get_by_role("link", name="查看用量").click()
    billing = GuideScreen(guide.page)
    expect(billing.refusals).to_have_count(2)


def test_a_locked_workspace_and_a_replaced_token_are_told_with_the_way_on(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    old = token_of(people, session)
    guide = GuideScreen(new_page(session)).open()
    expect(guide.status).to_have_text("等待数据")

    async def replace_and_lock(services: Services) -> None:
        owner = await actor(services, session)
        await services.tokens.replace(owner, Grace.NONE)
        async with services.database.writing() as work:
            workspace = await work.session.get(Workspace, owner.workspace_id)
            assert workspace
            workspace.locked_at = services.clock.now()
            await work.commit()

    people.do(replace_and_lock)
    assert send(portal, old) == 403
    expect(guide.refusals).to_contain_text("指标使用了已失效的 Token，被拒收", timeout=SOON)
    assert send(portal, token_of(people, session)) == 403
    locked = guide.refusals.filter(has_text="工作空间已锁定")
    expect(locked).to_contain_text("请拥有者结清欠费", timeout=SOON)
    expect(locked.get_by_role("link", name="查看额度")).to_have_attribute("href", "/workspace/billing")


def test_a_page_shows_the_data_of_its_own_workspace_alone(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    mine, other = owner_of(people), owner_of(people)
    here, there = GuideScreen(new_page(mine)).open(), GuideScreen(new_page(other)).open()
    expect(here.status).to_have_text("等待数据")
    expect(there.status).to_have_text("等待数据")
    send(portal, token_of(people, other))
    expect(there.status).to_have_text("已收到数据", timeout=SOON)
    expect(here.status).to_have_text("等待数据")


def test_help_is_offered_when_nothing_comes(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(owner_of(people))
    page.clock.install()
    guide = GuideScreen(page).open()
    expect(guide.status).to_have_text("等待数据")
    late = guide.main.get_by_text(message("guide.late"))
    expect(late).to_be_hidden()
    page.clock.fast_forward(61_000)
    expect(late).to_be_visible()
    guide.main.get_by_text(message("guide.help_token")).click()
    expect(guide.main.get_by_text(message("guide.help_token_text"))).to_be_visible()


def test_the_token_is_masked_until_shown_and_copied_whole_in_any_case(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    token = token_of(people, session)
    guide = GuideScreen(new_page(session, **CLIPBOARD)).open()
    expect(guide.command).to_contain_text("tkn_••••")
    assert token not in guide.page.content()
    copied = guide.copy()
    assert copied.startswith(f'DK_DATAWAY="{portal.base}?token={token}"')
    assert "install.sh" in copied
    expect(guide.command).to_contain_text("tkn_••••")
    assert token not in guide.page.content()
    guide.button("显示 Token").click()
    expect(guide.command).to_contain_text(token)
    guide.button("隐藏 Token").click()
    expect(guide.command).not_to_contain_text(token)


@pytest.mark.parametrize(
    ("system", "part"),
    [
        ("Linux", "DK_DATAWAY="),
        ("macOS", "DK_DATAWAY="),
        ("Windows", "$env:DK_DATAWAY="),
        ("Kubernetes", "datakit.yaml"),
        ("Helm", "helm repo add datakit"),
    ],
)
def test_each_system_has_its_commands_and_is_kept_in_the_address(
    new_page: Callable[..., Page], people: People, system: str, part: str
) -> None:
    guide = GuideScreen(new_page(owner_of(people))).open()
    guide.tab(system).click()
    expect(guide.command).to_contain_text(part)
    guide.page.reload()
    runs(guide.page)
    expect(guide.tab(system)).to_have_attribute("aria-selected", "true")
    expect(guide.command).to_contain_text(part)


_UNIX = 'DK_DATAWAY="{dataway}" \\\n  bash -c "$(curl -L https://static.guance.com/datakit/install.sh)"'
_WINDOWS = (
    "Remove-Item -ErrorAction SilentlyContinue Env:DK_*;\n"
    '$env:DK_DATAWAY="{dataway}";\n'
    "Set-ExecutionPolicy Bypass -scope Process -Force;\n"
    "Import-Module bitstransfer;\n"
    "start-bitstransfer -source https://static.guance.com/datakit/install.ps1 -destination .install.ps1;\n"
    "powershell ./.install.ps1;"
)
_HELM = (
    "helm install datakit datakit/datakit -n datakit \\\n"
    '  --set datakit.dataway_url="{dataway}" \\\n'
    "  --create-namespace"
)
_WHOLE = {
    "Linux": [_UNIX],
    "macOS": [_UNIX],
    "Windows": [_WINDOWS],
    "Kubernetes": [
        "curl -LO https://static.guance.com/datakit/datakit.yaml",
        '- name: ENV_DATAWAY\n  value: "{dataway}"',
        "kubectl apply -f datakit.yaml\nkubectl get pod -n datakit",
    ],
    "Helm": ["helm repo add datakit https://pubrepo.guance.com/chartrepo/datakit", _HELM],
}


@pytest.mark.parametrize("system", _WHOLE)
def test_every_command_of_a_system_is_copied_whole(
    new_page: Callable[..., Page], people: People, portal: PortalServer, system: str
) -> None:
    session = owner_of(people)
    guide = GuideScreen(new_page(session, **CLIPBOARD)).open()
    guide.tab(system).click()
    dataway = f"{portal.base}?token={token_of(people, session)}"
    assert guide.copy_all() == [command.replace("{dataway}", dataway) for command in _WHOLE[system]]


def test_the_arrow_keys_move_between_the_systems(new_page: Callable[..., Page], people: People) -> None:
    guide = GuideScreen(new_page(owner_of(people))).open()
    guide.tab("Linux").focus()
    for key, name in (("ArrowRight", "macOS"), ("End", "Helm"), ("ArrowRight", "Linux"), ("ArrowLeft", "Helm")):
        guide.page.keyboard.press(key)
        expect(guide.tab(name)).to_be_focused()
        expect(guide.tab(name)).to_have_attribute("aria-selected", "true")


def test_the_test_line_that_is_copied_really_arrives(new_page: Callable[..., Page], people: People) -> None:
    guide = GuideScreen(new_page(owner_of(people), **CLIPBOARD)).open()
    guide.main.get_by_role("tabpanel").get_by_text("先发一条测试数据").click()
    guide.main.get_by_role("tabpanel").get_by_role("button", name="复制 测试命令").click()
    expect(guide.main.get_by_role("tabpanel").get_by_role("button", name="已复制")).to_be_visible()
    copied = str(guide.page.evaluate("navigator.clipboard.readText()"))
    url, body = re.findall(r'"([^"]+)"', copied)
    assert httpx.post(url, content=body).status_code == 200
    expect(guide.status).to_have_text("已收到数据", timeout=SOON)
    expect(guide.main.get_by_text("my-first-host", exact=True)).to_be_visible()


def test_a_token_replaced_at_once_is_refused_at_once(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    old = token_of(people, session)
    guide = GuideScreen(new_page(session)).open()
    guide.button("显示 Token").click()
    guide.button("更换 Token").click()
    guide.dialog.get_by_label("旧 Token 失效时间").select_option(label="立即")
    guide.dialog.get_by_role("button", name="更换", exact=True).click()
    expect(guide.dialog).to_be_hidden()
    expect(guide.notice).to_contain_text(message("guide.replaced_0"))
    new = token_of(people, session)
    assert new != old
    expect(guide.command).to_contain_text(new)
    assert send(portal, old) == 403
    assert send(portal, new) == 200


def test_a_token_replaced_with_a_grace_period_stays_valid_for_it(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    old = token_of(people, session)
    guide = GuideScreen(new_page(session)).open()
    guide.button("更换 Token").click()
    expect(guide.dialog.get_by_label("旧 Token 失效时间")).to_have_value("600")
    guide.dialog.get_by_role("button", name="更换", exact=True).click()
    expect(guide.notice).to_contain_text(message("guide.replaced_600"))
    assert (send(portal, old), send(portal, token_of(people, session))) == (200, 200)


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
def test_other_members_see_the_data_arrive_and_never_the_token(
    new_page: Callable[..., Page], people: People, portal: PortalServer, role: Role
) -> None:
    owner = owner_of(people)
    token = token_of(people, owner)
    page = new_page(member_of(people, owner, role))
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    guide = GuideScreen(page).open()
    expect(guide.command).to_contain_text("<TOKEN>")
    expect(guide.button("显示 Token")).to_have_count(0)
    expect(guide.button("更换 Token")).to_have_count(0)
    expect(guide.main.get_by_role("tabpanel").get_by_text(message("guide.ask_manager"))).to_be_visible()
    # What the sentence below the command says is true of this command.
    expect(guide.main.get_by_role("tabpanel").get_by_text(message("guide.without_secret"))).to_be_visible()
    expect(guide.main.get_by_text(message("guide.keep_secret"))).to_have_count(0)
    send(portal, token)
    expect(guide.status).to_have_text("已收到数据", timeout=SOON)
    expect(guide.main.get_by_role("link", name="查看用量")).to_have_count(0)
    assert frames
    assert not [frame for frame in frames if token in frame]


def test_the_guide_can_be_skipped_and_opened_again_from_the_user_menu(
    new_page: Callable[..., Page], people: People
) -> None:
    guide = GuideScreen(new_page(owner_of(people))).open()
    guide.main.get_by_role("link", name="稍后再说").click()
    guide.stands_at("/workspace/billing")
    guide.page.get_by_role("button", name="用户菜单").click()
    guide.page.get_by_role("menuitem", name="新手引导").click()
    guide.stands_at("/onboarding")
    expect(guide.status).to_have_text("等待数据")


def test_a_person_without_a_workspace_is_sent_to_one(new_page: Callable[..., Page], people: People) -> None:
    guide = GuideScreen(new_page(people.sign_in(people.user()))).open()
    guide.main.get_by_role("link", name="新建工作空间").click()
    guide.stands_at("/workspaces/new")
    form = NewWorkspaceScreen(guide.page)
    expect(form.edition("商业版")).to_be_disabled()
    expect(form.main.get_by_text(message("errors.fee_account_missing"))).to_be_visible()
    form.button("新建").click()
    expect(form.summary).to_contain_text(message("errors.workspace_name_missing"))
    form.name.fill("云帆-测试环境")
    form.button("新建").dblclick()
    guide.stands_at("/onboarding")
    expect(guide.status).to_have_text("等待数据")
    switcher = guide.page.locator(".gc-workspace")
    expect(switcher).to_contain_text("云帆-测试环境")
    switcher.click()
    expect(guide.page.get_by_role("option")).to_have_count(1)
    guide.page.get_by_role("link", name="新建工作空间").click()
    guide.stands_at("/workspaces/new")


def sign_up(people: People, *, complete: bool) -> tuple[Person, str]:
    """Somebody who registered for 商业版, up to the last step or before it; and the token of their session."""

    async def run(services: Services) -> tuple[Signer, str]:
        signer = Signer(services)
        await signer.confirm_basic()
        session = await signer.sign_in(await signer.register())
        if complete:
            await signer.choose_settlement(session)
        return signer, session.token

    signer, token = people.do(run)
    form = signer.form
    person = Person(
        realm=Realm.CONSOLE, login=form.email, email=form.email, name=form.username, password=PASSWORD, site=form.site
    )
    return person, token


def test_a_commercial_workspace_is_opened_by_anyone_who_has_a_fee_account(
    new_page: Callable[..., Page], people: People
) -> None:
    person, _ = sign_up(people, complete=True)
    form = NewWorkspaceScreen(new_page(people.sign_in(person))).open()
    expect(form.edition("商业版")).to_be_checked()
    expect(form.main.get_by_text(message("workspaces_new.commercial_detail", name=person.name))).to_be_visible()
    form.name.fill("云帆-第二空间")
    form.button("新建").click()
    form.stands_at("/onboarding")
    expect(form.page.locator(".gc-workspace")).to_contain_text("云帆-第二空间")


def test_a_person_who_stopped_before_settlement_is_sent_there_when_signing_in(page: Page, people: People) -> None:
    person, _ = sign_up(people, complete=False)
    screen = SignInScreen(page).open()
    screen.sign_in(person)
    screen.stands_at("/register/commercial/settlement")
    for path in ("/workspaces/new", "/workspace/billing", "/workspace/members"):
        page.goto(path)
        screen.stands_at("/register/commercial/settlement")
    GuideScreen(page).open().main.get_by_role("link", name="继续注册").click()
    screen.stands_at("/register/commercial/settlement")


def test_the_film_is_loaded_and_played_only_when_asked(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(people.sign_in(people.user()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    welcome = WelcomeScreen(page).open()
    expect(welcome.film).to_have_attribute("preload", "none")
    poster = page.request.get(str(welcome.film.get_attribute("poster")))
    assert (poster.status, poster.headers["content-type"]) == (200, "image/jpeg")
    assert len(poster.body()) > 5_000
    expect(welcome.film.locator("track[kind=captions]")).to_have_count(2)
    page.wait_for_load_state("networkidle")
    assert welcome.film.evaluate("(film) => film.paused")
    assert not [url for url in asked if url.endswith(".webm")]
    # One way to begin: the browser's own controls would show a second one, and a sign of loading behind it.
    assert not welcome.film.evaluate("(film) => film.controls")
    welcome.button("播放短片").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    expect(welcome.button("播放短片")).to_have_count(0)
    assert welcome.film.evaluate("(film) => film.controls")
    expect(welcome.film).to_be_focused()
    cues = "(film) => [...film.textTracks].filter((t) => t.mode === 'showing').map((t) => t.language)"
    assert welcome.film.evaluate(cues) == ["zh-CN"]
    welcome.main.get_by_text("短片的文字版").click()
    expect(welcome.main.get_by_text(message("welcome.scene.received"))).to_be_visible()


def test_on_an_english_page_the_film_has_english_captions_and_text(
    new_page: Callable[..., Page], people: People
) -> None:
    page = new_page(people.sign_in(people.user(language=Language.EN)), locale="en-GB")
    welcome = WelcomeScreen(page).open()
    welcome.button("Play the video").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    cues = "(film) => [...film.textTracks].filter((t) => t.mode === 'showing').map((t) => t.language)"
    assert welcome.film.evaluate(cues) == ["en"]
    said = "(film) => [...film.textTracks].find((t) => t.mode === 'showing').cues[0]?.text"
    page.wait_for_function(f"() => ({said})(document.querySelector('video'))")
    assert welcome.film.evaluate(said) == text("welcome.scene.opening").en
    welcome.main.get_by_text("Transcript of the video").click()
    expect(welcome.main.get_by_text(text("welcome.scene.received").en)).to_be_visible()


@pytest.mark.parametrize("language", list(Language))
def test_the_captions_say_what_the_text_says(portal: PortalServer, language: Language) -> None:
    captions = httpx.get(f"{portal.base}/video/welcome.{language.value[:2]}.vtt").text
    for scene in SCENES:
        assert text(f"welcome.scene.{scene}").in_(language) in captions


def test_the_film_is_small_seekable_and_its_captions_are_captions(portal: PortalServer) -> None:
    assert (ROOT / "assets/video/welcome.webm").stat().st_size < 3_000_000
    part = httpx.get(f"{portal.base}/video/welcome.webm", headers={"range": "bytes=1000-1999"})
    assert (part.status_code, len(part.content), part.headers["content-type"]) == (206, 1000, "video/webm")
    for language in Language:
        captions = httpx.get(f"{portal.base}/video/welcome.{language.value[:2]}.vtt")
        assert captions.headers["content-type"].startswith("text/vtt")
        assert captions.text.startswith("WEBVTT")
        assert captions.text.count("-->") == 7


def test_welcome_leads_to_the_guide_and_shows_no_group_that_is_not_set(
    new_page: Callable[..., Page], people: People
) -> None:
    welcome = WelcomeScreen(new_page(owner_of(people))).open()
    expect(welcome.title).to_contain_text("linzhixia")
    expect(welcome.main.get_by_text(message("welcome.community_sample"))).to_be_visible()
    welcome.main.get_by_role("link", name="立即开始").click()
    welcome.stands_at("/onboarding")


@pytest.mark.parametrize(("group", "name"), [("wechat", "微信"), ("dingtalk", "钉钉")])
def test_the_groups_that_are_set_are_shown_as_codes(
    new_page: Callable[..., Page], people: People, group: str, name: str
) -> None:
    settings = {f"PORTAL_{group.upper()}_GROUP_URL": f"https://example.com/{group}"}
    with PortalServer.start(env=settings) as other, type(people)(other) as theirs:
        page = new_page(theirs.sign_in(theirs.user()), base_url=other.base)
        welcome = WelcomeScreen(page).open()
        code = welcome.main.get_by_role("img", name=f"使用{name}扫一扫加入")
        expect(code).to_be_visible()
        assert code.evaluate("(code) => code.naturalWidth") > 100
        drawn = segno.make(f"https://example.com/{group}", error="m")
        assert code.get_attribute("src") == drawn.svg_data_uri(scale=5, border=2, dark="#1c2024", light="#fff")
        expect(welcome.main.get_by_role("img", name=re.compile("扫一扫加入"))).to_have_count(1)
        page.close()
