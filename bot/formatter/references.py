"""What a sentence takes as known: the noun behind its pronoun, and things that only an earlier sentence names.

A sentence that leans on its predecessor stands only behind it. One that speaks of "the replicas" or of "SYNPO" can
be sent if the reader has met them: in the title, or in what stands before it in the post.
"""

import re
from collections.abc import Collection, Iterator

from bot.formatter.words import AUTHORS_DO, AUTHORS_SAY, METHOD, PAPER

# Leans on the sentence before: can only stand behind it.
_LEANING = re.compile(
    r"^(?:eg|e\.g\.?|(?:like|unlike|in|with|for|as|by|on) [\w -]{3,40},? (?:it|they) |first,? |it|its|it's"
    r"|their|them|they|he|she|his|her|these|those|that|such|both|each|another|others?|either|neither|this"
    r"|here|one|two|three|all|some|only|same|there|an alternative|(?:[\w-]+ ){1,5}however"
    r"|the (?:latter|former|same|other|second|third|next|last|first|resulting|rest|remaining|difference"
    r"|two|three|above|reason|whole|final|effect of this|result is|key difference)"
    r"|to (?:do|achieve|solve|fix|address|avoid|overcome|tackle|get|lessen|reduce|handle|deal with"
    r"|alleviate|remedy) (?:so|this|that|it|these|the)"
    r"|doing (?:so|this)|(?:some|one|all|each|both|many|most|none) of (?:these|them|those|the)"
    r"|(?:because|instead|as a (?:way|result)|given|with|for|in|by|using|after|due to|based on|from"
    r"|despite|like|unlike|on|at|during|within|under|through|of) (?:of )?(?:this|that|these|those|it|them"
    r"|such|both|here|each)"
    r"|then|next|after(?:wards?|ward)?,|again|otherwise|and|or|nor|yet|still|meanwhile|thereby|hence"
    r"|likewise|similarly|e\.g\.|i\.e\.|but|rather|so,? (?:this|that|it|they|what|now)"
    r"|for (?:example|instance)|that is|in other words|on the other hand|in contrast|conversely"
    r"|in comparison|alternatively|to (?:that|this) end|(?:first|second|third|final|last)(?:ly)?,"
    r"|moreover|at (?:test|train)\w* time|instead,?|therefore|thus|once|even|not only|while|when|if|since"
    r"|because|although|besides)\b"
)
_POINTS_BACK = re.compile(
    r"^(?:they|the authors|authors|we|the paper|this paper) (?:\w+ ){1,2}(?:(?:it|them)\b|(?:this"
    r"|these|those)(?:$|[.,;]| (?:with|by|to|in|on|for|as|using|via)\b))"
    r"|\b(?:fix|solve|address|handle|achieve|overcome|tackle|avoid|resolve|mitigate|change|improve|extend)(?:s|es|ed)?"
    r" (?:that|this|these|those|it|them)\b"
    r"|\bthat (?:this|these|it) (?:is|are|was|were|can|would|helps?|leads?|makes?|allows?)\b"
    r"|\b(?:with|by|for|of|from) (?:this|these|those)[.,;]"
    rf"|^(?:the |this )?(?:{PAPER}|they|we) (?:\w+ )?\w+ that (?:this|these|those|it|they|such)\b|\b(?:is|are) such an?\b"
    r"|^the authors instead\b"
)
_POINTS_FAR_BACK = re.compile(
    r"\b(?:the )?(?:aforementioned|above|former|latter|said|mentioned) (?!works?\b|methods?\b|papers?\b"
    r"|state|approaches|best)[a-z]+|(?<!each )(?<!the )\bother (?:two|three) |\bthe (?:second|third|fourth|fifth) (?!-|order)[a-z]+"
)
_POINTER = re.compile(
    rf"(?<=[a-z,)] )(?:such|this|these|those) (?!{PAPER}|ways?\b|is\b|are\b|settings?\b|works?\b|can\b|as\b|that\b"
    r"|case\b|an? )([\w-]+)(?: ([\w-]+))?"
)
_THIS_PAPER = re.compile(rf"^(?:in )?(?:this|their|the) (?:\w+ )?{PAPER}\b")
# "They" are the authors, where they say something; and in a text that calls its authors so, also where they do something.
_THEY = r"\bthey (?:also |then |further |thus |therefore |empirically |experimentally |first |additionally |only |now |simply |just )?"
_THEY_SAY = re.compile(
    _THEY + r"(?:propose|introduce|present|show|demonstrate|argue|suggest|find|found|claim|report|evaluate"
    r"|investigate|develop|describe|study|explore"
    r"|extend|analy[sz]e|prove|conclude|hypothesi[sz]e|observe|design|compare|test|derive|experiment"
    r"|manage|built?|create|give an|define|formulate|publish|release|reevaluate)\b"
)
_THEY_DO = re.compile(rf"{_THEY}(?:{AUTHORS_SAY}|{AUTHORS_DO}|achieve|reach|focus|change|select|compute|note)\b")
_CONNECTIVE = re.compile(
    r"^(?:(?:So|Thus|Therefore|Hence|Also|Moreover|Furthermore|Additionally|In addition|Overall"
    r"|In summary|In short|To summari[sz]e|Basically"
    r"|Essentially|Specifically|In particular|Concretely|However|In conclusion|As a result|Consequently"
    r"|Nevertheless|Finally|Importantly"
    r"|Interestingly|Surprisingly|Notably|Unsurprisingly|In essence|More specifically|More precisely|Here"
    r"|Instead|Now|Further|That is|Then"
    r"|Thereby|In general|All in all|Lastly|In other words|To this end|In this way), (?=\w)"
    r"|(?:So|Thus|Therefore|Hence|Also|TL;?DR:?|Note that) (?=(?:the|this|they|we|a|an|it)\b)"
    r"|(?:The )?(?:basic |main |key |core |general )?(?:idea|contributions?|findings?|conclusions?|goal"
    r"|insight|results?|approach|summary|takeaway|tl;?dr): (?=\w))",
    re.IGNORECASE,
)
# An introduction that leans on what came before, in front of a main clause that does not.
_INTRODUCTION = re.compile(
    r"^(?:Given|As an? way|To|Using|With|In order|Based on|For|By|Because|Since|Motivated|Inspired|Due to"
    r"|Building on|In contrast|Unlike|After|On top)\b[^.;]{3,160}?(?:,| [-–—]) (?=(?:the"
    r"|this) (?:authors?|paper|article) )"
)
# The same before "they", where what they do holds without it; what they find may not.
_THEIR_INTRODUCTION = re.compile(
    r"^(?:To|In|In order|Based on|Because|Since|Motivated|Inspired|Due to|Specifically|Building on|Unlike|In contrast)"
    r"\b[^.;]{0,120}?, (?=they (?:simply |therefore |then |just |only |instead )?(?:propose|introduce|suggest|add"
    r"|replace|use|apply|combine|describe|develop|present|learn|train|build|design)\b)"
)

