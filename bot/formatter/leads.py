"""Headings that are not marked as such: bold lead-ins, labels of nested lists, headings that swallowed their
paragraph."""

import re
from collections.abc import Iterator

from bot.formatter.characters import BREAK

_KNOWN = (
    r"key contributions?|main contributions?|contributions?|major changes(?: and \w+)?|introduction"
    r"|abstract|summary|overview|background|motivation"
    r"|related work|method(?:ology|s)?|approach|model|architecture|algorithm|implementation"
    r"|training(?: details)?|experiments?"
    r"|experimental (?:setup|results)|evaluation|results?|observations?|discussions?|conclusions?"
    r"|limitations?|strengths?|weaknesses"
    r"|notes?|comments?|future work|dataset|idea|key ideas?|main ideas?|problem(?: statement)?"
)
_SWALLOWED = re.compile(rf"({_KNOWN}):? (?=[A-Z\"“(])", re.IGNORECASE)
_QUESTION = re.compile(r"([^.?!]{3,80}\?) +(?=\S)")
# The words before a list are no sentence by themselves; behind some of them it needs no colon.
_UNFINISHED = re.compile(
    r"\b(?:that|which|who|to|by|with|of|for|from|into|in|on|as|is|are|be|can|when|if|because|where"
    r"|either|both|between|and|or|via|using|through|namely|include|includes|including|like)$",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"\b(?:include|includes|including|such as|namely)$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


def split_heading(text: str, strong: str) -> tuple[str, str]:
    """A heading, and what of the paragraph below it was written on its line: `## Evaluation The rate starts at 0.1.`"""
    if len(text) > 60 and 0 < (lead := text.find(strong)) <= 60:
        return text[:lead].strip(), text[lead:]
    if len(text) <= 60 and not re.search(r"[.?!] \S", text):
        return text, ""
    if found := _QUESTION.match(text) or _SWALLOWED.match(text):
        return found[1], text[found.end() :]
    return ("", text) if _SENTENCE_END.search(text) else (text, "")


def is_label(text: str) -> bool:
    """Whether a list item only names what is nested below it: "What", "How", "Training:"."""
    words = text.split()
    return len(words) <= 6 and (text.endswith(":") or not _SENTENCE_END.search(text)) and len(text) <= 60


def is_unfinished(text: str) -> bool:
    """Whether a sentence cannot end with these words: "They are trained on"."""
    return _UNFINISHED.search(text) is not None


def leads_into_a_list(text: str) -> bool:
    """Whether the items of a list below finish what these words begin."""
    return text.endswith(":") or _ANNOUNCES.search(text) is not None


def split_leads(text: str, opening: str, closing: str) -> Iterator[tuple[str, str]]:
    """(label, words) for each part of a paragraph; bold lead-ins - `**Mask prediction** Mask prediction is …`,
    `**Cost:** …` - are the labels. Bold words within a sentence are none."""
    if opening not in text:
        yield "", text
        return
    pattern = re.compile(
        rf"(?:^|(?<=[^{opening}{closing}]))\s*{opening}([^{opening}{closing}]{{2,80}}){closing}(\s*:"
        rf"|\s*{BREAK}|\s*[-–—] |\s+(?=[A-Z])|\s*$)"
    )
    label, position = "", 0
    for found in pattern.finditer(text):
        if not _leads(text, found):
            continue
        yield label, text[position : found.start()]
        label, position = found[1].strip(" :."), found.end()
    yield label, text[position:]


def _leads(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()].rstrip()
    if found[1].rstrip().endswith(":") or not before:
        return bool(found[1].rstrip().endswith((":", ".", "?")) or found[2].strip() or found[1][:1].isupper())
    return before[-1] in ".!?:" or (
        not found[2].strip() and found[1][:1].isupper() and before[-1].islower() and found.end() < len(text)
    )
