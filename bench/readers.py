"""Weighs anew what readers made of sentences, and writes `bot/formatter/weights.py`.

    python -m bench.readers MARKED.jsonl

Each line of the file is one text that readers have marked:
{"source": "whose notes", "title": "…", "text": "Markdown", "best": ["a sentence"], "good": […], "beside": […]}
best: sentences that stand very well alone below the title; good: that could; beside: that could not, but read well
behind others. All else is what no reader would send. Sentences are as `run_bot.py show` prints them.

First it says how good the weights are on the texts of a source that they were not taken from. Texts of others are not
part of this repository, and the marks neither; those that the present weights were taken from are described in
docs/formatting.md.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.formatter import judge, readers
from bot.formatter.text import read

_WEIGHTS = Path(__file__).parent.parent / "bot" / "formatter" / "weights.py"
# A mark of fewer sentences says nothing. How much a weight costs for being large, as one sentence more or less.
_FEWEST, _PENALTY = 40, 3.3
_PARTS, _STEPS = 8, 12
_BEST, _GOOD, _BESIDE = 3, 2, 1

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class _Marked:
    """A sentence with its marks. worth: what readers made of it. rules: what the rules did, alone and beside others."""

    text: int
    source: str
    marks: Mapping[str, float]
    worth: int
    rules: tuple[float, float]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sentences = list(_read(Path(sys.argv[1])))
    names = sorted(
        name for name, count in Counter(m for one in sentences for m in one.marks).items() if count >= _FEWEST
    )
    table = np.array([[one.marks.get(name, 0.0) for name in names] + [1.0] for one in sentences])
    if len({one.source for one in sentences}) > 1:
        _report(sentences, table)
    opening, beside = _learnt(sentences, table)
    _write(names, opening, beside, texts=len({one.text for one in sentences}), count=len(sentences))


def _read(path: Path) -> Iterator[_Marked]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            yield from _sentences(number, json.loads(line))


def _sentences(number: int, marked: Mapping[str, str | Sequence[str]]) -> Iterator[_Marked]:
    worth = {
        sentence: value
        for key, value in (("beside", _BESIDE), ("good", _GOOD), ("best", _BEST))
        for sentence in marked[key]
    }
    title, blocks = str(marked["title"]), read(str(marked["text"])).blocks
    for one in judge.by_the_rules(blocks, title, judge.known_below(title, blocks)):
        if one.score is not None:
            marks: defaultdict[str, float] = defaultdict(float)
            for name, amount in readers.marks(one, title):
                marks[name] += amount
            yield _Marked(
                number, str(marked["source"]), marks, worth.get(one.text, 0), (one.score + one.alone, one.score)
            )


def _learnt(sentences: Sequence[_Marked], table: Matrix) -> tuple[Matrix, Matrix]:
    """Weights of each mark, the last of none: for opening a post and for standing beside others, in points."""
    worth = np.array([one.worth for one in sentences])
    rules = np.array([one.rules for one in sentences])
    opening = _told_apart(table, worth >= _GOOD) + _told_apart(table, worth >= _BEST)
    return _scaled(table, opening, rules[:, 0]), _scaled(table, _told_apart(table, worth >= _BESIDE), rules[:, 1])


def _told_apart(table: Matrix, wanted: NDArray[np.bool_]) -> Matrix:
    """Logistic regression by Newton's steps."""
    weights = np.zeros(table.shape[1])
    penalty = np.full(table.shape[1], _PENALTY)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (chance - wanted) + penalty * weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(penalty)
        weights -= np.linalg.solve(curve, slope)
    return weights


def _scaled(table: Matrix, weights: Matrix, points: Matrix) -> Matrix:
    """The weights such that they spread the sentences as the rules' points do, around the same middle."""
    found = table @ weights
    weights = weights * (points.std() / found.std())
    weights[-1] += points.mean() - (table @ weights).mean()
    return weights


def _report(sentences: Sequence[_Marked], table: Matrix) -> None:
    """How often the sentence worth most is one of the best, and one of those that could be sent, in texts of a source
    that nothing was learnt from."""
    sources = sorted(
        {one.source for one in sentences}, key=lambda source: -sum(one.source == source for one in sentences)
    )
    part = {source: number % _PARTS for number, source in enumerate(sources)}
    parts = np.array([part[one.source] for one in sentences])
    learnt = np.zeros(len(sentences))
    for number in range(_PARTS):
        others, own = np.flatnonzero(parts != number), np.flatnonzero(parts == number)
        opening, _ = _learnt([sentences[place] for place in others], table[others])
        learnt[own] = table[own] @ opening
    rules = np.array([one.rules[0] for one in sentences])
    for name, points in (("rules alone", rules), ("with readers", learnt)):
        best: dict[int, tuple[float, int]] = {}
        for one, value in zip(sentences, points, strict=True):
            best[one.text] = max(best.get(one.text, (-np.inf, 0)), (float(value), one.worth))
        worth = np.array([value for _, value in best.values()])
        print(
            f"{name:12}  best {np.mean(worth >= _BEST):.1%}  could be sent {np.mean(worth >= _GOOD):.1%}"
            f"  of {len(best):,} texts"
        )


def _write(names: Sequence[str], opening: Matrix, beside: Matrix, *, texts: int, count: int) -> None:
    lines = [
        f'"""What can be told of a sentence, and what it weighs: learnt on {datetime.now(UTC):%Y-%m-%d} from {count:,} '
        f"sentences of {texts:,}",
        'public notes that readers had marked.\n\nWritten by bench/readers.py; not to be changed by hand.\n"""\n',
        "# What any sentence has: as one that opens a post, and as one that stands beside others. In points.",
        f"ANY = ({opening[-1]:.2f}, {beside[-1]:.2f})",
        "WEIGHTS = {",
        *(
            f"    {_quoted(name)}: ({alone:.2f}, {among:.2f}),"
            for name, alone, among in zip(names, opening, beside, strict=False)
            if max(abs(alone), abs(among)) >= 0.005
        ),
        "}",
    ]
    _WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")


def _quoted(name: str) -> str:
    return f"'{name}'" if '"' in name else f'"{name}"'


if __name__ == "__main__":
    main()
