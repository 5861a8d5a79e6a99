"""The last look at a rendered post: lines and gaps."""

import re

_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]+")


def tidy(text: str) -> str:
    """`text` without spaces at line ends, double spaces, or the gaps that empty parts leave behind."""
    lines = [_SPACES.sub(" ", line).strip(" ") for line in text.split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
