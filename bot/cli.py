"""The command line: wires, nothing else. Commands beside the three ways of running are in `commands`."""

import errno
import gc
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import commands, setup_commands
from bot.options import ACCOUNT, ANY_FORMAT, LIMIT, LOG_LEVEL, MISTAKE, OK, SANDBOX, TROUBLE, Options, common, load

if TYPE_CHECKING:
    from bot.config import Config
    from bot.ledger.store import Ledger
    from bot.ledger.views import Record
    from bot.preview import Plan
    from bot.runtime import Parts

# How many posts an account a preview shows unless told otherwise.
PREVIEW = 20
STDOUT = 1
# Whoever opens or makes files of ours explains what goes wrong with them; these are left for stdout.
CANNOT_BE_WRITTEN = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--dry-run", is_flag=True, help="Show what would be posted, where, when and at what cost; nothing else.")
@click.option("--once", is_flag=True, help="Pull, publish all that is due now, exit.")
@common(ACCOUNT, LIMIT, ANY_FORMAT, SANDBOX, LOG_LEVEL)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda *given: _version(*given),
    help="Show the version and exit.",
)  # fmt: skip
def bot(given: Options, dry_run: bool, once: bool, log_level: str | None) -> int:
    """Post newly published paper summaries to X and Facebook.

    Without a command and without --dry-run or --once: run until told to stop.

    Exit status: 0 all is well; 1 something wants your eye; 2 a mistake in the settings or on the command line.
    """
    command = click.get_current_context().invoked_subcommand
    if dry_run and once:
        raise click.UsageError("--dry-run and --once exclude each other.")
    if command is not None and (dry_run or once):
        raise click.UsageError(f"--dry-run and --once do not go with `{command}`.")
    if given.format == "html" and not dry_run:
        raise click.UsageError("--format html goes with --dry-run only: it makes a page of the preview.")
    if command is None and not (dry_run or once) and (given.limit is not None or _format_given()):
        raise click.UsageError("--limit and --format go with --dry-run, --once or a command; a daemon posts as it may.")
    if log_level or command not in commands.LOOKING:
        _log(
            log_level or ("info" if command is None and not dry_run and not once else "warning"),
            later=dry_run and not log_level,
        )
    if command is not None:
        return OK
    return _dry_run(given) if dry_run else _once(given) if once else _daemon(given)


def _format_given() -> bool:
    return click.get_current_context().get_parameter_source("format_") is click.core.ParameterSource.COMMANDLINE


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from bot.resources import version

    click.echo(f"shortscience-bot {version()}")
    context.exit()


def _log(level: str, later: bool) -> None:
    from bot.observe.log import set_up_logging, set_up_logging_later

    (set_up_logging_later if later else set_up_logging)(level)


def main() -> None:
    """The entry of `run_bot.py` and of `shortscience-bot`."""
    # What a command loads is no garbage; looking for some all the while took a tenth of the time of `status`.
    gc.set_threshold(100_000)
    # A character that this terminal cannot show must not end a run.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with _explained():
            bot.main(prog_name=Path(sys.argv[0]).name if sys.argv[0].endswith(".py") else None)
    finally:
        # An interpreter that ends looks for garbage once more, which took a tenth of a second of every preview.
        gc.freeze()


@contextmanager
def _explained() -> Iterator[None]:
    """Every foreseen failure as a message and an exit status; never a traceback."""
    try:
        try:
            yield
        finally:
            # Here, where it can be explained, and not when the interpreter ends.
            sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - the outermost handler: what is not foreseen is explained, too
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    from bot.ledger.by_hand import NotPossible
    from bot.ledger.engine import LedgerError
    from bot.mistakes import ConfigMistakes
    from bot.sandbox.world import SandboxError
    from bot.source.base import SourceError, SourceMisconfigured

    if isinstance(error, ConfigMistakes):
        return _say([str(problem) for problem in error.problems], MISTAKE)
    if isinstance(error, SourceMisconfigured):
        return _say([f"source: {problem}" for problem in error.problems], MISTAKE)
    if isinstance(error, NotPossible):
        return _say([str(error)], MISTAKE)
    if isinstance(error, SourceError | LedgerError | SandboxError):
        return _say([str(error)], TROUBLE)
    if isinstance(error, OSError) and error.errno in CANNOT_BE_WRITTEN:
        # What is still buffered can go nowhere, and must not fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        whoever_read_has_gone = error.errno == errno.EPIPE
        return TROUBLE if whoever_read_has_gone else _say([f"the output cannot be written: {error.strerror}"], TROUBLE)
    # A mistake of ours: the traceback is for whoever mends it, and no secret stands in it.
    return _say([traceback.format_exc(), "This should not happen: please report it, with the lines above."], TROUBLE)


def _say(lines: Sequence[str], status: int) -> int:
    from bot.observe.redact import redactor

    for line in lines:
        click.echo(redactor.clean(line), err=True)
    return status


