"""The settings: what is shipped, and what is said of mistakes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import load_config
from bot.mistakes import ConfigMistakes
from bot.resources import packaged
from bot.runtime import build_accounts
from bot.runtime import mistakes as mistakes_in
from bot.secrets import credentials, surroundings
from bot.settings import TwitterAccount
from tests.unit.formatter.samples import a_summary

GOOD = """
[accounts.twitter]
platform = "twitter"
[accounts.twitter.cadence]
every = "2h"
"""

HASHTAGS = """
[hashtags]
"cs.CL" = "#Linguistics"
"cs.LG" = ""
"word embeddings" = "#Words"
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "bot.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigMistakes) as caught:
        load_config(write(folder, text))
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_file_is_valid_and_says_what_the_contract_says() -> None:
    config = load_config(packaged("config/bot.toml"))
    twitter = config.accounts["twitter"]
    assert isinstance(twitter, TwitterAccount)
    assert (config.source.url, config.source.backlog, config.source.max_new_per_pull) == ("sample", 5, 50)
    assert (twitter.settle, twitter.cadence.every) == (timedelta(minutes=15), timedelta(hours=2))
    assert list(config.accounts) == ["twitter", "facebook"]


def test_the_defaults_of_the_table_are_those_of_the_shipped_file(tmp_path: Path) -> None:
    bare, shipped = load_config(write(tmp_path, GOOD)), load_config(packaged("config/bot.toml"))
    assert bare.source == shipped.source
    assert bare.ledger == shipped.ledger
    assert bare.prices == shipped.prices
    same = {"cadence": shipped.accounts["twitter"].cadence}
    assert bare.accounts["twitter"].model_copy(update=same) == shipped.accounts["twitter"]


def test_without_a_file_the_packaged_defaults_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(None)
    assert config.source.url == "sample"
    assert config.root == tmp_path


