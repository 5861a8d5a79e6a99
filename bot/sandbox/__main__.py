"""The sandbox alone: `python -m bot.sandbox`."""

import re
import signal
import threading
from pathlib import Path

import click

from bot.platforms import SECRETS
from bot.sandbox.credentials import page_id_for, secrets_for
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import SandboxError


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--port", type=click.IntRange(0, 65535), default=8350, show_default=True, help="0 takes any free port.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Keep the posts in this file.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="NAME[=PLATFORM]",
    help="Print the secrets of this account; can be given several times. By default twitter and facebook.",
)
@click.option("--no-limits", is_flag=True, help="Do not enforce rate limits.")
@click.option("--allow-duplicates", is_flag=True, help="Take the same text twice, as neither platform does.")
def main(port: int, state: Path | None, accounts: tuple[str, ...], no_limits: bool, allow_duplicates: bool) -> None:
    """Serve a local X and Facebook on 127.0.0.1 until stopped.

    Every account name works; its secrets follow from its name. POST /__faults plans faults, GET /__faults lists those
    to come, DELETE /__faults forgets them, and GET /__posts is the truth. Each post has a page of its own.
    """
    chosen = [_account(text) for text in accounts or tuple(SECRETS)]
    try:
        sandbox = Sandbox(port, state, limits=not no_limits, refuse_duplicates=not allow_duplicates)
    except SandboxError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"cannot use the state file {state}: {error.strerror}") from None
    stop = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    try:
        sandbox.start()
    except OSError as error:
        raise click.ClickException(f"cannot listen on 127.0.0.1:{port}: {error.strerror}; try another --port") from None
    click.echo(_greeting(sandbox.url, chosen))
    stop.wait()
    sandbox.stop()


def _account(text: str) -> tuple[str, str]:
    """`NAME` or `NAME=PLATFORM` as name and platform."""
    name, _, platform = text.partition("=")
    platform = platform or name
    if not name or platform not in SECRETS:
        platforms = " or ".join(f"{name or 'NAME'}={known}" for known in SECRETS)
        raise click.BadParameter(f"say which platform it is on: {platforms}", param_hint="--account")
    return name, platform


def _greeting(url: str, accounts: list[tuple[str, str]]) -> str:
    lines = [f"X and Facebook sandbox on {url}  (api_url of every account)", ""]
    for name, platform in accounts:
        variable = "BOT_" + re.sub("[^A-Z0-9]", "_", name.upper())
        lines += [f"# accounts.{name} on {platform}"]
        lines += [f"export {variable}_{key}={secret}" for key, secret in secrets_for(platform, name).items()]
        if platform == "facebook":
            lines += [f'# page_id = "{page_id_for(name)}"']
        lines += [""]
    lines += ["Secrets of another account: --account NAME=twitter or --account NAME=facebook", "Stop with Ctrl-C."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
