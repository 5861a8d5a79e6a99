"""From a kill in mid-send to the first post after it, beside the waits that bound it."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench import servers, world
from bench.measure import PAIRS, ROOT, environment, paired, python
from bench.report import Part, Row, row

TITLE = "Recovery"
MINUTES = 4
# Shorter than anybody would set them, so that it does not take all day; what is measured scales with them. Seconds.
TIMEOUT, SETTLE = 1, 6
SLACK = 5
FIRST_LOOK = SETTLE / 15
# Start of a process, and a ring of its clock.
ON_TOP = 3
# Requests before the one that is cut off: who are we, which posts are there, and two posts.
REQUEST = 5
PATIENCE = 60


def run(repeats: int = PAIRS) -> Part:
    part = Part(TITLE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = world.new_site(folder, 20)
        _on(part, folder, site, "SQLite, started again", 0, repeats, _fresh_file)
        try:
            with servers.durable_postgres() as server:
                label = "PostgreSQL, another bot goes on"
                _on(part, folder, site, label, TIMEOUT + SLACK, repeats, lambda _: servers.fresh_database(server))
        except servers.NoService as why:
            part.rows.append(Row("recovery on PostgreSQL", "", "", str(why)))
    part.notes.append(
        f"`timeout` is {TIMEOUT} s and `settle` {SETTLE} s here; 30 s and 15 min as shipped. What was sent is found at "
        "the first look, `settle`/15 after the attempt's end; what was not is sent again after `settle`. On SQLite the "
        "end is when the bot starts again, on PostgreSQL the attempt's deadline, `timeout` and 5 s."
    )
    return part


def _fresh_file(folder: Path) -> str:
    return f"sqlite:///{tempfile.mkdtemp(dir=folder)}/ledger.db"


def _on(part: Part, folder: Path, site: str, label: str, deadline: float, repeats: int, fresh: object) -> None:
    assert callable(fresh)
    cases = (("sent, the answer lost", "request-sent", FIRST_LOOK), ("not sent", "first-byte", SETTLE))
    for case, place, look in cases:
        bound = deadline + look
        each = [(_recover(folder, site, str(fresh(folder)), place), bound) for _ in range(repeats)]
        words = f"`kill -9` in mid-send ({case}) to the next post, {label}"
        aim = f"≤ {bound + ON_TOP:.1f} s"
        reached = all(taken <= bound + ON_TOP for taken, _ in each)
        beside = "deadline and wait for the look" if deadline else "wait for the look"
        part.rows.append(row(words, paired(each), "s", beside, aim=aim, reached=reached))
        print(f"  {label}, {case}: {', '.join(f'{taken:.1f}' for taken, _ in each)} s", flush=True)


def _recover(folder: Path, site: str, ledger: str, place: str) -> float:
    """Seconds from the death of a bot to the next post."""
    with world.sandbox() as api:
        config = world.settings(folder, site, ledger, api)
        text = config.read_text("utf-8").replace("api_url", f'timeout = "{TIMEOUT}s"\nsettle = "{SETTLE}s"\napi_url')
        config.write_text(text, encoding="utf-8")
        with _daemon(config, BOT_FAILPOINTS=f"{place}=kill@{REQUEST}") as victim:
            victim.wait(PATIENCE)
        died = time.monotonic()
        # What was sent arrives all the same.
        time.sleep(0.2)
        before = _posts(api)
        with _daemon(config):
            while _posts(api) == before:
                if time.monotonic() > died + PATIENCE:
                    raise TimeoutError(f"no post within {PATIENCE} s of the kill at {place}")
                time.sleep(0.02)
            return time.monotonic() - died


@contextmanager
def _daemon(config: Path, **variables: str) -> "Iterator[subprocess.Popen[bytes]]":
    command = python("run_bot.py", "--config", str(config), "--log-level", "error")
    env = environment({**world.secrets(["twitter"]), **variables})
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _posts(api: str) -> int:
    with urlopen(f"{api}/__posts") as answer:
        return len(json.load(answer))
