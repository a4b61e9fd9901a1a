"""Installing: the environment is what the locks say, and a machine that lacks something hears what."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tools import install

ROOT = Path(__file__).parents[3]
LOCK = """\
a-b==1.0 \\
    --hash=sha256:11 \\
    --hash=sha256:12
    # via c
Setup_Tools[extra]==2.0 ; python_version < "3.12" \\
    --hash=sha256:21
# a remark
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with one lock, in which nothing is really installed."""
    (tmp_path / "requirements.lock").write_text(LOCK)
    environment = tmp_path / ".venv"
    for name, path in (
        ("ROOT", tmp_path),
        ("VENV", environment),
        ("PYTHON", environment / "bin" / "python"),
        ("UV", environment / "bin" / "uv"),
        ("STAMP", environment / "portal-install.stamp"),
    ):
        monkeypatch.setattr(install, name, path)
    return tmp_path


def test_a_lock_is_read_package_by_package() -> None:
    found = install.locked(LOCK)
    assert list(found) == ["a-b", "setup-tools"]
    assert [line.strip(" \\") for line in found["a-b"]] == [
        "a-b==1.0",
        "--hash=sha256:11",
        "--hash=sha256:12",
        "# via c",
    ]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", install.INSTALLER])
def test_every_package_of_our_locks_is_found_with_its_hashes(name: str) -> None:
    lock = (ROOT / name).read_text()
    found = install.locked(lock)
    named = [line.partition("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert set(found) == {install.normal(name.partition("[")[0]) for name in named}
    assert all(any("--hash=sha256:" in line for line in lines) for lines in found.values())


def test_the_build_backend_is_locked() -> None:
    assert "setuptools" in install.locked((ROOT / "requirements.lock").read_text())


def test_what_no_lock_names_any_more_goes_and_pip_stays() -> None:
    installed = {"A_B", "setup.tools", "gone", "pip", "of-the-tests"}
    assert install.dropped(installed, [LOCK, "of_the.tests==1 \\\n    --hash=sha256:31\n"]) == ["gone"]


def test_an_environment_that_holds_the_lock_is_left_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install.PYTHON.parent.mkdir(parents=True)
    install.PYTHON.touch()
    install.STAMP.write_text(install.stamp("requirements.lock", LOCK.encode()))
    monkeypatch.setattr(install, "_install", _never)
    assert install.main(["requirements.lock"]) == 0


def test_another_lock_is_installed_and_noted(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def run(*arguments: str, python: Path | None = None) -> int:
        asked.append(arguments)
        assert python in {None, install.PYTHON}
        return 0

    monkeypatch.setattr(install, "_create", lambda: True)
    monkeypatch.setattr(install, "_install_backend", partial(_answer, 0))
    monkeypatch.setattr(install, "_install", run)
    monkeypatch.setattr(install, "_uninstall_dropped", lambda: 0)
    monkeypatch.setattr(install, "_link_project", install.VENV.mkdir)
    assert install.main(["requirements.lock"]) == 0
    assert asked == [("-r", install.INSTALLER), ("-r", "requirements.lock")]
    assert install.STAMP.read_text() == install.stamp("requirements.lock", LOCK.encode())


def test_a_failed_install_is_not_noted(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_create", lambda: True)
    monkeypatch.setattr(install, "_install", partial(_answer, 0))
    monkeypatch.setattr(install, "_install_backend", partial(_answer, 3))
    assert install.main(["requirements.lock"]) == 3
    assert not install.STAMP.exists()


def test_uv_asks_the_registry_that_pip_was_told_of() -> None:
    said = ":env:.cert='/etc/ca.pem'\nglobal.index-url='https://mirror.example/simple'\nglobal.timeout='9'\n"
    told = install.uv_settings(said, {"PATH": "/bin"})
    assert told == {
        "PATH": "/bin",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
    }
    assert install.uv_settings(said, told | {"UV_DEFAULT_INDEX": "https://own.example"})["UV_DEFAULT_INDEX"] == (
        "https://own.example"
    )


@pytest.mark.parametrize(("uv", "tools"), [("", ["pip"]), ("exit 0", ["uv"]), ("exit 2", ["uv", "pip"])])
def test_pip_installs_where_uv_cannot(place: Path, uv: str, tools: list[str]) -> None:
    install.PYTHON.parent.mkdir(parents=True)
    programs = {install.PYTHON: 'case "$*" in *install*) echo pip >> ran;; esac'}
    if uv:
        programs[install.UV] = f"echo uv >> ran; {uv}"
    for path, script in programs.items():
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    assert install._install("-r", "requirements.lock") == 0
    assert (place / "ran").read_text().split() == tools


@pytest.mark.parametrize("problem", [subprocess.CalledProcessError(1, "ensurepip"), ImportError("ensurepip")])
def test_a_python_without_pip_is_told_in_one_line_and_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], problem: Exception
) -> None:
    monkeypatch.setattr(install.venv, "create", _half_made(problem))
    assert install.main(["requirements.lock"]) == 2
    assert not install.VENV.exists()
    said = capsys.readouterr()
    assert said.out.splitlines()[1:] == [install.NO_PIP]
    assert "python3-venv" in install.NO_PIP
    assert said.err == ""


def test_an_environment_left_half_made_is_made_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install.PYTHON.parent.mkdir(parents=True)
    install.PYTHON.touch()
    monkeypatch.setattr(install.venv, "create", _half_made(ImportError("ensurepip")))
    assert install.main(["requirements.lock"]) == 2
    assert not install.VENV.exists()
    assert install.NO_PIP in capsys.readouterr().out


def _half_made(problem: Exception) -> Callable[..., None]:
    def create(place: Path, *, with_pip: bool) -> None:
        assert with_pip
        (place / "bin").mkdir(parents=True, exist_ok=True)
        (place / "bin" / "python").touch()
        raise problem

    return create


def _answer(code: int, *_arguments: object) -> int:
    return code


def _never(*_arguments: str) -> int:
    raise AssertionError("nothing is to be installed")
