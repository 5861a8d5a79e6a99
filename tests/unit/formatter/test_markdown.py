"""That the parser's shortcut for lines without markup changes nothing."""

import pytest
from markdown_it import MarkdownIt

from bot.formatter.markdown import parsed
from tests.unit.formatter.samples import sample_texts


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Plain words, nothing else.", id="plain"),
        pytest.param("One line\nand another", id="two lines"),
        pytest.param("a \\* b `c` *d* _e_ [f](g) <b>h</b> &amp; ~~i~~", id="all markup"),
        pytest.param("# \n\n- \n- x\n\n| a | b |\n|---|---|\n| c | |", id="empty lines"),
        pytest.param("![alt](x.png) ! ] - : # =", id="signs"),
    ],
)
def test_it_reads_a_text_as_the_parser_does(text: str) -> None:
    assert _told(parsed(text)) == _told(_plain_parser().parse(text))


def test_it_reads_the_sample_as_the_parser_does() -> None:
    for text in sample_texts():
        assert _told(parsed(text)) == _told(_plain_parser().parse(text))


def _plain_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "maxNesting": 12}).enable(["table", "strikethrough"])


def _told(tokens: object) -> list[tuple[object, ...]]:
    assert isinstance(tokens, list)
    return [
        (token.type, token.nesting, token.content, [(one.type, one.content, one.attrs) for one in token.children or []])
        for token in tokens
    ]
