"""Hashtags from a paper's tags. Only what stands in a table becomes one: free tags (`thema:deepwalk`, `dblp`, years,
typos) do not."""

import re
from collections.abc import Mapping, Sequence

# arXiv's categories, and topics that the site's users write as tags. The operator extends or overrides it.
HASHTAGS: Mapping[str, str] = {
    "cs.ai": "#AI",
    "cs.cl": "#NLP",
    "cs.cv": "#ComputerVision",
    "cs.lg": "#MachineLearning",
    "stat.ml": "#MachineLearning",
    "cs.ne": "#NeuralNetworks",
    "cs.ro": "#Robotics",
    "cs.ir": "#InformationRetrieval",
    "cs.cr": "#Security",
    "cs.hc": "#HCI",
    "cs.gr": "#ComputerGraphics",
    "cs.ma": "#MultiAgentSystems",
    "cs.si": "#SocialNetworks",
    "cs.sd": "#Audio",
    "eess.as": "#Audio",
    "eess.iv": "#ImageProcessing",
    "eess.sp": "#SignalProcessing",
    "cs.ds": "#Algorithms",
    "cs.db": "#Databases",
    "cs.dc": "#DistributedComputing",
    "cs.se": "#SoftwareEngineering",
    "cs.pl": "#ProgrammingLanguages",
    "cs.it": "#InformationTheory",
    "cs.gt": "#GameTheory",
    "cs.cy": "#ComputersAndSociety",
    "cs.mm": "#Multimedia",
    "math.oc": "#Optimization",
    "math.st": "#Statistics",
    "stat.me": "#Statistics",
    "stat.th": "#Statistics",
    "stat.co": "#Statistics",
    "stat.ap": "#Statistics",
    "q-bio.nc": "#Neuroscience",
    "q-bio.qm": "#Bioinformatics",
    "q-bio.gn": "#Genomics",
    "quant-ph": "#QuantumComputing",
    "physics.data-an": "#DataAnalysis",
    "deep learning": "#DeepLearning",
    "machine learning": "#MachineLearning",
    "reinforcement learning": "#ReinforcementLearning",
    "computer vision": "#ComputerVision",
    "natural language processing": "#NLP",
    "nlp": "#NLP",
    "imagenet": "#ImageNet",
    "gan": "#GAN",
    "robotics": "#Robotics",
    "neuroscience": "#Neuroscience",
    "bioinformatics": "#Bioinformatics",
}
# X: letters, digits and underscores, not digits alone; at most 100 or so. Beside a letter, so that it is a word.
_FORM = re.compile(r"#(?=\w*[^\W\d_])\w{1,100}")


def is_hashtag(text: str) -> bool:
    """Whether platforms would make one of it."""
    return _FORM.fullmatch(text) is not None


def table_with(more: Mapping[str, str]) -> Mapping[str, str]:
    """The table as `hashtags_for` wants it, with what the operator adds."""
    return {_folded(tag): hashtag for tag, hashtag in (*HASHTAGS.items(), *more.items())}


def hashtags_for(tags: Sequence[str], table: Mapping[str, str], *, most: int) -> tuple[str, ...]:
    """At most `most` hashtags, the most important first: in the order of the paper's tags, each once."""
    found = (table.get(_folded(tag), "") for tag in tags)
    distinct = dict.fromkeys(hashtag for hashtag in found if is_hashtag(hashtag))
    return tuple(distinct)[:most]


def _folded(tag: str) -> str:
    return re.sub(r"[-_ ]+", " ", tag.strip().lower()) if "." not in tag else tag.strip().lower()
