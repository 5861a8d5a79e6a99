"""The main job, from the site's own database to published posts, as its operator runs it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.sandbox import Sandbox
from tests.bot_process import ROOT, BotProcess, config_text, sandbox_environment, wait_until
from tests.conftest import select_only_user
from tests.site import Site

DATA = ROOT.parent / "shared" / "data" / "shortscience"
ACCOUNTS = {"twitter": "twitter", "facebook": "facebook"}
CANARY_AUTHOR = "zanzibar-canary"

QUERY = """
SELECT v.paperid || '/' || v.userid AS id, p.title, v.text, p.authors, p.year, p.abstract, p.tags,
       'http://www.shortscience.org/paper?bibtexKey=' || v.paperid AS link, v.added AS published, v.edited
  FROM vignettes v JOIN papers p ON p.bibtexKey = v.paperid WHERE NOT v.priv
"""
MYSQL_QUERY = (
    QUERY.replace("v.paperid || '/' || v.userid", "CONCAT(v.paperid, '/', v.userid)")
    .replace(
        "'http://www.shortscience.org/paper?bibtexKey=' || v.paperid",
        "CONCAT('http://www.shortscience.org/paper?bibtexKey=', v.paperid)",
    )
    .replace("p.bibtexKey", "p.`bibtexKey`")
)
POSTGRES_QUERY = QUERY.replace("p.bibtexKey", 'p.\\"bibtexKey\\"')


@dataclass
class Setting:
    """A filled database, the lines of [source] that read it, and a way to change it as the site would."""

    source: str
    owner: Site


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    return BotProcess(tmp_path, sandbox_environment(ACCOUNTS))


@pytest.fixture
def dump(mysql_database: str) -> Iterator[Setting]:
    """The site's own dump in MariaDB, for a user that may only SELECT."""
    _need(DATA / "shortscience.sql")
    url = make_url(mysql_database)
    client = shutil.which("mariadb") or shutil.which("mysql") or "mysql"
    login = ["-h", str(url.host), "-P", str(url.port), "-u", str(url.username), "--default-character-set=latin1"]
    with (DATA / "shortscience.sql").open("rb") as dump:
        subprocess.run([client, *login, str(url.database)], stdin=dump, check=True, timeout=60)
    owner = Site(mysql_database)
    with select_only_user(mysql_database) as reader:
        yield Setting(f'url = "{reader}"\ntext_encoding = "utf8-in-latin1"', owner)
    owner.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ported(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Setting]:
    """The same ten summaries in the site's tables on SQLite and PostgreSQL."""
    _need(DATA / "summaries.json")
    if request.param == "sqlite":
        owner = Site(f"sqlite:///{tmp_path / 'site.db'}")
        _fill(owner)
        yield Setting('url = "sqlite:///site.db"', owner)
    else:
        owner = Site(request.getfixturevalue("postgres_database"))
        _fill(owner)
        with select_only_user(owner.url) as reader:
            yield Setting(f'url = "{reader}"', owner)
    owner.engine.dispose()


def _need(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"{path} is not here; the shared data folder belongs beside the checkout")


def _fill(site: Site) -> None:
    users: dict[str, int] = {}
    for entry in json.loads((DATA / "summaries.json").read_text(encoding="utf-8")):
        if entry["username"] not in users:
            users[entry["username"]] = site.user(len(users) + 1, entry["username"])
        columns = {name: entry[name] for name in ("authors", "year", "venue", "tags", "urls", "abstract")}
        site.paper(entry["paperid"], entry["title"], **columns)
        added = datetime.fromisoformat(entry["added"])
        site.summary(entry["paperid"], users[entry["username"]], entry["text"], votes=entry["votes"], added=added)


def configure(bot: BotProcess, setting: Setting, sandbox: Sandbox, more: str = "") -> None:
    source = f'{setting.source}\nbacklog = "all"\n{more}'
    bot.configure(config_text(source, sandbox.url))


def count(sandbox: Sandbox, platform: str) -> int:
    return len(sandbox.posts(platform))


