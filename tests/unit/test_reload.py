"""Noticing that files have changed, and what of new settings must wait for a restart."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import load_config
from bot.reload import Watch, until_restart
from bot.runtime import Parts

SETTINGS = """
[ledger]
url = "sqlite:///ledger.db"
[accounts.twitter]
platform = "twitter"
[accounts.twitter.cadence]
every = "2h"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "bot.toml").write_text(SETTINGS)
    (tmp_path / "templates" / "parts").mkdir(parents=True)
    (tmp_path / "templates" / "twitter.j2").write_text("{{ link }}")
    (tmp_path / "secret").write_text("one")
    return tmp_path


def watch(folder: Path) -> Watch:
    return Watch(load_config(folder / "bot.toml"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "the settings": lambda folder: (folder / "bot.toml").write_text(SETTINGS + "\n"),
    "the settings, replaced by renaming": lambda folder: _rename_into(folder / "bot.toml", SETTINGS),
    "the settings, gone": lambda folder: (folder / "bot.toml").unlink(),
    "a template": lambda folder: (folder / "templates/twitter.j2").write_text("{{ title }}"),
    "a new template in a folder": lambda folder: (folder / "templates/parts/tail.j2").write_text(""),
    "a template, gone": lambda folder: (folder / "templates/twitter.j2").unlink(),
    ".env, new": lambda folder: (folder / ".env").write_text("BOT_A=b"),
    "a file that the environment names": lambda folder: (folder / "secret").write_text("another"),
}


def _rename_into(file: Path, text: str) -> None:
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_noticed_once_it_holds_still(what: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TWITTER_ACCESS_TOKEN_FILE", str(folder / "secret"))
    watched = watch(folder)
    assert not watched.changed()
    CHANGES[what](folder)
    assert [watched.changed(), watched.changed()] == [False, True]
    watched.reading()
    assert [watched.changed(), watched.changed()] == [False, False]


def test_a_file_that_is_still_being_written_is_left_alone(folder: Path) -> None:
    watched = watch(folder)
    with (folder / "bot.toml").open("w") as file:
        for line in SETTINGS.splitlines(keepends=True)[1:]:
            file.write(line)
            file.flush()
            assert not watched.changed()
    assert watched.changed()


def test_a_file_that_env_names_is_watched_from_the_next_reading_on(folder: Path) -> None:
    watched = watch(folder)
    (folder / ".env").write_text(f"BOT_TWITTER_ACCESS_TOKEN_FILE={folder / 'secret'}\n")
    assert [watched.changed(), watched.changed()] == [False, True]
    watched.reading()
    (folder / "secret").write_text("another")
    assert [watched.changed(), watched.changed()] == [False, True]


def test_what_cannot_be_read_does_not_end_the_watch(folder: Path) -> None:
    (folder / ".env").write_bytes(b"\xff\xfe\x00")
    assert not watch(folder).changed()


def test_the_ledgers_address_waits_for_a_restart_and_the_rest_is_taken(folder: Path) -> None:
    old = load_config(folder / "bot.toml")
    (folder / "bot.toml").write_text(SETTINGS.replace("ledger.db", "other.db").replace("2h", "3h"))
    new = load_config(folder / "bot.toml")
    config, kept = until_restart(Parts(new, {}, {}), old)
    assert kept == ("ledger.url",)
    assert config.ledger == old.ledger
    assert config.accounts == new.accounts
    assert until_restart(Parts(old, {}, {}), old) == (old, ())
