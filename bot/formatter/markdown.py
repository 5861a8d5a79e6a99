"""The parser of Markdown: CommonMark with tables and strikethrough."""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# One of these is in every line that is more to Markdown than its words.
_MARKUP = re.compile(r"[\n\\`*_\[<&~]")


def parsed(source: str) -> Sequence[Token]:
    """A text as the parser's tokens."""
    return _parser().parse(source)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 12}).enable(["table", "strikethrough"])
    parser.core.ruler.at("inline", _read_inline)
    return parser


def _read_inline(state: StateCore) -> None:
    """What the parser's own rule does, which goes through a text sign by sign even if it holds no markup."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if _MARKUP.search(token.content) or not token.content:
            token.children = token.children or []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children = [Token("text", "", 0, content=token.content)]