# Nouns that need no introduction in a post about a paper.
_COMMON = frozenset(
    """paper papers author authors work model models network networks data dataset datasets input inputs output outputs image
    images training test testing same first best most more number use fact idea goal aim state current entire whole
    standard original main key core basic real world literature field task problem method approach proposed performance
    result results accuracy error loss agent environment user users policy weights parameters gradient gradients layers
    features labels classes full other art way time one past future last final right left latent hidden internet web
    brain human case absence presence need lack choice quality effect effects effectiveness role power importance
    ability impact context domain area community research question questions answer optimal true usual overall above
    amount size length set target source batch distribution expected average total only actual underlying general
    human typical classical second larger smaller low high different following experiments experiment evaluation
    architecture algorithm technique system framework generator discriminator encoder decoder learner optimizer
    objective cost reward memory attention embedding space conclusion findings insight motivation intuition difference
    curse vanishing exploding visual word words sentence document text language vocabulary corpus frame video object
    objects background foreground pixels camera scene depth speed computational required necessary ground widely
    well-known popular recently so-called common previous existing traditional latest newly""".split()
)
_KNOWN_NAMES = frozenset(
    """cnn cnns rcnn frcnn rnn rnns lstm lstms gru grus gan gans vae vaes mlp mlps svm svms rl nlp ai ml gpu gpus cpu cpus tpu sgd
    mnist cifar imagenet coco mscoco pascal voc sota bleu vgg resnet resnets alexnet googlenet atari bert gpt kl pca mcmc
    mdp mdps api sql relu ood nmt mt qa vqa pos ner asr dnn dnns convnet convnets fcn rgb usa us uk eu ml map ms
    github google facebook deepmind openai youtube wikipedia wordnet adagrad rmsprop adam svhn mujoco tensorflow pytorch
    roi rois roipool rpn iou nms svd bptt adam knn em tv id ids url 2d 3d 1d gcn gnn gnns id3 iid hmm crf dqn maml word2vec glove""".split()
)
_POST_MODIFIED = frozenset(
    """of that which who where for in to between when used learned on with from behind given at by among is-a
    across over under obtained produced generated""".split()
)
_DEFINITE = re.compile(r"\b[Tt]he (?:(?:two|three|four|same) )?([a-z][\w-]*)(?: ([\w-]+))?(?: ([\w-]+))?")
_NAME = re.compile(r"(?<![\w“\"])(?:[A-Z]\w*[A-Z]\w*|[A-Z]\w*\d\w*|\d[A-Z]{2,})(?![\w(\[])")
_INTRODUCES = re.compile(
    r"(?:\(|called(?: as)?|named|dubbed|termed|propos\w+(?: an?| the)?|introduc\w+(?: an?| the)?|present\w*(?: an?| the)?"
    r"|namely|like|on|known as|e\.g\.|i\.e\.|[-–—:,]|suggest\w*(?: an?)?|describ\w+(?: an?| the)?|to as) ?[“\"]?$"
)
_IS_INTRODUCED = re.compile(r"[”\"]? ?(?:\(|[-–—] |, (?:an?|the|which)\b|datasets?\b|benchmarks?\b)")
_SYMBOL = re.compile(r"(?<![\w'’.+-])[b-hj-zB-HJ-Z](?![\w'’.+-])|\w_\{?\w|[\u0370-\u03ff\u2080-\u209c\u1d62-\u1d6a\u2200-\u22ff=]")
_WORD = re.compile(r"\w+")
_CONTRAST = re.compile(r"(?:However|Nevertheless|Still|But|Yet|Nonetheless)\b")
_METHOD_UNNAMED = re.compile(rf"the {METHOD} (?!of|for|that|which|in)")
_NUMERAL = re.compile(r"[IVX\d]+s?")


