"""Tables for LaTeX: what Unicode has for scripts, fonts, accents and the macros that pylatexenc's table lacks."""

from collections.abc import Mapping

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _pairs(plain: str, small: str) -> dict[str, str]:
    return dict(zip(plain, small, strict=True))


SUPERSCRIPTS: Mapping[str, str] = _pairs(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤βγδθφχ′°∘",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀᵝᵞᵟᶿᵠᵡ′°°",
)
SUBSCRIPTS: Mapping[str, str] = _pairs(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)

_BLACKBOARD = {
    **{letter: chr(0x1D552 + index) for index, letter in enumerate(_LETTERS[:26])},
    **{letter: chr(0x1D538 + index) for index, letter in enumerate(_LETTERS[26:])},
    **dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "1": "𝟙",
}
_SCRIPT = {
    **{letter: chr(0x1D49C + index) for index, letter in enumerate(_LETTERS[26:])},
    **dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)),
}
_FRAKTUR = {
    **{letter: chr(0x1D504 + index) for index, letter in enumerate(_LETTERS[26:])},
    **dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}
# Bold, italic and sans-serif letters stay plain: screen readers spell the mathematical ones out.
FONTS: Mapping[str, Mapping[str, str]] = {
    "mathbb": _BLACKBOARD,
    "mathds": _BLACKBOARD,
    "Bbb": _BLACKBOARD,
    "mathcal": _SCRIPT,
    "mathscr": _SCRIPT,
    "cal": _SCRIPT,
    "mathfrak": _FRAKTUR,
    "mathbf": {},
    "boldsymbol": {},
    "bm": {},
    "pmb": {},
    "mathit": {},
    "mathnormal": {},
    "ensuremath": {},
    "boxed": {},
}
TEXT_FONTS = frozenset(
    "text textrm textbf textit textsf texttt textsc textup textnormal mbox hbox emph underline uline "
    "mathrm mathsf mathtt rm bf it operatorname mathop mathbin mathrel mathord".split()
)
ACCENTS: Mapping[str, str] = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
OPERATORS: Mapping[str, str] = {
    name: name
    for name in (
        "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max sup inf "
        "lim det dim ker deg gcd hom arg Pr tr softmax sigmoid relu ReLU"
    ).split()
} | {"argmin": "argmin", "argmax": "argmax", "limsup": "lim sup", "liminf": "lim inf", "mod": "mod", "bmod": "mod"}
RELATIONS = frozenset(
    "le leq leqslant ge geq geqslant ne neq approx approxeq equiv sim simeq cong propto in notin ni subset "
    "subseteq subsetneq supset supseteq to rightarrow longrightarrow leftarrow gets longleftarrow "
    "leftrightarrow Rightarrow Longrightarrow Leftarrow Leftrightarrow Longleftrightarrow iff implies "
    "impliedby mapsto longmapsto ll gg prec succ preceq succeq vdash models perp triangleq coloneqq doteq "
    "mid parallel hookrightarrow leadsto lt gt rightleftharpoons nearrow searrow".split()
)
# Written with air on both sides, except in scripts.
BINARY = frozenset("cdot times odot otimes oplus ominus pm mp cup cap wedge vee land lor circ ast setminus div".split())
SYMBOLS: Mapping[str, str] = {
    "iff": "⇔",
    "implies": "⇒",
    "impliedby": "⇐",
    "lt": "<",
    "gt": ">",
    "mid": "|",
    "coloneqq": "≔",
    "leadsto": "⇝",
    "lVert": "‖",
    "rVert": "‖",
    "Vert": "‖",
    "|": "‖",
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "lbrace": "{",
    "rbrace": "}",
    "{": "{",
    "}": "}",
    "lbrack": "[",
    "rbrack": "]",
    "_": "_",
    "#": "#",
    "%": "%",
    "&": "&",
    "$": "$",
    "ast": "*",
    "star": "*",
    "prime": "′",
    "dots": "…",
    "ldots": "…",
    "cdots": "…",
    "dotsc": "…",
    "dotsb": "…",
    "sum": "Σ",
    "prod": "Π",
    "int": "∫",
    "ell": "ℓ",
    "degree": "°",
    "top": "⊤",
    "intercal": "⊤",
    "varnothing": "∅",
    "emptyset": "∅",
    "setminus": "∖",
    "backslash": "\\",
    "land": "∧",
    "lor": "∨",
    "lnot": "¬",
    "neg": "¬",
    "colon": ":",
    "epsilon": "ε",
    "varepsilon": "ε",
    "phi": "φ",
    "varphi": "φ",
    "vartheta": "θ",
    "Tau": "Τ",
    "checkmark": "✓",
    "triangle": "△",
    "square": "□",
    "Box": "□",
    "bigcup": "⋃",
    "bigcap": "⋂",
    "circ": "∘",
    "to": "→",
    "gets": "←",
    "times": "×",
    "cdot": "·",
    "odot": "⊙",
    "div": "÷",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lceil": "⌈",
    "rceil": "⌉",
    "i": "i",
    "j": "j",
    "dag": "†",
}
NEGATED: Mapping[str, str] = {"=": "≠", "∈": "∉", "⊂": "⊄", "⊆": "⊈", "<": "≮", ">": "≯", "≡": "≢", "∼": "≁", "|": "∤"}
# Layout, which says nothing.
SILENT: Mapping[str, str] = {
    **dict.fromkeys(
        "displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl "
        "biggr Biggl Biggr bigm nonumber notag noindent centering ! / , @".split(),
        "",
    ),
    **dict.fromkeys(", : ; > quad qquad enspace thinspace medspace thickspace".split(), " "),
    " ": " ",
    "\n": " ",
    "-": "",
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
    ".": ".",
    '"': '"',
}
UNWRITABLE = frozenset(
    "begin end matrix pmatrix bmatrix cases array substack atop over choose \\ includegraphics ref eqref "
    "cite citep citet newline overleftrightarrow xrightarrow xleftarrow hline cr def newcommand".split()
)
