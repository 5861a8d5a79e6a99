"""`connect`: the real command against the sandbox's consoles, by keyboard and by pipe."""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from dotenv import dotenv_values

from bot.sandbox import Sandbox
from bot.sandbox.credentials import APP_ID, page_id_for, secrets_for
from bot.sandbox.graph_tokens import SCOPES, GraphToken, short_lived
from tests.bot_process import BotProcess, config_text, sandbox_environment
from tests.integration.test_secrets_leak import found
from tests.terminals import AtTerminal

X, FACEBOOK = secrets_for("twitter", "twitter"), secrets_for("facebook", "facebook")
X_VARIABLES = sandbox_environment({"twitter": "twitter"})
FACEBOOK_VARIABLES = sandbox_environment({"facebook": "facebook"})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=False) as box:
        yield box


@pytest.fixture
def bot(tmp_path: Path, sandbox: Sandbox) -> BotProcess:
    bot = BotProcess(tmp_path)
    bot.configure(config_text('url = "sample"', sandbox.url))
    return bot


def at_terminal(bot: BotProcess, *arguments: str) -> AtTerminal:
    return AtTerminal(bot.command(*arguments), bot.folder, bot.environment_with({}))


def piped(bot: BotProcess, arguments: list[str], *lines: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        bot.command("--log-level", "debug", *arguments),
        cwd=bot.folder,
        env=bot.environment_with({}),
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=60,
    )


def pin_of(shown: str, account: str = "twitter") -> str:
    """What the owner does in the browser: open the address, authorize, read the PIN."""
    address = re.search(r"(http://127\.0\.0\.1:\d+)/oauth/authorize\?oauth_token=(\S+)", shown)
    assert address is not None, shown
    with requests.Session() as browser:
        browser.trust_env = False
        asked = browser.get(address[0], timeout=5)
        assert 'name="account"' in asked.text
        form = {"oauth_token": address[2], "account": account}
        page = browser.post(f"{address[1]}/oauth/authorize", data=form, timeout=5)
    pin = re.search(r"<code>(\d{7})</code>", page.text)
    assert pin is not None, page.text
    return pin[1]


def stored(bot: BotProcess) -> dict[str, str | None]:
    return dict(dotenv_values(bot.folder / ".env"))


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


# --- X ----------------------------------------------------------------------------------------------------------


def connected_by_keyboard(bot: BotProcess, *arguments: str, key: str = X["CONSUMER_KEY"]) -> AtTerminal:
    person = at_terminal(bot, "connect", "twitter", *arguments)
    person.expect("Consumer key")
    person.type(key)
    person.expect("Consumer secret")
    person.type(X["CONSUMER_SECRET"])
    return person


def test_x_is_connected_with_a_pin_and_the_bot_can_post_at_once(bot: BotProcess, sandbox: Sandbox) -> None:
    person = connected_by_keyboard(bot)
    pin = pin_of(person.expect("PIN: "))
    person.type(f"{pin[:3]} {pin[3:]}")
    assert person.end() == 0, person.shown
    assert "Connected to @twitter; it may post." in person.shown
    assert "$0.010" in person.shown
    assert stored(bot) == X_VARIABLES
    assert mode(bot.folder / ".env") == 0o600
    # Neither echoed while it was typed, nor said afterwards.
    assert found(X.values(), person.shown) == []
    done = bot.run("--once", "--account", "twitter", "--limit", "1")
    assert done.returncode == 0, done.stderr
    assert len(sandbox.posts("twitter")) == 1


def test_what_is_typed_with_an_echo_would_be_seen(bot: BotProcess) -> None:
    """The control of the test above: the PIN is no secret, is echoed, and is found on the screen."""
    person = connected_by_keyboard(bot)
    person.expect("PIN: ")
    person.type("0000001")
    assert person.end() == 1
    assert "0000001" in person.shown


