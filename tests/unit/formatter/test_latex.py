"""LaTeX to Unicode."""

import pytest

from bot.formatter.characters import TIGHT
from bot.formatter.latex import to_unicode


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        pytest.param(r"\theta_{t+1}", "θₜ₊₁", id="a script of which Unicode has all characters"),
        pytest.param(r"\pi_{\theta_{old}}", "π_{θ_old}", id="a script within a script"),
        pytest.param(r"W_{t+q}", "W_{t+q}", id="a script of which Unicode lacks one keeps its scope"),
        pytest.param(r"x_{i,j}", "x_{i,j}", id="two indices"),
        pytest.param(r"p_{data}(x)", "p_data(x)", id="a word below"),
        pytest.param(r"p_c", "p_c", id="a letter that has no small form"),
        pytest.param(r"x^2 + y^{-1}", "x² + y⁻¹", id="powers"),
        pytest.param(r"\alpha_i^{(t)}", "αᵢ⁽ᵗ⁾", id="both scripts"),
        pytest.param(r"\theta^*", "θ*", id="a star"),
        pytest.param(r"A^\top B^T", "Aᵀ Bᵀ", id="transposes"),
        pytest.param(r"\mathbb{R}^{n \times d}", "ℝ^{n×d}", id="a dimension"),
        pytest.param(r"90^\circ", "90°", id="degrees"),
        pytest.param(r"f'(x)", "f′(x)", id="a prime"),
        pytest.param(r"\frac{1}{2}", "1/2", id="a simple fraction"),
        pytest.param(r"\frac{1}{2n}", "1/(2n)", id="a product below needs brackets"),
        pytest.param(r"\frac{a+b}{c}", "(a+b)/c", id="a sum above needs brackets"),
        pytest.param(r"\frac{\partial L}{\partial w}", "∂L/∂w", id="a derivative"),
        pytest.param(r"\frac12", "1/2", id="a fraction without braces"),
        pytest.param(r"\sqrt{x+1}", "√(x+1)", id="a root of a sum"),
        pytest.param(r"\sqrt{d_k}", "√dₖ", id="a root of one thing"),
        pytest.param(r"\sqrt[3]{x}", "∛x", id="a cube root"),
        pytest.param(r"\|x\|_2", "‖x‖₂", id="a norm"),
        pytest.param(r"\lVert x \rVert", "‖ x ‖", id="a norm by name"),
        pytest.param(r"D_{KL}(p \| q)", "D_KL(p ‖ q)", id="a divergence"),
        pytest.param(r"\log p(x|y)", "log p(x|y)", id="a function by its name"),
        pytest.param(r"\log(x)", "log(x)", id="a function before a bracket"),
        pytest.param(r"O(n \log n)", "O(n log n)", id="a function between letters"),
        pytest.param(r"\arg\max_x f(x)", "arg maxₓ f(x)", id="arg max"),
        pytest.param(r"\operatorname{softmax}(z)", "softmax(z)", id="an operator of one's own"),
        pytest.param(r"\hat{y} = \bar{x}", "ŷ = x̄", id="accents"),
        pytest.param(r"\tilde O(\sqrt{T})", "Õ(√T)", id="an accent without braces"),
        pytest.param(r"\mathbb{E}[X]", "𝔼[X]", id="blackboard letters"),
        pytest.param(r"\mathcal{L}", "ℒ", id="script letters"),
        pytest.param(r"\mathbf{x}", "x", id="bold letters stay plain"),
        pytest.param(r"a \neq b \leq c", "a ≠ b ≤ c", id="relations"),
        pytest.param(r"f: X \rightarrow Y", "f: X → Y", id="an arrow"),
        pytest.param(r"\Rightarrow", "⇒", id="an arrow alone"),
        pytest.param(r"p_c=0", "p_c = 0", id="a relation gets air"),
        pytest.param(r"0.0005 \cdot \varepsilon", "0.0005 · ε", id="a product with air"),
        pytest.param(r"10^{-4}", "10⁻⁴", id="a small number"),
        pytest.param(r"5\%", "5%", id="an escaped per cent"),
        pytest.param(r"\{0,1\}^n", "{0,1}ⁿ", id="a set"),
        pytest.param(r"\\{0,1\\}", "{0,1}", id="a set with Markdown's escapes in it"),
        pytest.param(r"y\_i", "yᵢ", id="an index with Markdown's escape in it"),
        pytest.param(r"\left( \frac{a}{b+c} \right)^2", "(a/(b+c))²", id="growing brackets"),
        pytest.param(r"\sum_{i=1}^n x_i", "Σᵢ₌₁ⁿ xᵢ", id="a sum"),
        pytest.param(r"\underbrace{a+b}_{c}", "a+b", id="a brace below"),
        pytest.param(r"\text{if } x > 0", "if x > 0", id="words"),
        pytest.param(r"\KL{p}{q}", "KL(p, q)", id="an unknown macro with arguments leaves its name"),
        pytest.param(r"\R", "R", id="an unknown macro leaves its name"),
        pytest.param(r"\Delta W = BA", "ΔW = BA", id="a letter before a letter"),
        pytest.param(r"x_1, \dots, x_n", "x₁, …, xₙ", id="dots"),
        pytest.param(r"{\bf x}", "x", id="old font switches"),
        pytest.param(r"a \not= b", "a ≠ b", id="a struck relation"),
        pytest.param(r"\displaystyle x\,y", "x y", id="layout says nothing"),
    ],
)
def test_it_writes_what_a_reader_of_the_field_would_write(latex: str, written: str) -> None:
    assert (to_unicode(latex) or "").replace(TIGHT, " ") == written


@pytest.mark.parametrize(
    "latex",
    [
        pytest.param(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", id="a matrix"),
        pytest.param(r"\begin{cases} 1 & x > 0 \\ 0 & x \leq 0 \end{cases}", id="cases"),
        pytest.param(r"a &= b \\ c &= d", id="aligned lines"),
        pytest.param(r"\frac{\frac{a}{b}}{\frac{c}{d}}", id="fractions of fractions"),
        pytest.param(r"\overline{abcdef}", id="a bar over a word"),
        pytest.param("x + " * 100, id="what is too long for a line"),
        pytest.param("{" * 10_000, id="braces without end"),
    ],
)
def test_it_says_so_when_there_is_no_readable_line(latex: str) -> None:
    assert to_unicode(latex) is None


@pytest.mark.parametrize(
    "latex", ["x^", "_", "\\", "{{{", "\\frac", "\\sqrt[", "}", "\\left", "^_^_", "\\not", "'", ""]
)
def test_it_survives_what_is_broken(latex: str) -> None:
    to_unicode(latex)


def test_it_breaks_nowhere_inside_a_formula() -> None:
    assert to_unicode(r"p_c \in [0, 1]") == "p_c ∈ [0, 1]".replace(" ", TIGHT)