def test_relative_paths_count_from_the_parent_of_config(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    assert load_config(write(tmp_path / "config", GOOD)).root == tmp_path
    assert load_config(write(tmp_path, GOOD)).root == tmp_path


def test_every_mistake_is_named_by_its_key_in_one_go(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """
        sourc = 1
        [source]
        kinds = "query"
        poll = 5
        backlog = "some"
        archive = "yes"
        [accounts.one]
        platform = "twitter"
        timout = "3s"
        settle = "5s"
        [accounts.one.cadence]
        max_per_day = 0
        quiet_hours = "9-9"
        [accounts.two]
        platform = "mastodon"
        timeout = "1h"
        page_id = "abc"
        [accounts.three]
        platform = "facebook"
        page_id = "abc"
        most_hashtags = 11
        api_url = "http://example.org"
        cadence = { every = "2h", at = ["9:00"], timezone = "Mars" }
        [accounts.four]
        platform = "facebook"
        [accounts.five]
        platform = "twitter"
        page_id = "123"
        cadence = { every = "2h" }
        [hashtags]
        nlp = "NLP"
        years = "#2016"
        cs.CL = "#NLP"
        """,
    )
    expected = [
        "sourc: unknown key; did you mean `source`?",
        "source.kinds: unknown key; did you mean `kind`?",
        'source.poll: expected a duration such as "90s", "5m", "2h" or "30d"',
        'source.backlog: expected a whole number from 0, or "all"',
        "source.archive: expected true or false",
        "accounts.one.timout: unknown key; did you mean `timeout`?",
        "accounts.one.settle: expected a duration longer than `timeout`",
        "accounts.one.cadence: expected exactly one of `every`, `cron`, `at`",
        "accounts.one.cadence.max_per_day: expected at least 1",
        'accounts.two.platform: expected "twitter" or "facebook"',
        'accounts.two.timeout: expected a duration from "1s" to "5m"',
        "accounts.two.page_id: expected digits only",
        "accounts.two.cadence: is missing",
        "accounts.three.page_id: expected digits only",
        "accounts.three.api_url: expected an https address (plain http is for loopback only)",
        "accounts.three.cadence: expected exactly one of `every`, `cron`, `at`; found every and at",
        'accounts.three.cadence.at.0: expected a time of day such as "09:00"',
        "accounts.four.cadence: is missing",
        'accounts.five.page_id: only an account with platform = "facebook" has this key: remove it',
        "accounts.three.most_hashtags: expected at most 10",
        'hashtags.nlp: expected "#" with letters, digits and "_" behind it, not only digits; or ""',
        'hashtags.years: expected "#" with letters, digits and "_" behind it, not only digits; or ""',
        'hashtags.cs: expected quotes around a tag with a dot: "cs.…" = "#…"',
    ]
    assert [line for line in expected if line not in found] == []
    assert any(line.startswith("accounts.one.cadence.quiet_hours: expected quiet hours") for line in found)
    assert any(line.startswith("accounts.three.cadence.timezone: expected a time zone") for line in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[source", "is not valid TOML", id="broken TOML"),
        pytest.param("", "accounts: expected at least one table", id="empty"),
        pytest.param(
            GOOD + '[accounts."Twitter"]\nplatform="twitter"\ncadence={every="1h"}', "BOT_TWITTER_…", id="coinciding"
        ),
        pytest.param(GOOD + '[source]\nkind="query"', "source.query: expected one SELECT", id="query missing"),
        pytest.param(
            GOOD + '[source]\nquery="SELECT 1"', "source.query: expected nothing", id="query without its kind"
        ),
        pytest.param(GOOD.replace('"2h"', '"1h"\ncron="0 9 31 2 9"'), "exactly one of", id="two ways"),
        pytest.param(GOOD.replace('every = "2h"', 'cron = "0 9 * *"'), "expected five cron fields", id="bad cron"),
    ],
)
def test_a_mistake_says_what_was_expected(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in "\n".join(mistakes(tmp_path, text))


def test_hashtags_of_the_settings_stand_in_posts_as_many_as_the_account_wants(tmp_path: Path) -> None:
    config = load_config(
        write(tmp_path, GOOD.replace("[accounts.twitter.c", "most_hashtags = 1\n[accounts.twitter.c") + HASHTAGS)
    )
    assert config.hashtags == {"cs.CL": "#Linguistics", "cs.LG": "", "word embeddings": "#Words"}
    composer = build_accounts(config)["twitter"].composer
    tags = {"tags": ("cs.LG", "Word-Embeddings", "cs.CL")}
    text = composer.compose(a_summary(text="The authors show that words are vectors, too.", **tags)).post.text
    assert [word for word in text.split() if word.startswith("#")] == ["#Words"]


def test_a_price_that_cannot_be_is_a_mistake(tmp_path: Path) -> None:
    prices = 'post = -0.1\npost_with_link = inf\nown_post_read = "0.1"\nuser_read = 101.0\nalttext = 0.1'
    assert mistakes(tmp_path, f"{GOOD}[prices.twitter]\n{prices}") == [
        "prices.twitter.post_with_link: expected a finite number",
        "prices.twitter.post: expected at least 0.0",
        "prices.twitter.own_post_read: expected a number",
        "prices.twitter.user_read: expected at most 100.0",
        "prices.twitter.alttext: unknown key; did you mean `alt_text`?",
    ]


def test_a_password_in_a_bad_address_is_not_repeated(tmp_path: Path) -> None:
    found = mistakes(tmp_path, GOOD + '[source]\nurl = "mysq://reader:geheim@host/db"\n[ledger]\nurl = "x:geheim@y"')
    assert len(found) == 2
    assert "geheim" not in "\n".join(found)


def test_a_named_file_that_is_missing_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigMistakes, match="there is no such file"):
        load_config(tmp_path / "none.toml")


# --- secrets ----------------------------------------------------------------------------------------------------

NAMES = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in NAMES:
        monkeypatch.delenv(f"BOT_TWITTER_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_secrets_come_from_the_environment_a_named_file_or_dotenv(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "token").write_text("from a file\n", encoding="utf-8")
    (elsewhere / ".env").write_text(
        "BOT_TWITTER_CONSUMER_KEY=from dotenv\nBOT_TWITTER_CONSUMER_SECRET=beaten\nBOT_TWITTER_ACCESS_TOKEN_SECRET=x",
        encoding="utf-8",
    )
    monkeypatch.setenv("BOT_TWITTER_CONSUMER_SECRET", "from the environment")
    monkeypatch.setenv("BOT_TWITTER_ACCESS_TOKEN_FILE", str(elsewhere / "token"))
    secrets, problems = credentials(load_config(write(elsewhere, GOOD)), ["twitter"])
    assert problems == []
    assert secrets["twitter"] == {
        "CONSUMER_KEY": "from dotenv",
        "CONSUMER_SECRET": "from the environment",
        "ACCESS_TOKEN": "from a file",
        "ACCESS_TOKEN_SECRET": "x",
    }


def test_every_missing_secret_is_named_and_a_missing_page_id_too(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACCESS_TOKEN", "APP_SECRET"):
        monkeypatch.delenv(f"BOT_FACEBOOK_{name}", raising=False)
    monkeypatch.setenv("BOT_TWITTER_ACCESS_TOKEN_FILE", str(elsewhere / "nowhere"))
    _, problems = credentials(load_config(None), ["twitter", "facebook"])
    assert [problem.where for problem in problems] == [
        "BOT_TWITTER_CONSUMER_KEY",
        "BOT_TWITTER_CONSUMER_SECRET",
        "BOT_TWITTER_ACCESS_TOKEN_FILE",
        "BOT_TWITTER_ACCESS_TOKEN_SECRET",
        "BOT_FACEBOOK_ACCESS_TOKEN",
        "BOT_FACEBOOK_APP_SECRET",
        "accounts.facebook.page_id",
    ]


def test_the_sample_is_never_posted_to_a_real_account(elsewhere: Path) -> None:
    problems = mistakes_in(load_config(None), ["twitter", "facebook"], sending=True)
    assert any(problem.where == "source.url" and "sample" in problem.what for problem in problems)
    assert mistakes_in(load_config(None), ["twitter", "facebook"], sending=False) == []


def test_a_dotenv_that_is_no_text_is_a_mistake(elsewhere: Path) -> None:
    (elsewhere / ".env").write_bytes("BOT_TWITTER_CONSUMER_KEY=é".encode("utf-16"))
    with pytest.raises(ConfigMistakes, match="expected UTF-8 text"):
        surroundings()


def test_the_environment_beats_a_file_that_dotenv_names(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("BOT_TWITTER_CONSUMER_KEY_FILE=/nowhere", encoding="utf-8")
    monkeypatch.setenv("BOT_TWITTER_CONSUMER_KEY", "here")
    assert "BOT_TWITTER_CONSUMER_KEY_FILE" not in surroundings()


@pytest.mark.parametrize("listen", ["", "127.0.0.1:9464", "[::1]:9464", "0.0.0.0:1", "localhost:0"])
def test_metrics_and_health_may_be_off_or_anywhere_on_this_machine(listen: str, tmp_path: Path) -> None:
    text = f'{GOOD}[observe]\nlisten = "{listen}"\n'
    assert load_config(write(tmp_path, text)).observe.listen == listen


@pytest.mark.parametrize("listen", ['":9464"', '"9464"', "9464", '"127.0.0.1"', '"127.0.0.1:70000"', '"a b:1"', "true"])
def test_a_port_without_an_address_is_a_mistake_since_it_would_mean_everybody(listen: str, tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, f"{GOOD}[observe]\nlisten = {listen}\n")
    assert mistake.startswith('observe.listen: expected address and port such as "127.0.0.1:9464"')