def test_secrets_that_are_set_are_not_asked_for_again(bot: BotProcess) -> None:
    bot.environment = {name: X_VARIABLES[name] for name in X_VARIABLES if "CONSUMER" in name}
    person = at_terminal(bot, "connect", "twitter", "--print")
    shown = person.expect("PIN: ")
    assert "BOT_TWITTER_CONSUMER_KEY is set already and is used;" in shown
    person.type("no digits")
    person.expect("A PIN is digits only")
    person.type(pin_of(shown))
    assert person.end() == 0
    lines = person.shown.split("cost $0.010 on X.)")[1].split()
    assert dict(line.split("=", 1) for line in lines) == X_VARIABLES
    assert not (bot.folder / ".env").exists()


def test_a_wrong_pin_is_named_with_the_remedy_and_nothing_is_stored(bot: BotProcess) -> None:
    done = piped(bot, ["connect", "twitter"], X["CONSUMER_KEY"], X["CONSUMER_SECRET"], "1234567")
    assert done.returncode == 1
    assert "Invalid oauth_verifier" in done.stderr
    assert "Run this command again, open the new address" in done.stderr
    assert done.stderr.endswith("Nothing was stored.\n")
    assert list(bot.folder.glob(".env*")) == []


def test_wrong_keys_are_named_with_the_remedy(bot: BotProcess) -> None:
    done = piped(bot, ["connect", "twitter"], X["CONSUMER_KEY"], "wrong" * 10)
    assert done.returncode == 1
    assert "Could not authenticate you" in done.stderr
    assert "Copy the app's consumer key" in done.stderr
    assert "wrong" * 10 not in done.stderr


def test_an_app_without_sign_in_settings_is_told_to_get_them(bot: BotProcess, sandbox: Sandbox) -> None:
    body = {"errors": [{"code": 415, "message": "Callback URL not approved for this client application."}]}
    sandbox.plan(kind="error_before", platform="twitter", route="connect", status=403, body=body)
    done = piped(bot, ["connect", "twitter"], X["CONSUMER_KEY"], X["CONSUMER_SECRET"])
    assert done.returncode == 1
    assert "user authentication settings" in done.stderr


def test_an_app_that_may_only_read_is_refused(bot: BotProcess, sandbox: Sandbox) -> None:
    sandbox.plan(kind="headers", platform="twitter", route="verify", headers={"x-access-level": "read"})
    person = connected_by_keyboard(bot)
    person.type(pin_of(person.expect("PIN: ")))
    assert person.end() == 1
    assert "may read only" in person.shown
    assert "Read and write" in person.shown
    assert not (bot.folder / ".env").exists()


@pytest.mark.parametrize("lines", [(), (X["CONSUMER_KEY"],), (X["CONSUMER_KEY"], X["CONSUMER_SECRET"])])
def test_who_breaks_off_leaves_nothing_behind(bot: BotProcess, lines: tuple[str, ...]) -> None:
    done = piped(bot, ["connect", "twitter"], *lines)
    assert done.returncode == 1
    assert done.stderr.endswith("Broken off.\nNothing was stored.\n")
    assert list(bot.folder.glob(".env*")) == []


def test_x_out_of_reach_is_said_in_plain_words(bot: BotProcess, sandbox: Sandbox) -> None:
    sandbox.stop()
    done = piped(bot, ["connect", "twitter"], X["CONSUMER_KEY"], X["CONSUMER_SECRET"])
    assert done.returncode == 1
    assert "X could not be asked: no connection to 127.0.0.1" in done.stderr


# --- Facebook ---------------------------------------------------------------------------------------------------


def now() -> datetime:
    return datetime.now(UTC)


def facebook(bot: BotProcess, token: object, *arguments: str, more: tuple[str, ...] = ()) -> str:
    """Connect by pipe; what was said, if it went well."""
    lines = [APP_ID, FACEBOOK["APP_SECRET"], str(token), *more]
    done = piped(bot, ["connect", "facebook", *arguments], *lines)
    assert found([str(token), *FACEBOOK.values()], done.stderr) == []
    assert done.returncode == 0, done.stderr
    assert found([str(token), *FACEBOOK.values()], done.stdout) == []
    return done.stdout + done.stderr


