"""What a reader of the post knows when a sentence comes: the words of the title and of what stands before it.

A sentence that speaks of "the replicas" or of "SYNPO" can be sent if the reader has met them.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from bot.formatter.words import METHOD

# Nouns that need no introduction in a post about a paper.
_COMMON = frozenset(
    """ability above absence accuracy actual agent aim algorithm amount answer approach architecture area art attention
    author authors average background basic batch best brain camera case choice classes classical common
    community computational conclusion context core corpus cost current curse data datasets decoder depth
    difference different discriminator distribution document domain effect effectiveness effects embedding
    crucial encoder entire environment error evaluation existing expected experiment experiments exploding fact features
    field final findings first following foreground frame framework full future general generator given goal gradient
    gradients ground hidden idea image images impact importance information input inputs insight interesting internet
    intuition key labels lack language larger last latent latest layers learner left length literature loss low main
    memory method model models more most motivation necessary need network networks newly novelty number object
    objective objects one only optimal optimizer original other output outputs overall overarching paper papers
    parameters past performance pixels policy popular power presence present previous problem proposed quality real
    recently required research reward right role same scene second sentence set size smaller so-called source space
    speed standard state system target task technique test testing text time total traditional training true typical
    underlying use user users usual vanishing video visual vocabulary way web weights well-known whole widely word words
    work world""".split()
)
_KNOWN_NAMES = frozenset(
    """1d 2d 3d adagrad adam ai alexnet api asr atari bert bleu bptt cifar cnn cnns coco convnet convnets cpu cpus
    crf cv deepmind dl dnn dnns dqn elmo em eu facebook fcn fps frcnn gan gans gcn github glove gnn gnns google
    googlenet gpt gpu gpus gru grus hmm id id3 ids iid imagenet iou kl knn lm lms lstm lstms maml map mcmc mdp mdps ml
    mlp mlps mnist ms mscoco mse mt mujoco ner nlp nms nmt nn nns ood openai pascal pca pos pytorch qa rcnn relu relus
    resnet resnets rgb rl rmsprop rnn rnns roi roipool rois rpn sgd sota sql svd svhn svm svms tensorflow tpu tv uk
    url us usa vae vaes vgg voc vqa wikipedia word2vec wordnet youtube""".split()
)
_POST_MODIFIED = frozenset(
    """across among at behind between by for from generated given in is-a learned obtained of on over produced that
    to under used when where which who with""".split()
)
_DEFINITE = re.compile(
    r"[Tt]he (?<!\w.he )(?:(?:two|three|four|same) )?([a-z][\w-]*)(?: ([\w-]+))?(?: ([\w-]+))?"
    r"(?=(?: (of|for|between))?)"
)
_NAME = re.compile(r"(?<![\w“\"])(?:[A-Z]\w*[A-Z]\w*|[A-Z]\w*\d\w*|\d[A-Z]{2,})(?![\w(\[])")
_LIKE_A_NAME = re.compile(r"[A-Z]\w*[A-Z\d]|\d[A-Z]")
_SIGNS = "\u0370-\u03ff\u2080-\u209c\u1d62-\u1d6a\u2200-\u22ff="
_INTRODUCES = re.compile(
    r"(?:\(|called(?: as)?|named|dubbed|termed|propos\w+(?: an?| the)?|introduc\w+(?: an?| the)?"
    r"|present\w*(?: an?| the)?"
    r"|namely|like|on|known as|e\.g\.|i\.e\.|[-–—:,]|suggest\w*(?: an?)?|describ\w+(?: an?| the)?|to as) ?[“\"]?$"
)
_IS_INTRODUCED = re.compile(r"[”\"]? ?(?:\(|[-–—] |, (?:an?|the|which)\b|datasets?\b|benchmarks?\b)")
_LETTER = re.compile(r"(?<![\w'’.+-])[b-hj-zB-HJ-Z](?![\w'’.+-])")
_SYMBOL = re.compile(rf"{_LETTER.pattern}|\w_\{{?\w|[{_SIGNS}]")
# What the most texts are without, for which the quicker expression says the same.
_OTHER_SYMBOL = re.compile(f"[_{_SIGNS}]")
_WORD = re.compile(r"\w+")
_FIRST_WORD = re.compile(r"(?:The |An? )?(\w+)")
_INNER_CAPITAL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
_METHOD_UNNAMED = re.compile(rf"the {METHOD} (?!of|for|that|which|in)")
_NUMERAL = re.compile(r"[IVX\d]+s?")


# What any paper is said to do, and with what.
_OF_ANY_PAPER = """a an also and approach architecture article author based called can concept deep different existing
    first for framework general idea in introduce is it learning mechanism method model module named network neural new
    novel of on paper present problem propose several show some study suggest system technique that the their they this
    to two use using various way we which with work
    current review summarize understanding"""
# Words that tell nothing by themselves.
_SMALL = frozenset(
    """about above across after again against all allow allows almost along already although always among any are around
    because been before behind being below better between beyond both but can could did different does doing done during
    each either etc every for found from given gives good had has have having here how important interesting into its
    itself just less main make makes making many may might more most much must nor not off often one ones only onto or
    other others our out over own particular per really results same set shall she should since some specific such
    task tasks than that the them then there these they this those three through thus together too train trained
    training under until up upon very via was well were what when where whereas whether which while who whom whose why
    will within without would yet you""".split()
)
_IS_A = re.compile(r" (?:is|are) (?:an?|the) ")
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def says_little(text: str, known: Collection[str]) -> bool:
    """Whether it says hardly more than that there is a paper, to a reader who knows `known` (stems of its title)."""
    return missing_words(text, known) > 0


def missing_words(text: str, known: Collection[str]) -> int:
    """How many words too few it has that are neither known nor said of any paper; 0 if it says what something is."""
    return 0 if _IS_A.search(text) else max(0, _FEWEST_NEW - new_words(text, known))


def new_words(text: str, known: Collection[str]) -> int:
    """How many words it has that are neither known nor said of any paper; what stands in brackets does not count."""
    return len(_its_own_stems(text).difference(known))


@lru_cache(maxsize=64)
def _its_own_stems(text: str) -> frozenset[str]:
    """Stems that are not said of any paper. Kept, since a text is asked for in each room."""
    return frozenset(stems(_IN_BRACKETS.sub("", text)) - _STEMS_OF_ANY_PAPER)


def stems(text: str) -> set[str]:
    """Its words, each cut down to what its forms share, more or less."""
    # `stem`, written out: a call for each word costs more than all else.
    return {word.rstrip("s")[:6] for word in _WORD.findall(text.lower())}


def stem(word: str) -> str:
    """What the forms of a word share, more or less."""
    return word.rstrip("s")[:6]


def news(text: str, roots: Collection[str]) -> frozenset[str]:
    """What it says beside the title: roots of its words that are not among `roots` and not said of any paper, without
    the small words of the language."""
    words = (word for word in _WORD.findall(text.lower()) if len(word) > 2 or word.isdigit())
    return frozenset(root(word) for word in words if word.rstrip("s") not in _NO_NEWS).difference(roots)


def root(word: str) -> str:
    """The beginning of a word: "count" for "counting"."""
    return word.rstrip("s")[:5]


_STEMS_OF_ANY_PAPER = frozenset(stem(word) for word in _OF_ANY_PAPER.split())
_NO_NEWS = frozenset(
    form.rstrip("s")
    for word in (*_SMALL, *_OF_ANY_PAPER.split())
    for form in (word, word + "d", word + "ed", word + "ing", word.rstrip("e") + "ing")
)
_FEWEST_NEW = 3


def unmet(text: str, known: Collection[str]) -> list[str]:
    """Things the sentence speaks of as known, but that neither it nor `known` (stems) has named: "the replicas"."""
    return [*_unmet_things(text, known), *_unmet_names(text, known)]


def _unmet_things(text: str, known: Collection[str]) -> Iterator[str]:
    for found in _DEFINITE.finditer(text):
        first, *after = ((word or "").lower() for word in found.groups())
        if first in _COMMON or not _POST_MODIFIED.isdisjoint(after):
            continue
        things = [stem(word) for word in (first, after[0]) if word]
        if any(thing in known for thing in things) or not stems(text[: found.start()]).isdisjoint(things):
            continue
        yield f"the {first}"


def _unmet_names(text: str, known: Collection[str]) -> Iterator[str]:
    for found in _NAME.finditer(text) if _LIKE_A_NAME.search(text) else ():
        name = found.group()
        if name.lower() in _KNOWN_NAMES or stem(name.lower()) in known or _NUMERAL.fullmatch(name):
            continue
        if not _INTRODUCES.search(text[: found.start()]) and not _IS_INTRODUCED.match(text, found.end()):
            yield name


def introduced_by(beginning: str) -> Iterator[str]:
    """The stem of the name that a text begins with: "AlphaGo searches …" says what the paper is about."""
    if found := _NAME.match(beginning):
        yield stem(found.group().lower())


def speaks_of_an_unnamed_method(lower: str) -> bool:
    """Whether a sentence begins with "The network", whichever that is."""
    return _METHOD_UNNAMED.match(lower) is not None


@lru_cache(maxsize=64)
def symbols(text: str) -> int:
    """How often it uses letters of a formula, which a reader cannot know."""
    return len(_SYMBOL.findall(text)) if _OTHER_SYMBOL.search(text) else len(_LETTER.findall(text))


def known_from(title: str) -> Iterator[str]:
    """Stems that a reader of the title knows, with the short forms its words may have: "bn" for "Batch Normalization",
    "agem" for "A-GEM", "city" for "BirdCity"."""
    yield from stems(title)
    yield from stems(_INNER_CAPITAL.sub(" ", title))
    yield from stems(title.replace("-", ""))
    yield from (stem(initials.lower()) for initials in _initials(title))


def _initials(title: str) -> Iterator[str]:
    words = re.findall(r"[A-Za-z]\w*", title)
    for count in (2, 3, 4, 5):
        for start in range(len(words) - count + 1):
            yield "".join(word[0] for word in words[start : start + count])


def names_in(title: str) -> frozenset[str]:
    """The names that a title gives: "TuckER", "Toolformer" before a colon, initials of its words; none that a reader
    of the field knows."""
    before, colon, _ = title.replace(" - ", ": ").partition(": ")
    initials = (one.upper() for one in _initials(title))
    found = {*_NAME.findall(title), *((before,) if colon and before.isalnum() else ()), *initials}
    return frozenset(name for name in found if name.lower() not in _KNOWN_NAMES)


def begins_with_one_of(names: Collection[str], text: str) -> bool:
    """Whether a name is what a sentence begins with: "TuckER outperforms …", "The Toolformer calls …"."""
    first = _FIRST_WORD.match(text)
    return first is not None and (first[1] in names or first[1].rstrip("s") in names)
