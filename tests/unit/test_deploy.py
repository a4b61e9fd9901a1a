"""The container image, the compose file and the systemd unit, checked without a container engine or systemd running."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from guance_portal.core.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = ("Dockerfile", "compose.yaml", "env.example", "guance-portal.service", "Caddyfile")
# Variables that are not the portal's own: what the compose file hands to Caddy and PostgreSQL.
OTHERS = {"PORTAL_DOMAIN"}
_VARIABLE = re.compile(r"\b(?:PORTAL|REFLEX)_[A-Z_]+\b|\bPORT\b")


def _settings() -> set[str]:
    fields = Settings.model_fields.items()
    return {str(field.validation_alias or f"PORTAL_{name.upper()}") for name, field in fields}


def _run(*command: str | Path) -> str:
    """The output of a command that failed; nothing of one that did not."""
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    return outcome.stdout + outcome.stderr if outcome.returncode else ""


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_a_setting(name: str) -> None:
    named = set(_VARIABLE.findall((DEPLOY / name).read_text("utf-8")))
    assert named - _settings() - OTHERS == set()


@pytest.mark.skipif(sys.platform != "linux", reason="the linter's package has no other build here")
def test_a_linter_accepts_the_dockerfile() -> None:
    assert not _run(Path(sys.executable).with_name("hadolint"), DEPLOY / "Dockerfile")


def test_what_the_dockerfile_copies_exists_and_is_not_ignored() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    paths = " ".join(copied).split()
    assert [path for path in paths if path in ignored or not (ROOT / path).exists()] == []


def test_the_image_gets_every_file_of_the_build() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    needed = {"guance_portal", "assets", "migrations", "tools", "rxconfig.py", "reflex.lock", "requirements.lock"}
    assert needed & set(ignored) == set()


def test_the_health_check_of_the_image_exists() -> None:
    command = re.search(r"HEALTHCHECK.*?CMD \[(.+?)\]", (DEPLOY / "Dockerfile").read_text("utf-8"), re.DOTALL)
    assert command
    script = command[1].split(", ")[1].strip('"')
    assert (ROOT / script).is_file()


def test_the_health_check_fails_when_no_portal_answers() -> None:
    command = [sys.executable, ROOT / "tools" / "healthy.py"]
    outcome = subprocess.run(command, env={"PORT": "1"}, capture_output=True, check=False)
    assert outcome.returncode == 1


def test_the_compose_file_follows_its_specification() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    assert not _run(checker, "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_the_compose_file_names_files_that_exist() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    build = compose["services"]["portal"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    mounts = [volume for service in compose["services"].values() for volume in service.get("volumes", [])]
    files = [mount.partition(":")[0] for mount in mounts if mount.startswith(".")]
    assert [path for path in files if not (DEPLOY / path).is_file()] == []


def test_every_variable_of_the_compose_file_is_explained_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    explained = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text("utf-8"), re.MULTILINE))
    assert wanted == explained


def test_the_systemd_unit_is_valid(tmp_path: Path) -> None:
    if not (analyze := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is not installed here")
    unit = tmp_path / "guance-portal.service"
    text = (DEPLOY / "guance-portal.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/portal", str(ROOT)), "utf-8")
    assert not _run(analyze, "verify", "--man=no", unit)


def test_the_systemd_unit_starts_a_command_that_is_installed() -> None:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # pyright: ignore[reportAttributeAccessIssue] - the standard way to keep the case of keys
    unit.read(DEPLOY / "guance-portal.service", "utf-8")
    command = unit["Service"]["ExecStart"].split()[0].replace("/opt/portal", str(ROOT))
    assert Path(command).is_file()


def test_the_image_is_built_in_one_stage_and_runs_in_another_as_an_ordinary_user() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    stages = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    assert len(stages) == 2
    [user] = [line.removeprefix("USER ") for line in lines[stages[1] :] if line.startswith("USER ")]
    assert all(int(number) > 0 for number in user.split(":"))


def test_the_portal_of_the_compose_file_can_write_to_its_data_alone() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    portal = compose["services"]["portal"]
    data_dir = re.search(r"PORTAL_DATA_DIR=(\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"))
    assert data_dir
    assert (portal["read_only"], portal["cap_drop"]) == (True, ["ALL"])
    assert [volume.partition(":")[2] for volume in portal["volumes"]] == [data_dir[1]]


def test_the_hooks_before_a_commit_run_the_locked_ruff() -> None:
    hooks: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    entries = [hook["entry"] for repository in hooks["repos"] for hook in repository["hooks"]]
    assert [entry.split()[:2] for entry in entries] == [[".venv/bin/ruff", "check"], [".venv/bin/ruff", "format"]]
    assert re.search(r"^ruff==", (ROOT / "requirements-dev.lock").read_text("utf-8"), re.MULTILINE)
