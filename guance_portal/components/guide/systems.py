"""Install commands of DataKit, one tab a system."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import TextLike
from guance_portal.components.guide.guide import step
from guance_portal.components.guide.token import command, token_actions
from guance_portal.components.icons import icon
from guance_portal.components.messages import text
from guance_portal.state.guide import GuideState

DATAWAY = "{gateway}?token={token}"
_UNIX = f'DK_DATAWAY="{DATAWAY}" \\\n  bash -c "$(curl -L https://static.guance.com/datakit/install.sh)"'
_WINDOWS = (
    "Remove-Item -ErrorAction SilentlyContinue Env:DK_*;\n"
    f'$env:DK_DATAWAY="{DATAWAY}";\n'
    "Set-ExecutionPolicy Bypass -scope Process -Force;\n"
    "Import-Module bitstransfer;\n"
    "start-bitstransfer -source https://static.guance.com/datakit/install.ps1 -destination .install.ps1;\n"
    "powershell ./.install.ps1;"
)
_HELM_REPO = "helm repo add datakit https://pubrepo.guance.com/chartrepo/datakit"
_HELM_INSTALL = (
    "helm install datakit datakit/datakit -n datakit \\\n"
    f'  --set datakit.dataway_url="{DATAWAY}" \\\n'
    "  --create-namespace"
)
_TEST_LINE = "onboarding_test,host=my-first-host value=1"
_CURL = f'curl "{{gateway}}/v1/write/metric?token={{token}}" \\\n  --data-binary "{_TEST_LINE}"'
_POWERSHELL = (
    f'Invoke-RestMethod -Method Post -Uri "{{gateway}}/v1/write/metric?token={{token}}" `\n  -Body "{_TEST_LINE}"'
)

SYSTEMS = (
    ("linux", "Linux", "terminal"),
    ("macos", "macOS", "laptop"),
    ("windows", "Windows", "app-window"),
    ("kubernetes", "Kubernetes", "ship-wheel"),
    ("helm", "Helm", "package"),
)


class _Systems(rx.Component):
    library = "$/public/systems.js"
    tag = "Systems"

    names: rx.Var[list[str]]
    labels: rx.Var[list[str]]
    icons: rx.Var[list[rx.Component]]
    label: rx.Var[str]


def systems() -> rx.Component:
    """The tabs, each with its steps."""
    return _Systems.create(
        _panel("linux", _install(_UNIX)),
        _panel("macos", _install(_UNIX)),
        _panel("windows", _install(_WINDOWS), test=_POWERSHELL),
        _panel("kubernetes", _kubernetes()),
        _panel("helm", _helm()),
        names=[name for name, _, _ in SYSTEMS],
        labels=[label for _, label, _ in SYSTEMS],
        icons=[icon(shown) for _, _, shown in SYSTEMS],
        label=text("guide.systems"),
    )


def _panel(name: str, install: list[rx.Component], test: str = _CURL) -> rx.Component:
    return rx.el.div(
        step(1, text("guide.prepare"), rx.el.p(text(f"guide.prepare_{name}")), is_done=GuideState.is_installed),
        step(2, text("guide.install"), *install, is_done=GuideState.is_installed, actions=token_actions()),
        rx.el.details(
            rx.el.summary(icon("flask-conical"), rx.el.span(text("guide.test")), icon("chevron-down", 14)),
            rx.el.p(text("guide.test_lead")),
            command(test, text("guide.test_name")),
            class_name="gc-help gc-guide-test",
        ),
        class_name="gc-guide-steps",
    )


def _install(line: str) -> list[rx.Component]:
    return [_note_first(), command(line, text("guide.install_name")), _note_last()]


def _kubernetes() -> list[rx.Component]:
    return [
        _note_first(),
        *_part(text("guide.yaml_get"), "curl -LO https://static.guance.com/datakit/datakit.yaml"),
        *_part(text("guide.yaml_edit"), f'- name: ENV_DATAWAY\n  value: "{DATAWAY}"'),
        *_part(text("guide.yaml_apply"), "kubectl apply -f datakit.yaml\nkubectl get pod -n datakit"),
        _note_last(),
    ]


def _helm() -> list[rx.Component]:
    return [
        _note_first(),
        *_part(text("guide.helm_repo"), _HELM_REPO),
        *_part(text("guide.helm_install"), _HELM_INSTALL),
        _note_last(),
    ]


def _part(words: TextLike, line: str) -> list[rx.Component]:
    return [rx.el.p(words), command(line, words)]


def _note_first() -> rx.Component:
    return rx.cond(GuideState.is_manager, rx.fragment(), rx.el.p(text("guide.ask_manager")))


def _note_last() -> rx.Component:
    return rx.el.p(rx.cond(GuideState.is_manager, text("guide.keep_secret"), text("guide.without_secret")))
