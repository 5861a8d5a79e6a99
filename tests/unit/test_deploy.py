"""The files in deploy/ fit the project: what they name is there, and they allow what the bot needs."""

import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import bot
from bot.daemon import PATIENCE
from bot.settings import AccountTable
from tests.bot_process import ROOT

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "shortscience-bot.service"
# Those of systemd 254, which 252 mentions and passes over.
NEWER_KEYS = ("RestartSteps", "RestartMaxDelaySec")
systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (apt: systemd)")


@pytest.fixture
def service() -> dict[str, str]:
    """The unit's [Service]; of keys that stand there more than once, the last."""
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(UNIT, encoding="utf-8")
    return dict(unit["Service"])


def dockerfile() -> list[list[str]]:
    """Its instructions, a list of words each; lines that go on are one."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def of_project(path: str) -> Path:
    """Where a path of the installed project lies here."""
    return ROOT / Path(path).relative_to("/opt/shortscience-bot")


# --- systemd ----------------------------------------------------------------------------------------------------


@systemd
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/shortscience-bot/.venv/bin/python", sys.executable)
    here.write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stderr.splitlines() if not any(f"'{key}'" in line for key in NEWER_KEYS)]
    assert [line for line in complaints if UNIT.name in line] == []


@systemd
def test_systemd_finds_little_that_the_unit_could_still_forbid() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", UNIT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout[-300:]


def test_the_unit_starts_what_is_there(service: dict[str, str]) -> None:
    words = shlex.split(service["ExecStart"])
    assert words[0] == "/opt/shortscience-bot/.venv/bin/python"
    assert of_project(words[2]).is_file()
    assert subprocess.run([sys.executable, of_project(words[2]), "--help"], capture_output=True).returncode == 0
    assert words[3] in {option for parameter in bot.params for option in parameter.opts}


def test_the_unit_gives_what_is_in_flight_its_time(service: dict[str, str]) -> None:
    timeout = AccountTable.model_fields["timeout"].default
    # What is in flight, and then what the daemon waits for at most: its own threads, one after the other.
    assert timedelta(seconds=int(service["TimeoutStopSec"])) > timeout + 3 * PATIENCE


def test_the_unit_does_not_restart_after_a_mistake_in_the_settings(service: dict[str, str]) -> None:
    assert "2" in service["RestartPreventExitStatus"].split()
    assert (service["Type"], service["Restart"]) == ("notify", "on-failure")


# --- Docker -----------------------------------------------------------------------------------------------------


def copies() -> list[tuple[list[str], str]]:
    """What the Dockerfile copies from the project: the sources, and where to."""
    words = [line[1:] for line in dockerfile() if line[0] == "COPY" and not line[1].startswith("--from")]
    return [(sources, target) for *sources, target in words]


def test_what_the_image_is_made_of_is_there_and_not_ignored() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    wanted = {source for sources, _ in copies() for source in sources}
    assert wanted == allowed
    assert [name for name in wanted if not (ROOT / name).exists()] == []
    assert ignored.index("*") < ignored.index("!bot")


def test_what_the_image_holds_is_enough_for_the_bot(tmp_path: Path) -> None:
    for sources, target in copies():
        for source in sources:
            place = tmp_path / target if len(sources) == 1 and target != "." else tmp_path / target / source
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, place)
    (entry,) = (line for line in dockerfile() if line[0] == "ENTRYPOINT")
    words = [word.strip('[],"') for word in entry[1:]]
    assert words[0] == "python"
    inside = [str(tmp_path / Path(word).relative_to("/app")) if word.startswith("/app") else word for word in words[1:]]
    shutil.copytree(ROOT / "config", tmp_path / "config")
    for arguments in (["--dry-run", "--limit", "1"], ["--once", "--sandbox", "--limit", "0"]):
        command = [sys.executable, *inside, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, env={})
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "var").is_dir()


def test_the_image_runs_as_nobody_in_particular_and_keeps_its_ledger() -> None:
    instructions = {line[0]: line[1:] for line in dockerfile()}
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", instructions["USER"][0])
    assert instructions["VOLUME"] == ["/app/var"]
    # The form with brackets: a shell in between would keep SIGTERM to itself.
    assert instructions["ENTRYPOINT"][0].startswith("[")


def test_the_composition_fits_the_image() -> None:
    composed: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert (DEPLOY / composed["build"]["context"]).resolve() == ROOT
    assert (ROOT / composed["build"]["dockerfile"]).is_file()
    assert [volume.split(":")[1] for volume in composed["volumes"]] == ["/app/config", "/app/var"]
    timeout = AccountTable.model_fields["timeout"].default
    assert timedelta(seconds=int(composed["stop_grace_period"].rstrip("s"))) > timeout + 3 * PATIENCE


# --- cron -------------------------------------------------------------------------------------------------------


def test_the_line_for_cron_runs_often_enough_to_meet_every_slot() -> None:
    lines = (DEPLOY / "cron.example").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line and not line.startswith("#") and "=" not in line.split()[0])
    minutes, *when = line.split(maxsplit=5)[:5]
    assert (minutes, when) == ("*/10", ["*"] * 4)
    # For cron, a per cent sign is the end of the line.
    assert "%" not in line
    script = re.search(r"python -B (\S+) --once", line)
    assert script is not None
    assert of_project(script[1]).is_file()
