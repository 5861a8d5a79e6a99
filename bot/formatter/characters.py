"""Characters: what may stand in a post, and how what X would turn into something else is written instead."""

import re
import unicodedata

# Private-use marks that travel through the formatter inside a text and never leave it.
LOST = "\ue000"  # something that cannot be written stood here; its sentence is left out
FORMULA = "\ue001"  # opens the reference to a formula, "\ue001" number "\ue002"
FORMULA_END = "\ue002"
BREAK = "\ue003"  # a line break that the author asked for

# A space inside a formula: no sentence ends here, no text is shortened here. Written as a plain space in the post.
TIGHT = "\u00a0"

# Zero-width and bidi characters, soft hyphens, and fillers that look like nothing.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_EMOJI = "[\u203c-\u3299\ufe0f\U0001f000-\U0001faff]"
_STRAY_JOINER = re.compile(f"(?<!{_EMOJI})\u200d|\u200d(?!{_EMOJI})")
_STRAY_SELECTOR = re.compile("(?<![0-9#*\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])[\ufe00-\ufe0f]")
_LOOKED_AT = re.compile("[^\n\t -~\u00a1-\u024f\u0370-\u03ff\u2010-\u2027\u3041-\u30ff\u4e00-\u9fff]")


def clean(text: str) -> str:
    """`text` in NFC, without control, bidi, zero-width, private-use and unassigned characters.

    A zero-width joiner stays only between emoji, where it is part of one.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _INVISIBLE.sub("", text)
    text = _STRAY_JOINER.sub("", _STRAY_SELECTOR.sub("", text))
    return unicodedata.normalize("NFC", _LOOKED_AT.sub(_visible, text))


def _visible(found: re.Match[str]) -> str:
    character = found.group()
    if character in "\u2028\u2029\u0085\u000b\u000c":
        return "\n"
    category = unicodedata.category(character)
    if category[0] == "C" and character != "\u200d":
        return ""
    return " " if category == "Zs" else character


def one_line(text: str) -> str:
    """`text` with every run of white space as one plain space."""
    return " ".join(text.split())


_NEUTRALISED = re.compile("[@＠$＄#＃]")
_AT = re.compile(r"(?<![A-Za-z0-9_!#$%&*@＠])[@＠](?=\w)")
_AT_NUMBER = re.compile(r"(?<![A-Za-z0-9_!#$%&*@＠])[@＠] ?(?=\d)")
_CASHTAG = re.compile(r"(?<![^\W_])[$＄](?=[A-Za-z])")
_HASH_NUMBER = re.compile(r"(?<![\w&])[#＃](?=\d)")
_HASH = re.compile(r"(?<![&/])[#＃](?=\w)")


def neutral(text: str) -> str:
    """`text` in which no `@name`, `$TICK` or `#1` is left that a platform would link: "#1" reads "no. 1"."""
    if _NEUTRALISED.search(text) is None:
        return text
    text = _AT_NUMBER.sub("at ", text)
    text = _AT.sub("", text)
    text = _CASHTAG.sub("", text)
    text = _HASH_NUMBER.sub("no. ", text)
    return _HASH.sub("", text)
