"""`config`: every setting with where it comes from, and no secret."""

import json
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_config
from bot.origins import Setting, key_lines, settings
from bot.resources import packaged
from tests.bot_process import BotProcess

CANARY = "canary-5ecret"
TOML = f"""# A comment
[source]
kind = "query"
url = "postgresql+psycopg://reader:{CANARY}@127.0.0.1/notes?sslpassword={CANARY}"
query = '''
SELECT id, title,
  text = "no key", link FROM notes
'''
"poll" = "1m"

[accounts."my page"]
platform = "twitter"
cadence.every = "2h"
cadence.at_all = [
  1,
]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "bot.toml"
    file.write_text(TOML.replace("cadence.at_all = [\n  1,\n]\n", ""))
    return file


def found(file: Path) -> dict[str, Setting]:
    return {setting.key: setting for setting in settings(load_config(file))}


def test_it_finds_the_line_of_every_key_by_tomls_own_rules() -> None:
    assert {".".join(key): line for key, line in key_lines(TOML).items()} == {
        "source.kind": 3,
        "source.url": 4,
        "source.query": 5,
        "source.poll": 9,
        "accounts.my page.platform": 12,
        "accounts.my page.cadence.every": 13,
        "accounts.my page.cadence.at_all": 14,
    }


def test_every_key_of_the_shipped_file_is_found_on_its_line() -> None:
    text = packaged("config/bot.toml").read_text(encoding="utf-8")
    lines = text.split("\n")
    assert len(key_lines(text)) > 20
    for key, line in key_lines(text).items():
        assert lines[line - 1].startswith(f"{key[-1]} = ")


KEYS = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=6, unique=True)
VALUES = st.sampled_from(["1", '"x"', "'''\n[no]\nkey = 1\n'''", "[\n 1,\n # a comment\n]", '"""\\\n  folded"""'])


@given(KEYS, st.data())
def test_whatever_the_values_a_key_is_found_where_it_was_written(keys: list[str], data: st.DataObject) -> None:
    text, expected = "", {}
    for key in keys:
        expected[(key,)] = text.count("\n") + 1
        text += f"{key} = {data.draw(VALUES)}\n"
    tomllib.loads(text)
    assert key_lines(text) == expected


def test_each_value_says_where_it_is_from(file: Path) -> None:
    shown = found(file)
    assert (shown["source.poll"].value, shown["source.poll"].origin) == ("1m", "line 9")
    assert (shown["source.backlog"].value, shown["source.backlog"].origin) == (5, "default")
    assert shown["accounts.my page.cadence.every"].origin == "line 13"
    assert shown["source.url"].value == "postgresql+psycopg://reader:***@127.0.0.1/notes?sslpassword=masked"


def test_secrets_are_set_or_missing_and_never_shown(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = file.parent / "secret"
    secret.write_text(CANARY)
    (file.parent / "empty").write_text("\n")
    monkeypatch.setenv("BOT_MY_PAGE_CONSUMER_KEY", CANARY)
    monkeypatch.setenv("BOT_ALERTS", f"json://{CANARY}@127.0.0.1")
    monkeypatch.setenv("BOT_MY_PAGE_CONSUMER_SECRET_FILE", str(secret))
    (file.parent / ".env").write_text(
        f"BOT_MY_PAGE_ACCESS_TOKEN={CANARY}\nBOT_MY_PAGE_ACCESS_TOKEN_SECRET_FILE=empty\n"
    )
    shown = [(one.key, one.value, one.origin) for one in settings(load_config(file)) if one.secret]
    assert shown == [
        ("BOT_MY_PAGE_CONSUMER_KEY", "set", "environment"),
        ("BOT_MY_PAGE_CONSUMER_SECRET", "set", f"file {secret} (named in environment)"),
        ("BOT_MY_PAGE_ACCESS_TOKEN", "set", ".env"),
        ("BOT_MY_PAGE_ACCESS_TOKEN_SECRET", "missing", "file empty (named in .env) is empty"),
        ("BOT_ALERTS", "set", "environment"),
    ]
    assert CANARY not in repr(settings(load_config(file)))


def test_the_command_prints_a_table_or_json_without_a_secret(file: Path) -> None:
    bot = BotProcess(file.parent, {"BOT_MY_PAGE_CONSUMER_KEY": CANARY})
    shown = bot.run("config")
    assert shown.returncode == 0, shown.stderr
    as_json = bot.json("config")
    assert as_json["file"] == str(file)
    rows = list(zip(shown.stdout.splitlines()[1:], as_json["settings"], strict=True))
    assert all(row.startswith(one["key"]) and row.endswith(one["origin"]) for row, one in rows)
    assert len({row.removesuffix(one["origin"]).rfind("  ") for row, one in rows}) == 1, "the columns are aligned"
    assert [one["value"] for one in as_json["settings"] if one["key"] == "source.poll"] == ["1m"]
    assert CANARY not in shown.stdout + shown.stderr + json.dumps(as_json)


def test_a_mistake_is_named_instead(file: Path) -> None:
    file.write_text("[sourse]\n")
    done = BotProcess(file.parent).run("config")
    assert done.returncode == 2
    assert "sourse: unknown key; did you mean `source`?" in done.stderr
