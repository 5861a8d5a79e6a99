"""Where math stands in a text, and where a dollar is money."""

import pytest

from bot.formatter.formulas import take_out


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        pytest.param("so $a*b*c$ holds", ["a*b*c"], id="between dollars"),
        pytest.param("so $$a$$ holds", ["a"], id="between double dollars"),
        pytest.param(r"so \(a\) and \\(b\\) hold", ["a", "b"], id="in TeX's brackets, also escaped"),
        pytest.param(r"\[a = b\]", ["a = b"], id="displayed in brackets"),
        pytest.param("$$\na\n= b\n$$", ["\na\n= b\n"], id="over several lines"),
        pytest.param(
            r"\begin{align} a &= b \end{align}", [r"\begin{align} a &= b \end{align}"], id="a bare environment"
        ),
        pytest.param(r"the rate $5 \cdot 10^{-4}$ is", [r"5 \cdot 10^{-4}"], id="a number first"),
        pytest.param("with $2$ layers", ["2"], id="only a number"),
        pytest.param("there are 2^{i-1} paths", ["^{i-1}"], id="a script without any sign"),
        pytest.param(r"\[[code](http://example.org)\]", [], id="a link in escaped brackets"),
        pytest.param("$x$-axis and $y$-axis", ["x", "y"], id="next to letters"),
        pytest.param("costs $5 and $10", [], id="two amounts"),
        pytest.param("from $3,000 to $5k, all in", [], id="amounts with thousands"),
        pytest.param("it costs $5. A model costs more than that, $6 at least", [], id="amounts in two sentences"),
        pytest.param("only $5", [], id="a dollar alone"),
        pytest.param(r"\$5 and \$6", [], id="escaped dollars"),
        pytest.param("`$HOME` and `$PATH`", [], id="in code"),
        pytest.param("```\n$a$\n```\n", [], id="in a block of code"),
        pytest.param("$a\n\nb$", [], id="not across paragraphs"),
    ],
)
def test_it_tells_math_from_money(text: str, formulas: list[str]) -> None:
    assert [formula.latex for formula in take_out(text)[1]] == formulas


def test_it_leaves_the_rest_of_the_text_as_it_was() -> None:
    text, formulas = take_out("a $x$ b")
    assert text.startswith("a ")
    assert text.endswith(" b")
    assert len(formulas) == 1
