"""Words by their kind, as expressions: the few that the choice of sentences rests on. All lower case."""

from collections.abc import Iterable

# What authors and papers do: what they say with a paper, and what they do for it. Each stands for its present and
# past forms.
_SAYING = """propose introduce present show demonstrate argue suggest find report investigate develop describe study
    explore analyze analyse address tackle examine prove derive design formulate conclude establish
    improve define claim simplify revisit unify outline survey review reevaluate achieve
    explain identify hypothesize""".split()
_DOING = """apply combine train use provide offer observe replace generate build create extend
    perform give learn adapt modify solve scale exploit leverage employ construct release
    aggregate collect predict estimate add adopt augment finetune fine-tune encourage incorporate integrate treat
    reformulate condition cast""".split()
# Finite forms that are no nouns: a line of a list that holds one is a sentence.
_OTHER_VERBS = """make work need get allow require help lead take become outperform beat reduce increase enable
    depend contain consist operate add remove produce converge fit yield rely capture encode decode
    retain fix let keep seem tend suffer fail minimize maximize optimize select compute encourage
    force ensure follow start represent generalize mean act serve expand remain go include vary
    happen cause avoid prevent change hold bring support handle assign treat assume receive call
    know choose perform obtain denote infer translate decide determine separate surpass exceed match
    restrict appear concatenate sound write read count draw play speak carry store process attend
    pay copy turn move classify cluster recognize detect segment regularize normalize share win grow
    shrink shift focus interact rank refine correlate evaluate compare consider model refer try test look start continue
    pretend note aim deal discuss attempt reuse verify indicate hint highlight launch drive hurt control extract
    say contribute confirm validate answer hypothesize accomplish remember retrieve maintain transform discover convert
    prefer utilize visualize summarize emerge""".split()
_IRREGULAR = """found shown sees gave built made took taken led became held brought kept meant chose chosen got went
    drawn is are was were be been has have had does did can could may might will would should must
    isn't aren't doesn't don't can't cannot it's that's they're there's won't wasn't""".split()
_NOUNS_AS_WELL = frozenset(
    "model models result results study studies use uses design designs test tests survey surveys scale scales".split()
)


def _forms(verb: str) -> Iterable[str]:
    if verb.endswith("e"):
        return (verb, f"{verb}s", f"{verb}d")
    if verb.endswith("y") and verb[-2] not in "aeo":
        return (verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied")
    return (verb, f"{verb}es" if verb.endswith(("s", "x", "ch", "sh")) else f"{verb}s", f"{verb}ed")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(set(words), key=lambda word: (-len(word), word)))


AUTHORS_SAY = _any_of([form for verb in _SAYING for form in _forms(verb)] + ["found", "shown"])
AUTHORS_DO = _any_of([form for verb in _DOING for form in _forms(verb)] + ["built", "gave"])
FINITE_WORDS = (
    frozenset([form for verb in (*_SAYING, *_DOING, *_OTHER_VERBS) for form in _forms(verb)] + _IRREGULAR)
    - _NOUNS_AS_WELL
)
# What a paper shows to be so, in any form.
FINDING = (
    r"(?:shows?|showed|demonstrates?|demonstrated|finds?|found|observed?|observes|proves?|proved|discovers?|discovered"
    r"|concludes?|concluded|notes?|noted|notices?|noticed|points? out|pointed out|reveals?|revealed|confirms?|confirmed"
    r"|establish(?:es)?|established|see|saw)"
)
PAPER = r"(?:paper|work|article|study|publication|authors?|thesis|survey|researchers|report)"
METHOD = (
    r"(?:method|model|approach|algorithm|architecture|network|framework|technique|system|procedure|idea|layer|loss"
    r"|module)s?"
)