def publishes_ten_on_each_and_none_again(bot: BotProcess, sandbox: Sandbox) -> None:
    plans = bot.json("--dry-run")
    assert [sum(plan["account"] == name for plan in plans) for name in ACCOUNTS] == [10, 10]
    assert sandbox.posts() == []
    assert not (bot.folder / "ledger.db").exists()
    done = bot.run("--once")
    assert done.returncode == 0, done.stderr
    assert (count(sandbox, "twitter"), count(sandbox, "facebook")) == (10, 10)
    assert {post["text"] for post in sandbox.posts("facebook")} == {
        plan["text"] for plan in plans if plan["platform"] == "facebook"
    }
    assert bot.run("--once").returncode == 0
    assert len(sandbox.posts()) == 20


@pytest.mark.mysql
def test_the_sites_own_database_becomes_ten_posts_on_each_platform(
    dump: Setting, bot: BotProcess, sandbox: Sandbox
) -> None:
    configure(bot, dump, sandbox)
    publishes_ten_on_each_and_none_again(bot, sandbox)


@pytest.mark.mysql
def test_the_sites_bytes_are_read_right_in_the_preview(dump: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    configure(bot, dump, sandbox)
    texts = " ".join(plan["text"] for plan in bot.json("--dry-run"))
    assert "layer’s" in texts
    assert "â" not in texts


def test_the_same_on_postgresql_and_sqlite(ported: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    configure(bot, ported, sandbox)
    publishes_ten_on_each_and_none_again(bot, sandbox)


def test_the_same_through_a_query_of_the_operators(ported: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    query = POSTGRES_QUERY if ported.owner.backend == "postgresql" else QUERY
    setting = Setting(f'{ported.source}\nkind = "query"\nquery = """{query}"""', ported.owner)
    configure(bot, setting, sandbox)
    publishes_ten_on_each_and_none_again(bot, sandbox)


@pytest.mark.mysql
def test_the_same_through_a_query_on_mariadb(dump: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    setting = Setting(f'{dump.source}\nkind = "query"\nquery = """{MYSQL_QUERY}"""', dump.owner)
    configure(bot, setting, sandbox)
    publishes_ten_on_each_and_none_again(bot, sandbox)


# --- the daemon -------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """What happens at the site while the daemon runs."""

    site: Site

    def save(self, paperid: str, userid: int, *, text: str | None = None, priv: int | None = None) -> None:
        """As the site saves: an upsert that bumps `edited`, and never touches `added`."""
        for column, value in (("text", text), ("priv", priv)):
            if value is not None:
                typed = bool(value) if column == "priv" else value
                self.site.execute(
                    f"UPDATE vignettes SET {column} = :value, edited = :now WHERE paperid = :paper AND userid = :user",
                    value=typed,
                    now=datetime.now(UTC).replace(tzinfo=None),
                    paper=paperid,
                    user=userid,
                )

    def delete(self, paperid: str) -> None:
        self.site.execute("DELETE FROM vignettes WHERE paperid = :paper", paper=paperid)


def private_drafts(site: Site) -> None:
    """A private draft of long ago, an anonymous one, and the author whose name must appear nowhere."""
    old = datetime(2015, 1, 1)
    site.user(901, CANARY_AUTHOR, CANARY_AUTHOR)
    site.user(902, "plain-author")
    for key, user, anonymous in (("draft/a", 902, False), ("draft/anon", 901, True), ("draft/withdrawn", 902, False)):
        site.paper(key, f"Paper {key}")
        site.summary(key, user, f"The authors present a method for {key}.", priv=True, anon=anonymous, added=old)
    site.paper("draft/deleted", "Paper draft/deleted")
    site.summary("draft/deleted", 902, "The authors delete a method.", priv=True, added=old)


def lives_through_a_day_at_the_site(setting: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    life = Life(setting.owner)
    private_drafts(setting.owner)
    configure(bot, setting, sandbox, more='poll = "1s"')
    with bot.daemon("--log-level", "debug") as daemon:
        wait_until(lambda: len(sandbox.posts()) == 20, "the backlog")

        life.save("krizhevsky2012imagenet", _user_of(setting.owner, "krizhevsky2012imagenet"), text="Edited. It works.")
        life.save("draft/a", 902, priv=0)
        wait_until(lambda: len(sandbox.posts()) == 22, "the draft that became public")

        life.save("draft/anon", 901, priv=0)
        wait_until(lambda: len(sandbox.posts()) == 24, "the anonymous one")

        # Both accounts are paused, so that what is queued now can change before it is sent.
        for name in ACCOUNTS:
            assert bot.run("pause", name).returncode == 0
        life.save("draft/withdrawn", 902, priv=0)
        life.save("draft/deleted", 902, priv=0)
        wait_until(lambda: _states(bot).get("queued") == 4, "two queued deliveries on each account")
        life.save("draft/withdrawn", 902, priv=1)
        life.delete("draft/deleted")
        for name in ACCOUNTS:
            assert bot.run("resume", name).returncode == 0
        wait_until(lambda: _states(bot).get("withdrawn") == 4, "both to be withdrawn")
        said = daemon.said()

    assert len(sandbox.posts()) == 24
    titles = [post["text"].split("\n")[0] for post in sandbox.posts("twitter")]
    assert len(titles) == len(set(titles))
    _author_is_nowhere(bot, sandbox, said)


def _user_of(site: Site, paperid: str) -> int:
    with site.engine.connect() as connection:
        return int(
            connection.execute(text("SELECT userid FROM vignettes WHERE paperid = :p"), {"p": paperid}).scalar_one()
        )


def _states(bot: BotProcess) -> dict[str, int]:
    states: dict[str, int] = {}
    for account in bot.json("status")["accounts"]:
        for state, number in account["states"].items():
            states[state] = states.get(state, 0) + number
    return states


def _author_is_nowhere(bot: BotProcess, sandbox: Sandbox, said: str) -> None:
    assert any("draft/anon" in post["text"] for post in sandbox.posts())
    assert CANARY_AUTHOR not in json.dumps(sandbox.posts())
    assert CANARY_AUTHOR not in said
    assert CANARY_AUTHOR not in bot.run("history", "--limit", "100").stdout
    for file in bot.folder.glob("ledger.db*"):
        assert CANARY_AUTHOR.encode() not in file.read_bytes()
    (bot.folder / "ledger.db").unlink()
    preview = bot.run("--dry-run", "--limit", "100", "--log-level", "debug")
    assert "draft/anon" in preview.stdout
    assert CANARY_AUTHOR not in preview.stdout + preview.stderr


@pytest.mark.mysql
def test_the_daemon_lives_with_the_site_on_mariadb(dump: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    lives_through_a_day_at_the_site(dump, bot, sandbox)


def test_the_daemon_lives_with_the_site_elsewhere(ported: Setting, bot: BotProcess, sandbox: Sandbox) -> None:
    lives_through_a_day_at_the_site(ported, bot, sandbox)


def test_a_source_that_goes_away_is_reported_and_comes_back_without_a_loss(
    tmp_path: Path, bot: BotProcess, sandbox: Sandbox
) -> None:
    site = Site(f"sqlite:///{tmp_path / 'site.db'}")
    site.user(1, "author")
    configure(bot, Setting('url = "sqlite:///site.db"', site), sandbox, more='poll = "1s"')
    with bot.daemon() as daemon:
        wait_until(lambda: "first start recorded" in daemon.said(), "the first start")
        (tmp_path / "site.db").rename(tmp_path / "away.db")
        wait_until(lambda: "the source cannot be read" in daemon.said(), "the report")
        (tmp_path / "away.db").rename(tmp_path / "site.db")
        site.paper("new", "A new paper")
        site.summary("new", 1, "The authors find something.", added=datetime.now(UTC).replace(tzinfo=None))
        wait_until(lambda: len(sandbox.posts()) == 2, "the summary published meanwhile")
    site.engine.dispose()
