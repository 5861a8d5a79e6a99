"""The docs against the program: commands, options, settings, variables, targets are in them; what they show works."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from bot.cli import bot
from bot.config import load_config, variable
from bot.formatter.compose import FIELDS, NAMES
from bot.ledger.models import State
from bot.observe.alerts import KINDS
from bot.platforms import SECRETS
from bot.resources import packaged
from bot.runtime import build_accounts, open_configured_source
from bot.sandbox.__main__ import main as sandbox
from bot.settings import (
    CadenceTable,
    FacebookAccount,
    LedgerTable,
    ObserveTable,
    SourceTable,
    TwitterAccount,
    TwitterPrices,
)
from bot.source.base import Reference, Summary

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"
OPERATING = ROOT / "docs" / "operating.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]

TABLES = [
    ("[source]", SourceTable),
    ("[ledger]", LedgerTable),
    ("[prices.twitter]", TwitterPrices),
    ("[observe]", ObserveTable),
    ("[accounts.NAME]", TwitterAccount),
    ("[accounts.NAME]", FacebookAccount),
    ("[accounts.NAME.cadence]", CadenceTable),
]
SOME_ACCOUNT = '\n[accounts.twitter]\nplatform = "twitter"\n[accounts.twitter.cadence]\nevery = "2h"\n'


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def everything() -> str:
    return "\n".join(map(read, PAGES))


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield max(parameter.opts, key=len)


def settings() -> Iterator[tuple[str, type[BaseModel], str]]:
    for heading, table in TABLES:
        yield from ((heading, table, key) for key in table.model_fields if key != "cadence")


def default_of(table: type[BaseModel], key: str) -> str:
    """The default as a person would write it into the file."""
    field = table.model_fields[key]
    if field.is_required():
        return "*required*"
    value = table.model_construct().model_dump(mode="json", warnings=False)[key]
    return "none" if value is None else f"`{json.dumps(value)}`"


def toml_blocks() -> list[tuple[str, str]]:
    found = [(page.name, block) for page in PAGES for block in re.findall(r"```toml\n(.*?)```", read(page), re.DOTALL)]
    return [(f"{name}-{number}", block) for number, (name, block) in enumerate(found)]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> list[tuple[Path, str]]:
    inside = re.compile(r"\]\((?!https?://)([^)\s]+)\)")
    return [(page, target) for page in PAGES for target in inside.findall(read(page))]


@pytest.mark.parametrize("name", list(bot.commands))
def test_every_command_is_in_the_readme_and_its_options_are_in_the_docs(name: str) -> None:
    assert f"`run_bot.py {name}" in section(read(README), "Commands")
    assert [option for option in options(bot.commands[name]) if option not in everything()] == []


@pytest.mark.parametrize("option", list(options(bot)))
def test_every_option_of_the_bot_is_in_the_readme(option: str) -> None:
    assert option in section(read(README), "Commands")


@pytest.mark.parametrize("option", list(options(sandbox)))
def test_every_option_of_the_sandbox_is_in_the_operators_page(option: str) -> None:
    assert option in section(read(OPERATING), "The sandbox")


@pytest.mark.parametrize(("heading", "table", "key"), list(settings()))
def test_every_setting_is_documented_with_its_default(heading: str, table: type[BaseModel], key: str) -> None:
    rows = [row for row in section(read(CONFIGURATION), heading).splitlines() if row.startswith(f"| `{key}` |")]
    assert len(rows) == 1
    assert default_of(table, key) in rows[0].split("|")[2]


def test_no_setting_is_documented_that_does_not_exist() -> None:
    for heading, _ in TABLES:
        known = {key for other, _, key in settings() if other == heading}
        rows = re.findall(r"^\| `(\w+)` \|", section(read(CONFIGURATION), heading), re.MULTILINE)
        assert set(rows) <= known


@pytest.mark.parametrize("platform", list(SECRETS))
def test_every_secret_is_in_the_readme_and_explained(platform: str) -> None:
    for part in SECRETS[platform]:
        assert f"{variable(platform, part)}=" in read(README)
        assert f"`{variable(platform, part)}`" in section(read(CONFIGURATION), "Secrets")


def test_every_variable_that_the_tests_read_is_in_the_readme() -> None:
    fixtures = read(ROOT / "tests" / "conftest.py")
    assert [name for name in re.findall(r"BOT_TEST_\w+", fixtures) if name not in read(README)] == []


def test_every_make_target_is_in_the_readme() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", read(ROOT / "Makefile"), re.MULTILINE)
    assert phony is not None
    assert [target for target in phony[1].split() if f"make {target}" not in read(README)] == []


def test_every_name_of_a_template_is_in_the_docs() -> None:
    templates = section(read(CONFIGURATION), "Templates")
    names = [name for name in NAMES if name != "summary"] + [f"summary.{field}" for field in FIELDS]
    assert [name for name in names if f"`{name}`" not in templates] == []


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_in_the_operators_page(state: State) -> None:
    assert f"\n| {state} |" in section(read(OPERATING), "What wants a person")


@pytest.mark.parametrize(("name", "block"), toml_blocks(), ids=[name for name, _ in toml_blocks()])
def test_every_example_loads(name: str, block: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.toml"
    file.write_text(block if "accounts" in tomllib.loads(block) else block + SOME_ACCOUNT, encoding="utf-8")
    load_config(file)


@pytest.mark.parametrize(("page", "target"), links(), ids=[f"{page.name}-{target}" for page, target in links()])
def test_every_link_leads_somewhere(page: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    leads_to = page.parent / name if name else page
    assert leads_to.exists()
    assert not anchor or anchor in anchors(leads_to)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_alert_is_in_the_operators_page(kind: str) -> None:
    assert f"\n| `{kind}` |" in section(read(OPERATING), "Hearing from it")


def test_every_metric_is_in_the_operators_page_and_no_other() -> None:
    names = set(re.findall(r'"([a-z_]+)"', read(ROOT / "bot" / "observe" / "metrics.py")))
    documented = set(re.findall(r"`shortscience_bot_([a-z_]+)`", section(read(OPERATING), "Hearing from it")))
    bare = {re.sub("(_duration_seconds|_total|_info)$", "", name) for name in documented}
    assert bare - names <= {"posts", "build"}
    assert len(documented) == 19


def sample_summaries() -> Iterator[Summary]:
    source = open_configured_source(load_config(packaged("config/bot.toml")))
    for listing in (listing for page in source.listings(None) for listing in page):
        if summary := source.reread(Reference(listing.key, listing.locator)):
            yield summary
    source.close()


@pytest.mark.parametrize("page", [README, OPERATING], ids=lambda page: page.name)
def test_the_post_that_is_shown_is_the_one_that_the_sample_gives(page: Path) -> None:
    shown = re.findall(r"^   │ ?(.*)$", page.read_text("utf-8"), re.MULTILINE)
    composer = build_accounts(load_config(packaged("config/bot.toml")))["twitter"].composer
    summary = next(one for one in sample_summaries() if one.title.startswith(shown[0]))
    assert composer.compose(summary).post.text.splitlines() == shown[: shown.index(summary.link) + 1]