# --- without a command ------------------------------------------------------------------------------------------


def _dry_run(given: Options) -> int:
    from bot import as_json
    from bot.addresses import ledger_url
    from bot.clock import utc_now
    from bot.ledger.engine import LedgerMissing
    from bot.ledger.store import Ledger
    from bot.mistakes import ConfigMistakes
    from bot.preview import preview
    from bot.runtime import build_accounts, mistakes, open_configured_source
    from bot.standing import troubles
    from bot.terminal import Terminal

    config, selected = load(given, partial(mistakes, sending=False))
    if problems := mistakes(config, selected, sending=False):
        raise ConfigMistakes(problems)
    accounts = build_accounts(config)
    with ExitStack() as stack:
        source = open_configured_source(config)
        stack.callback(source.close)
        ledger: Ledger | None = None
        try:
            ledger = Ledger.open_to_look(ledger_url(config), utc_now)
            stack.callback(ledger.close)
        except LedgerMissing:
            pass
        limit = PREVIEW if given.limit is None else given.limit
        plans = preview(source, ledger, accounts, selected, config.source, limit, utc_now())
        wrong = troubles(ledger, [accounts[name] for name in selected]) if ledger else []
    if given.format == "html":
        _write_page(plans, config, wrong)
    elif given.format == "json":
        click.echo(as_json.dump(as_json.plans(plans)))
    else:
        Terminal().plans(plans)
    return _say(wrong, TROUBLE) if wrong else OK


def _write_page(plans: Sequence["Plan"], config: "Config", wrong: Sequence[str]) -> None:
    from bot.clock import utc_now
    from bot.observe.redact import redactor
    from bot.preview_page import page

    text = page(plans, config.template_folders(), utc_now(), [redactor.clean(line) for line in wrong])
    # As bytes: the page says that it is UTF-8, whatever the terminal's or the locale's encoding.
    click.echo(text.encode("utf-8", "replace"), nl=False)
    if sys.stdout.isatty():
        click.echo("That was a web page. To look at it: run_bot.py --dry-run --format html > preview.html", err=True)


def _once(given: Options) -> int:
    from bot.observe.lookout import Known, Lookout
    from bot.once import run_once
    from bot.runtime import open_bot
    from bot.standing import troubles
    from bot.terminal import Terminal

    terminal = Terminal()
    with ExitStack() as stack:
        bot = open_bot(_reader(given, stack)(), stack)
        selected = list(bot.publishers)
        stack.callback(terminal.done)
        run = run_once(bot, given.limit, terminal.doing)
        terminal.doing("telling what has changed")
        Lookout(bot.sender.ledger.now()).round(Known(bot))
        terminal.done()
        entries = _posted_in(run.steps, bot.sender.ledger)
        wrong = (
            run.problems
            + run.rejected(bot.sender.ledger)
            + troubles(bot.sender.ledger, [bot.accounts[name] for name in selected])
        )
        zone = bot.config.accounts[selected[0]].cadence.timezone
    if given.format == "json":
        from bot import as_json

        click.echo(as_json.dump(as_json.deliveries(entries)))
    else:
        terminal.posted(entries, zone)
    return _say(wrong, TROUBLE) if wrong else OK


def _posted_in(steps: dict[str, Any], ledger: "Ledger") -> list["Record"]:
    from bot.ledger import views

    ids = [step.delivery.id for account in steps.values() for step in account if step.kind == "posted"]
    return [record for number in ids if (record := views.by_id(ledger, number)) is not None]


def _daemon(given: Options) -> int:
    import signal

    from bot.daemon import Daemon
    from bot.runtime import open_sender

    # Until the daemon listens itself there is nothing in flight, but a database may let us wait.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(OK))
    # Everything is about to be read anyway.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ExitStack() as stack:
        read = _reader(given, stack)
        parts = read()
        Daemon(read, parts, open_sender(parts.config, stack)).run()
    return OK


def _reader(given: Options, stack: ExitStack) -> Callable[[], "Parts"]:
    """Reads and judges all that a bot is built from: at the start, and again when it changes. Raises ConfigMistakes."""
    from bot.config import DEFAULT_PATH
    from bot.runtime import gather, gather_at_sandbox, mistakes, sandbox_beside

    # The file of the start stays the file: should it vanish, that is a mistake, and nothing else serves in its place.
    given = replace(given, config=given.config or (DEFAULT_PATH if DEFAULT_PATH.exists() else None))
    beside = sandbox_beside(stack)

    def read() -> "Parts":
        config, selected = load(given, partial(mistakes, sending=not given.sandbox))
        return gather_at_sandbox(config, selected, beside) if given.sandbox else gather(config, selected)

    return read


for command in (*commands.ALL, *setup_commands.ALL):
    bot.add_command(command)