def test_a_page_is_connected_from_a_short_lived_token(bot: BotProcess, sandbox: Sandbox) -> None:
    said = facebook(bot, short_lived(now()))
    assert stored(bot) == FACEBOOK_VARIABLES
    assert mode(bot.folder / ".env") == 0o600
    assert f'page_id = "{page_id_for("facebook")}"' in said
    assert "its token has no end" in said
    assert f"access to data ends on {now() + timedelta(days=90):%Y-%m-%d}" in said
    done = bot.run("--once", "--account", "facebook", "--limit", "1")
    assert done.returncode == 0, done.stderr
    assert len(sandbox.posts("facebook")) == 1


def test_the_page_is_chosen_from_a_list_longer_than_one_answer(bot: BotProcess) -> None:
    names = (*(f"Page {number}" for number in range(120)), "facebook")
    said = facebook(bot, short_lived(now(), names), more=("0", "122", "what?", "121"))
    assert f"  121. facebook ({page_id_for('facebook')})" in said
    assert said.count("Its number in the list, or its id.") == 3
    assert stored(bot) == FACEBOOK_VARIABLES


def test_the_page_can_be_named_at_once(bot: BotProcess) -> None:
    token = short_lived(now(), ("other", "facebook"))
    facebook(bot, token, "--page", page_id_for("facebook"))
    assert stored(bot) == FACEBOOK_VARIABLES
    done = piped(bot, ["connect", "facebook", "--page", "7"], APP_ID, str(token))
    assert done.returncode == 1
    assert f"not for Page 7, but for: other ({page_id_for('other')})" in done.stderr


def test_print_writes_the_secrets_to_stdout_and_no_file(bot: BotProcess) -> None:
    lines = (APP_ID, FACEBOOK["APP_SECRET"], str(short_lived(now())))
    done = piped(bot, ["connect", "facebook", "--print"], *lines)
    assert done.returncode == 0, done.stderr
    assert dict(line.split("=", 1) for line in done.stdout.splitlines()) == FACEBOOK_VARIABLES
    assert page_id_for("facebook") in done.stderr
    assert list(bot.folder.glob(".env*")) == []


def without(scope: str) -> GraphToken:
    return short_lived(now(), scopes=tuple(other for other in SCOPES if other != scope))


@pytest.mark.parametrize(
    ("token", "why", "todo"),
    [
        (short_lived(now() - timedelta(hours=2)), "Session has expired", "lives for an hour or two"),
        (without("pages_manage_posts"), "lacks pages_manage_posts", "Make a new user token"),
        (without("pages_read_engagement"), "lacks pages_read_engagement", "Make a new user token"),
        (without("pages_show_list"), "shows no Page", "pages_show_list is missing"),
        (short_lived(now(), ()), "shows no Page", "was not ticked"),
        (GraphToken("PAGE", ("facebook",)), "code 190", "Make a new user token"),
        ("EAAnonsense", "Cannot parse access token", "Make a new user token"),
    ],
)
def test_a_token_that_will_not_do_is_named_with_the_remedy(bot: BotProcess, token: object, why: str, todo: str) -> None:
    done = piped(bot, ["connect", "facebook"], APP_ID, FACEBOOK["APP_SECRET"], str(token))
    assert done.returncode == 1
    assert why in done.stderr
    assert todo in done.stderr
    assert str(token) not in done.stderr
    assert list(bot.folder.glob(".env*")) == []


@pytest.mark.parametrize(
    ("app_id", "secret", "why"),
    [("123", FACEBOOK["APP_SECRET"], "Error validating application"), (APP_ID, "0" * 32, "Error validating client")],
)
def test_the_wrong_app_is_named_with_the_remedy(bot: BotProcess, app_id: str, secret: str, why: str) -> None:
    done = piped(bot, ["connect", "facebook"], app_id, secret, str(short_lived(now())))
    assert done.returncode == 1
    assert why in done.stderr
    assert "App settings, Basic" in done.stderr


def test_an_app_in_development_mode_is_named_with_the_remedy(bot: BotProcess, sandbox: Sandbox) -> None:
    words = "(#200) The app is in development mode and you have no role in it."
    body = {"error": {"message": words, "type": "OAuthException", "code": 200}}
    sandbox.plan(kind="error_before", platform="facebook", route="connect", status=403, body=body)
    done = piped(bot, ["connect", "facebook"], APP_ID, FACEBOOK["APP_SECRET"], str(short_lived(now())))
    assert done.returncode == 1
    assert "switch the app to Live" in done.stderr


