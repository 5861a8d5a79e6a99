"""The lines that name a paper: title, authors, venue."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from bot.formatter.text import plain

# The site's names of venues, and what people call them.
_VENUES: Mapping[str, str] = {
    "arxiv e-print archive": "arXiv",
    "corr": "arXiv",
    "neural information processing systems conference": "NeurIPS",
    "international conference on learning representations": "ICLR",
    "international conference on machine learning": "ICML",
    "conference and computer vision and pattern recognition": "CVPR",
    "conference on computer vision and pattern recognition": "CVPR",
    "international conference on computer vision": "ICCV",
    "european conference on computer vision": "ECCV",
    "association for computational linguistics": "ACL",
    "empirical methods in natural language processing": "EMNLP",
}
_NIPS_UNTIL = 2017
# The longest of the site's titles have some 250 characters.
_LONGEST_TITLE = 2_000
_LONGEST_NAME = 200


def title_line(title: str) -> str:
    """The title as readers know it: LaTeX readable, on one line, without the mark of a list and its final dot."""
    written = re.sub(r"^[-–—•·*] (?=\S)", "", plain(title[:_LONGEST_TITLE]))
    return written if re.search(r"(?:\.\.|\b[A-Z]\.[A-Z])\.$", written) else written.removesuffix(".").rstrip()


def authors_line(authors: Sequence[str]) -> str:
    """ "He", "He and Sun", "He et al." with the first author's full name."""
    # Behind the third it makes no difference how many there are.
    names = list(islice(filter(None, (plain(author[:_LONGEST_NAME]) for author in authors)), 3))
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} et al."


def venue_line(venue: str, year: int | None) -> str:
    """The venue under the name people use; NeurIPS was NIPS up to 2017."""
    written = plain(venue)
    known = _VENUES.get(written.lower().rstrip("."), written)
    return "NIPS" if known == "NeurIPS" and year is not None and year <= _NIPS_UNTIL else known
