"""The options that commands share, and what they come to."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.config import Config
    from bot.mistakes import Problem

OK, TROUBLE, MISTAKE = 0, 1, 2
CONFIG = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), metavar="PATH",
    help="The settings. Without it config/bot.toml, else the packaged defaults.",
)  # fmt: skip
ACCOUNT = click.option(
    "--account", "accounts", multiple=True, metavar="NAME", help="Only this account; may be given more than once."
)
FORMAT = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
# The bot's own option: a page is made of a preview only.
ANY_FORMAT = click.option(
    "--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True,
    help="What to print; html with --dry-run only: a page to look at.",
)  # fmt: skip
SANDBOX = click.option(
    "--sandbox", is_flag=True, help="Post to a local X and Facebook instead, with a ledger of its own; no credentials."
)
# More than anyone posts, and less than databases can count.
_COUNT = click.IntRange(0, 1_000_000)
LIMIT = click.option("--limit", type=_COUNT, metavar="N", help="At most so many posts an account.")
LINES = click.option(
    "--limit", type=click.IntRange(1, _COUNT.max), metavar="N", help="At most so many posts, over all accounts."
)
LOG_LEVEL = click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="How much to say on stderr."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What every command takes, wherever on the command line it was given."""

    config: Path | None
    accounts: tuple[str, ...]
    format: str
    sandbox: bool
    limit: int | None


_SHARED = ("config_path", "accounts", "format_", "sandbox", "limit")


def options(context: click.Context) -> Options:
    """The options of the group and of the command; the command's count where both were given."""
    values: dict[str, Any] = {}
    for here in (context.parent, context):
        if here is not None:
            values |= {name: value for name, value in here.params.items() if not _left_out(value)}
    if context.parent is not None and _given(context, "format_") is False and _given(context.parent, "format_"):
        values["format_"] = context.parent.params["format_"]
    return Options(
        values.get("config_path"),
        values.get("accounts", ()),
        values.get("format_", "text"),
        values.get("sandbox", False),
        values.get("limit"),
    )


def _left_out(value: Any) -> bool:
    """Whether this is what an option holds that nobody gave. Not 0, though it equals False: `--limit 0` is a limit."""
    return value is None or value is False or value == ()


def _given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def common(*decorators: Callable[[Any], Any]) -> Callable[[Callable[..., int]], Callable[..., None]]:
    """Give a command the shared options it asks for; it takes `Options` and its own arguments, returns its status."""

    def decorate(function: Callable[..., int]) -> Callable[..., None]:
        @click.pass_context
        def command(context: click.Context, /, **values: Any) -> None:
            own = {name: value for name, value in values.items() if name not in _SHARED}
            status = function(options(context), **own)
            if context.invoked_subcommand is None:
                context.exit(status)

        decorated: Any = functools.update_wrapper(command, function)
        for decorator in reversed((CONFIG, *decorators)):
            decorated = decorator(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


Judge = Callable[["Config", list[str]], "list[Problem]"]


def load(options: Options, judge: Judge | None = None) -> tuple["Config", list[str]]:
    """The settings, and the names of the selected accounts. Raises ConfigMistakes.

    judge: asked for what is wrong beside the settings as soon as anything is, so that one run names it all.
    """
    from bot.config import load_config
    from bot.mistakes import ConfigMistakes

    try:
        config, problems = load_config(options.config), []
    except ConfigMistakes as mistakes:
        if mistakes.rest is None:
            raise
        config, problems = mistakes.rest, mistakes.problems
    problems += _unknown_accounts(options.accounts, config, problems)
    chosen = [name for name in dict.fromkeys(options.accounts) if name in config.accounts]
    selected = chosen if options.accounts else list(config.accounts)
    if problems:
        raise ConfigMistakes(problems + (judge(config, selected) if judge else []))
    if options.sandbox:
        from bot.addresses import with_sandbox_ledger

        config = with_sandbox_ledger(config)
    return config, selected


def _unknown_accounts(names: tuple[str, ...], config: "Config", problems: "list[Problem]") -> "list[Problem]":
    """problems: of the settings; an account with a mistake may be missing in `config`, and is no unknown one."""
    from bot.mistakes import Problem

    wrong = {problem.where.split(".")[1] for problem in problems if problem.where.startswith("accounts.")}
    known = ", ".join(dict.fromkeys([*config.accounts, *sorted(wrong)]))
    unknown = [name for name in names if name not in config.accounts and name not in wrong]
    return [Problem(f"--account {name}", f"no such account; configured: {known}") for name in unknown]