def test_a_token_that_would_expire_is_not_stored(bot: BotProcess, sandbox: Sandbox) -> None:
    soon = int((now() + timedelta(hours=1)).timestamp())
    token = GraphToken("USER", ("facebook",), SCOPES, soon)
    # As if Facebook had not given a longer one.
    sandbox.plan(
        kind="error_before",
        platform="facebook",
        route="connect",
        status=200,
        body={"access_token": str(token), "token_type": "bearer"},
    )
    done = piped(bot, ["connect", "facebook"], APP_ID, FACEBOOK["APP_SECRET"], str(token))
    assert done.returncode == 1
    assert "token would expire on" in done.stderr
    assert list(bot.folder.glob(".env*")) == []


# --- both -------------------------------------------------------------------------------------------------------


def test_the_rest_of_env_is_kept_and_its_mode_tightened(bot: BotProcess) -> None:
    file = bot.folder / ".env"
    token, secret = (f"BOT_FACEBOOK_{part}={FACEBOOK[part]}\n" for part in ("ACCESS_TOKEN", "APP_SECRET"))
    mine = "# mine\nOTHER='two\nlines' # three\n\n"
    old = "BOT_FACEBOOK_ACCESS_TOKEN=old\nexport BOT_FACEBOOK_ACCESS_TOKEN = 'older'\n"
    file.write_text(f"{mine}{secret}no line of ours\n{old}LAST=1", encoding="utf-8")
    file.chmod(0o644)
    done = piped(bot, ["connect", "facebook"], APP_ID, str(short_lived(now())))
    assert "could be read by others (mode 644); now by its owner alone" in done.stdout
    assert "BOT_FACEBOOK_APP_SECRET is set already" in done.stderr
    assert file.read_text(encoding="utf-8") == f"{mine}{secret}no line of ours\n{token}LAST=1"
    assert mode(file) == 0o600


def test_what_counts_before_env_is_named(bot: BotProcess) -> None:
    bot.environment = {"BOT_FACEBOOK_APP_SECRET": FACEBOOK["APP_SECRET"]}
    done = piped(bot, ["connect", "facebook"], APP_ID, str(short_lived(now())))
    assert "But BOT_FACEBOOK_APP_SECRET in the environment counts before .env" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (["connect", "twitter", "--account", "facebook"], "is not on this platform"),
        (["connect", "twitter", "--account", "nobody"], "no such account"),
        (["connect", "twitter", "--page", "1"], "--page goes with"),
        (["connect", "myspace"], "twitter"),
    ],
)
def test_a_slip_on_the_command_line_is_a_mistake(bot: BotProcess, arguments: list[str], mistake: str) -> None:
    done = piped(bot, arguments)
    assert done.returncode == 2
    assert mistake in done.stderr


def test_a_newcomer_tries_both_in_the_sandbox_and_keeps_their_env(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_TWITTER_CONSUMER_KEY=real\n", encoding="utf-8")
    bot = BotProcess(tmp_path)
    person = at_terminal(bot, "connect", "twitter", "--sandbox")
    shown = person.expect("Consumer key (API key)")
    assert X["CONSUMER_KEY"] in shown
    person.type(X["CONSUMER_KEY"])
    person.expect("Consumer secret")
    person.type(X["CONSUMER_SECRET"])
    person.type(pin_of(person.expect("PIN: ")))
    assert person.end() == 0, person.shown
    person = at_terminal(bot, "connect", "facebook", "--sandbox")
    token = re.search(r"user token  (\S+)", person.expect("App id: "))
    assert token is not None
    person.type(APP_ID)
    # What is typed ahead of a hidden question is lost: the terminal drops it.
    person.expect("App secret; see")
    person.type(FACEBOOK["APP_SECRET"])
    person.expect("User token from")
    person.type(token[1])
    person.expect("Which Page (1-2)")
    person.type("1")
    assert person.end() == 0, person.shown
    assert dict(dotenv_values(tmp_path / "var/sandbox/.env")) == X_VARIABLES | FACEBOOK_VARIABLES
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "BOT_TWITTER_CONSUMER_KEY=real\n"
