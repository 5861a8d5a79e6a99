"""`show` explains a post: what was considered, used and given way, recorded or not, and with the source away."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.source.base import summary_key
from tests.bot_process import BotProcess, config_text, sandbox_environment
from tests.site import Site

ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
SOURCE = 'url = "sqlite:///site.db"\nbacklog = "all"'
GOOD = "The authors propose a method that halves the time of training without any loss of accuracy."
OTHER = "Experiments on five data sets show that the method needs no tuning at all."
CHATTER = "I really liked this paper."
KEY = summary_key("alpha", "1")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(site: Site, sandbox: Sandbox, tmp_path: Path) -> BotProcess:
    """A bot beside a site of one public and one private summary; no ledger yet."""
    site.paper("alpha", "Halving the time of training", tags="cs.LG")
    site.summary("alpha", 1, f"{CHATTER} {GOOD}\n\n{OTHER}")
    site.paper("secret", "A secret title")
    site.summary("secret", 1, f"Nobody may read this. {GOOD}", priv=True)
    bot = BotProcess(tmp_path, sandbox_environment(ACCOUNTS))
    bot.configure(config_text(SOURCE, sandbox.url))
    return bot


def shown(bot: BotProcess, *arguments: str) -> str:
    """What a `show` that must succeed prints, on one line."""
    done = bot.run("show", *arguments)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def considered(entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {sentence["text"]: sentence for sentence in entry["composed"]["considered"]}


def test_a_summary_that_no_ledger_knows_is_explained(bot: BotProcess) -> None:
    text = shown(bot, KEY)
    assert text.startswith(
        f"Halving the time of training summary {KEY} · not in the ledger yet twitter · as it would be"
    )
    assert f"twitter, facebook {GOOD}" in text
    assert re.search(rf"unfit {CHATTER} \w", text)
    assert not (bot.folder / "ledger.db").exists()
    entries = bot.json("show", KEY.upper())
    assert [(entry["account"], entry["id"], entry["state"]) for entry in entries] == [
        ("twitter", None, None),
        ("facebook", None, None),
    ]


def test_it_explains_the_very_post_of_the_preview(bot: BotProcess) -> None:
    entries = {entry["account"]: entry for entry in bot.json("show", KEY)}
    for post in bot.json("--dry-run"):
        composed = entries[post["account"]]["composed"]
        assert {name: composed[name] for name in ("text", "link", "length", "limit", "warnings")} == {
            name: post[name] for name in ("text", "link", "length", "limit", "warnings")
        }
        used = [text for text, sentence in considered(entries[post["account"]]).items() if sentence["used"]]
        assert GOOD in used
        assert all(text in post["text"] for text in used)
        assert considered(entries[post["account"]])[CHATTER]["score"] is None


def test_it_says_what_gave_way_for_length(bot: BotProcess, site: Site) -> None:
    site.paper("long", "A very long title " * 20)
    site.summary("long", 1, GOOD)
    key = summary_key("long", "1")
    twitter = bot.json("show", key)[0]["composed"]
    assert twitter["gave_way"][0] == "excerpt"
    assert twitter["gave_way"][-1] == "title"
    assert "title shortened" in twitter["warnings"]
    assert "gave way for length: excerpt" in shown(bot, key)


def test_a_delivery_is_explained_for_its_account_and_a_summary_for_all(bot: BotProcess, sandbox: Sandbox) -> None:
    assert bot.run("--once", "--account", "facebook", "--account", "twitter").returncode == 0
    entries = bot.json("show", KEY)
    assert [entry["state"] for entry in entries] == ["posted", "posted"]
    assert [entry["attempts"][0]["text"] for entry in entries] == [entry["composed"]["text"] for entry in entries]
    number = next(entry["id"] for entry in entries if entry["account"] == "facebook")
    assert [entry["account"] for entry in bot.json("show", str(number))] == ["facebook"]
    text = shown(bot, str(number))
    assert f"delivery {number} · facebook · posted" in text
    assert "facebook · as it would be now" in text
    assert "twitter" not in text


@pytest.mark.parametrize("key", [summary_key("secret", "1"), "0123456789abcdef", "0123456789012345"])
def test_a_private_summary_is_as_unknown_as_one_that_is_not_there(key: str, bot: BotProcess) -> None:
    for ledger in (False, True):
        done = bot.run("show", key)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"there is no delivery {key}: expected its number, or a summary's key")
        assert ledger or bot.run("--once", "--limit", "0").returncode == 0


def test_of_a_summary_made_private_only_the_ledger_tells(bot: BotProcess, site: Site) -> None:
    assert bot.run("--once", "--limit", "0").returncode == 0
    site.execute("UPDATE vignettes SET priv = true, text = 'Now a secret.' WHERE paperid = 'alpha'")
    text = shown(bot, KEY)
    assert "twitter · queued" in text
    assert "! no post to explain: the summary is private or gone by now" in text
    assert GOOD not in text
    assert "secret" not in text
    assert [entry["composed"] for entry in bot.json("show", KEY)] == [None, None]


def test_with_the_source_down_the_ledgers_story_is_told(bot: BotProcess, site: Site, sandbox: Sandbox) -> None:
    assert bot.run("--once").returncode == 0
    away = 'url = "postgresql+psycopg://reader:hidden@127.0.0.1:1/site"\nbacklog = "all"'
    bot.configure(config_text(away, sandbox.url))
    text = shown(bot, KEY)
    assert "twitter · posted" in text
    assert sandbox.posts("twitter")[0]["url"] in text
    assert "! the post cannot be explained: " in text
    assert "hidden" not in text
    entries = bot.json("show", KEY)
    assert all(entry["problem"].startswith("the post cannot be explained: ") for entry in entries)
    unknown = bot.run("show", "0123456789abcdef")
    assert (unknown.returncode, unknown.stdout) == (1, "")


def test_with_a_broken_template_the_ledgers_story_is_told(bot: BotProcess) -> None:
    assert bot.run("--once", "--limit", "0").returncode == 0
    (bot.folder / "templates").mkdir()
    (bot.folder / "templates" / "twitter.j2").write_text("{{ titel }}", encoding="utf-8")
    text = shown(bot, KEY)
    assert "twitter · queued" in text
    assert "twitter · cannot be composed: accounts.twitter.template: templates/twitter.j2, line 1: unknown name" in text


def test_an_account_that_is_not_configured_any_more_keeps_its_story(bot: BotProcess, sandbox: Sandbox) -> None:
    assert bot.run("--once", "--limit", "0").returncode == 0
    number = next(entry["id"] for entry in bot.json("show", KEY) if entry["account"] == "facebook")
    text = (bot.folder / "bot.toml").read_text()
    bot.configure(text.split("[accounts.facebook]")[0])
    assert "! no post to explain: the account is not configured any more" in shown(bot, str(number))
    told = {entry["account"]: entry["composed"] is None for entry in bot.json("show", KEY)}
    assert told == {"twitter": False, "facebook": True}


@pytest.mark.parametrize("which", ["7", "nonsense", "99999999999999999999", "0123456789abcde"])
def test_what_is_neither_number_nor_key_is_told_so(which: str, bot: BotProcess) -> None:
    assert bot.run("--once", "--limit", "0").returncode == 0
    done = bot.run("show", which)
    assert done.returncode == 2
    assert f"there is no delivery {which}: expected its number, or a summary's key of 16 hex digits" in done.stderr