def stems(text: str) -> Iterator[str]:
    """Its words, each cut down to what its forms share, more or less."""
    return (_stem(word) for word in _WORD.findall(text.lower()))


def _stem(word: str) -> str:
    return word.rstrip("s")[:6]


def unmet(text: str, known: Collection[str]) -> list[str]:
    """Things the sentence speaks of as known, but that neither it nor `known` (stems) has named: "the replicas"."""
    return [*_unmet_things(text, known), *_unmet_names(text, known)]


def _unmet_things(text: str, known: Collection[str]) -> Iterator[str]:
    for found in _DEFINITE.finditer(text):
        first, *after = ((word or "").lower() for word in found.groups())
        if first in _COMMON or not _POST_MODIFIED.isdisjoint(after):
            continue
        before = set(stems(text[: found.start()]))
        if not any(_stem(word) in known or _stem(word) in before for word in (first, after[0]) if word):
            yield f"the {first}"


def _unmet_names(text: str, known: Collection[str]) -> Iterator[str]:
    for found in _NAME.finditer(text):
        name = found.group()
        if name.lower() in _KNOWN_NAMES or _stem(name.lower()) in known or _NUMERAL.fullmatch(name):
            continue
        if not _INTRODUCES.search(text[: found.start()]) and not _IS_INTRODUCED.match(text, found.end()):
            yield name


