"""How fast texts become posts, where the time goes, and X's counter beside the one on PyPI."""

import cProfile
import json
import pstats
import random
import statistics
import subprocess
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import peers, world
from bench.measure import PAIRS, ROOT, elsewhere, paired
from bench.report import Part, Row, row, shown
from bot.config import load_config
from bot.formatter.length import weighted_length
from bot.resources import packaged
from bot.runtime import build_accounts
from bot.source.base import Summary
from tests.unit.formatter.samples import real_summaries

TITLE = "Formatting"
MINUTES = 2
ROUNDS = 20
TEXTS = 2_000
# The aims of the formatter (issue 3): the counter, and one summary at the 99th percentile. Seconds.
TIMES, SLOWEST = 20, 0.020


def run(rounds: int = ROUNDS, texts: int = TEXTS) -> Part:
    part = Part(TITLE)
    for account in ("twitter", "facebook"):
        found = [elsewhere(summaries_a_second, account, rounds) for _ in range(PAIRS)]
        rate = statistics.median(one["rate"] for one in found)
        slowest = statistics.median(one["slowest"] for one in found)
        what = f"summaries into posts for {account}, one core, {found[0]['summaries']} {found[0]['which']}"
        part.rows.append(Row(what, f"{rate:,.0f}/s"))
        reached = slowest <= SLOWEST
        aim = f"≤ {shown(SLOWEST, 's')}"
        part.rows.append(
            Row(f"the same, 99th percentile of one, {account}", shown(slowest, "s"), aim=aim, reached=reached)
        )
    part.notes.append("Where the time of a post on X goes, as a profiler sees it:\n\n" + elsewhere(profile, rounds))
    _counter(part, texts)
    return part


# --- summaries ------------------------------------------------------------------------------------------------------


def _summaries() -> tuple[list[Summary], str]:
    """The real ten if they are here, else the sample's."""
    real = real_summaries()
    return (real, "real ones") if real else (world.sample(), "of the sample")


def _retitled(summaries: Sequence[Summary], number: int) -> list[Summary]:
    """The same under other titles, so that nothing that is kept from one to the next helps."""
    return [replace(one, title=f"{one.title} {number}") for one in summaries]


def summaries_a_second(account: str, rounds: int) -> dict[str, object]:
    """How many a second, and the 99th percentile of one in seconds."""
    composer = build_accounts(load_config(packaged("config/bot.toml")))[account].composer
    summaries, which = _summaries()
    times = []
    for number in range(rounds + 1):
        for summary in _retitled(summaries, number):
            begun = time.perf_counter()
            composer.compose(summary)
            times.append(time.perf_counter() - begun)
    # The first round is for warming up.
    times = times[len(summaries) :]
    slowest = statistics.quantiles(times, n=100, method="inclusive")[98]
    return {"rate": len(times) / sum(times), "slowest": slowest, "which": which, "summaries": len(summaries)}


# What stands for what: the first of a call's modules that is named here.
STEPS = {
    "text.py:read": "Markdown and LaTeX read",
    "judge.py:_judge": "sentences judged",
    "condense.py:excerpt": "sentences chosen",
    "length.py:weighted_length": "weighted length counted",
    "templating.py:render": "template rendered",
    "hashtags.py:hashtags_for": "hashtags",
}


def profile(rounds: int) -> str:
    """Each step's share of the time of composing, in words."""
    composer = build_accounts(load_config(packaged("config/bot.toml")))["twitter"].composer
    summaries, _ = _summaries()
    profiler = cProfile.Profile()
    for number in range(rounds + 1):
        if number == 1:
            profiler.enable()
        for summary in _retitled(summaries, number):
            composer.compose(summary)
    profiler.disable()
    spent: dict[str, float] = {}
    for (file, _, function), (_, _, _, cumulative, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        # Of two of the same name in one module the outer one.
        name = f"{Path(file).name}:{function}"
        spent[name] = max(spent.get(name, 0.0), cumulative)
    whole = spent["compose.py:compose"]
    shares = {words: spent.get(name, 0.0) / whole for name, words in STEPS.items()}
    ordered = sorted(shares.items(), key=lambda one: -one[1])
    return "; ".join(f"{words} {100 * share:.0f} %" for words, share in ordered) + "."


# --- the counter ----------------------------------------------------------------------------------------------------

# Emoji that Unicode had before 12.0, by themselves and as sequences: skin tone, family, flag, keycap.
EMOJI = ["😀", "👍", "👍🏽", "❤️", "👨‍👩‍👧", "🇩🇪", "1️⃣", "🧠", "🚀", "©", "☺"]
LINKS = [
    "https://arxiv.org/abs/1512.03385",
    "http://example.com/a?b=c&d=e",
    "example.org",
    "README.md",
    "www.example.com/x",
]
WORDS = (
    "a network learns the loss of each layer naïve façade über Σ λ Ж 数据 学習 日本 한국 α→β ½ don’t “so” — 1.5 "
    "@name #tag $TICK"
).split()


def random_texts(count: int) -> list[str]:
    """Posts of every kind of character, the same at each run."""
    chance = random.Random(20201106)
    return [_text(chance) for _ in range(count)]


def _text(chance: random.Random) -> str:
    kinds = chance.choices((WORDS, EMOJI, LINKS), weights=(30, 2, 2), k=chance.randrange(5, 60))
    text = " ".join(chance.choice(kind) for kind in kinds)
    return unicodedata.normalize(chance.choice(("NFC", "NFD")), text)


def _counter(part: Part, count: int) -> None:
    beside = "`twitter-text-parser` of PyPI"
    if why := peers.missing():
        part.rows.append(Row("X's weighted length", "", beside, why))
        return
    texts = random_texts(count)
    each, differing = [], set()
    for _ in range(PAIRS):
        ours, theirs = elsewhere(count_all, texts), _their_count(texts)
        each.append((ours["seconds"] and count / ours["seconds"], count / theirs["seconds"]))
        differing = {
            text for text, one, other in zip(texts, ours["lengths"], theirs["lengths"], strict=True) if one != other
        }
    what = f"X's weighted length of {count:,} random texts"
    part.rows.append(row(what, paired(each), "texts/s", beside, at_least=TIMES))
    same = count - len(differing)
    part.rows.append(Row("of these, counted alike", f"{same:,}", aim=f"{count:,}", reached=not differing))
    part.peers["twitter-text-parser"] = peers.version("twitter-text-parser")
    for text in sorted(differing)[:5]:
        print(f"  counted differently: {text!r}")


def count_all(texts: Sequence[str]) -> dict[str, object]:
    """The lengths, and the seconds that they took."""
    begun = time.perf_counter()
    lengths = [weighted_length(text) for text in texts]
    return {"seconds": time.perf_counter() - begun, "lengths": lengths}


_THEIRS = """
import json, sys, time
from twitter_text import parse_tweet
texts = json.load(sys.stdin)
begun = time.perf_counter()
lengths = [parse_tweet(text).weightedLength for text in texts]
print(json.dumps({"seconds": time.perf_counter() - begun, "lengths": lengths}))
"""


def _their_count(texts: Sequence[str]) -> dict[str, list[int]]:
    command = [str(peers.BIN / "python"), "-W", "ignore", "-c", _THEIRS]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)  # type: ignore[no-any-return]