def speaks_of_an_unnamed_method(lower: str) -> bool:
    """Whether a sentence begins with "The network", whichever that is."""
    return _METHOD_UNNAMED.match(lower) is not None


def symbols(text: str) -> int:
    """How often it uses letters of a formula, which a reader cannot know."""
    return len(_SYMBOL.findall(text))


def known_from(title: str) -> Iterator[str]:
    """Stems that a reader of the title knows, with the short forms its words may have: "bn" for "Batch Normalization",
    "agem" for "A-GEM"."""
    yield from stems(title)
    yield from stems(title.replace("-", ""))
    words = re.findall(r"[A-Za-z]\w*", title)
    for count in (2, 3, 4, 5):
        for start in range(len(words) - count + 1):
            yield _stem("".join(word[0] for word in words[start : start + count]).lower())


def leans(lower: str, known: Collection[str] = ()) -> bool:
    """Whether the sentence needs the one before it: a pronoun whose noun stands there, a "then", a "for example".

    known: stems of words that the reader has seen, those of the title; "such graphs" points at nothing else then.
    """
    return _opens_leaning(lower) or points_back(lower, known)


def points_back(lower: str, known: Collection[str] = ()) -> bool:
    """Whether words inside the sentence point at an earlier one: "those weights", "such an approach"."""
    if _POINTS_BACK.search(lower[:80]) is not None or _POINTS_FAR_BACK.search(lower) is not None:
        return True
    return any(_points_out(found, known) for found in _POINTER.finditer(lower))


def _points_out(found: re.Match[str], known: Collection[str]) -> bool:
    """Whether the noun behind "these" stands neither before it in the sentence nor in `known`."""
    nouns = {_stem(word) for word in found.groups() if word}
    return nouns.isdisjoint(known) and nouns.isdisjoint(stems(found.string[: found.start()]))


def _opens_leaning(lower: str) -> bool:
    return _LEANING.match(lower) is not None and not _THIS_PAPER.match(lower) and not _THEY_SAY.match(lower)


def calls_its_authors_they(lower: str) -> bool:
    """Whether a sentence of the text says "They propose …"."""
    return any(_THEY_SAY.match(clause) for clause in lower.split(", "))


def does_what_authors_do(lower: str) -> bool:
    """Whether a sentence says "they apply …", which a text does of networks too."""
    return _THEY_DO.search(lower) is not None


def standing_alone(text: str, *, they: bool = False) -> str:
    """The sentence as it opens a text: without its "However, ", and with "The authors" for an authors' "They".

    they: whether the text calls its authors so.
    """
    bare = _INTRODUCTION.sub("", text, count=1)
    bare = _THEIR_INTRODUCTION.sub("", bare, count=1) if they else bare
    bare = _CONNECTIVE.sub("", bare, count=1)
    if bare != text:
        bare = bare[:1].upper() + bare[1:]
    return with_authors(bare, they=they)


def with_authors(text: str, *, they: bool) -> str:
    """The sentence with "The authors" for the "They" that means them."""
    lower = text.lower()
    theirs = _THEY_SAY.match(lower) or (they and (_THEY_DO.match(lower) or lower.startswith("they instead ")))
    return f"The authors{text[4:]}" if theirs else text


def contrasts(text: str) -> bool:
    """Whether a sentence says "However, …": it can open a text, but speaks against what is not there."""
    return _CONTRAST.match(text) is not None
