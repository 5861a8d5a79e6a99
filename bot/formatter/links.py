"""What X takes for a link: addresses, and bare names such as `README.md` or `proposals.In`.

The rules are those of twitter-text (github.com/twitter/twitter-text, configuration v3 of 2018). There they are one
large expression that backtracks; here a host is found by one scan over its labels, so that the time is linear
whatever the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

_LONGEST_ADDRESS = 4096
_LONGEST_SLUG = 40

_DIRECTION = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_SPACES = "\t-\r \u0085\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVALID = "\ufffe\ufeff\uffff"
_ACCENTS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb"
    "\u0300-\u036f\u1e00-\u1eff"
)
# A host is a run of labels and dots; `_` and `-` may stand inside a label.
_NOT_HOST = rf"!#%&'()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACES}{_INVALID}{_DIRECTION}"
_RUN = re.compile(rf"(?<![^{_NOT_HOST}])[^{_NOT_HOST}.]*+\.[^{_NOT_HOST}]*+")
# Behind the one dot of "word." stands nothing that could be a domain.
_DOT_WITHIN = re.compile(rf"\.[^{_NOT_HOST}.]")
_SIMPLE = re.compile(r"[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)+\.?")
_LONGEST_LABEL = 63
_PROTOCOL = re.compile(r"https?://\Z", re.IGNORECASE)
_BEFORE = re.compile(rf"[^A-Za-z0-9@＠$#＃{_INVALID}]|[{_DIRECTION}]", re.IGNORECASE)
_DOT = re.compile(r"\.")
_ALPHANUMERIC = re.compile(r"[0-9A-Za-z]*", re.IGNORECASE)
_NO_TLD_END = ("@", "+", "-")
_PUNYCODE = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE)
_LATIN_HOST = re.compile(rf"(?:[-a-z0-9{_ACCENTS}]++\.)++", re.IGNORECASE)

_PORT = re.compile(r":[0-9]+")
_GENERAL = rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTS}]"
# A path is general characters and pairs of brackets, one pair within another at most.
_IN_PATH = re.compile(rf"{_GENERAL}++|(\((?:{_GENERAL}++\)|{_GENERAL}*+\({_GENERAL}++\){_GENERAL}*+\)))", re.IGNORECASE)
_NO_PATH_END = "!*';:,.$%[]\u2013~@|&"
_QUERY = re.compile(r"\?([a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+)", re.IGNORECASE)
_NO_QUERY_END = "!?*'@();:+$%[].,~|"
_SHORT = re.compile(r"https?://t\.co/([a-z0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """Where in the text a link stands. bare: written without http://."""

    start: int
    end: int
    bare: bool


def links(text: str) -> list[Link]:
    """All that X would make a link of, in order. `text` is in NFC."""
    found: list[Link] = []
    position = 0
    for match in _RUN.finditer(text) if _DOT_WITHIN.search(text) else ():
        start, end = match.span()
        if end > position and "." in match[0].rstrip("."):
            taken = _read_simple(text, start, end, position, found) if _SIMPLE.fullmatch(match[0]) else None
            if taken is None:
                taken = _Run(text, start, end).read(position, found)
            position = max(position, taken)
    return found


def _read_simple(text: str, start: int, end: int, position: int, found: list[Link]) -> int | None:
    """What `_Run.read` does, for a run of plain labels, which nearly all are. None where it takes more to tell.

    Its one host ends with the last label that is a top-level domain.
    """
    stop = _simple_end(text, start, end)
    if not stop:
        return position
    host = text[start:stop]
    if position > start or max(map(len, host.split("."))) > _LONGEST_LABEL:
        return None
    begin, after_slash = start, text[start - 1 : start] == "/"
    if after_slash and (protocol := _PROTOCOL.search(text, max(position, start - 8), start)):
        begin = protocol.start()
    if not _may_begin(text, begin, position):
        return None
    tail, has_path = _tail(text, stop)
    if begin < start:
        if tail - begin <= _LONGEST_ADDRESS - (start - begin) and (short := _short_end(text, begin, tail)):
            found.append(Link(begin, short, bare=False))
    elif not after_slash and tail - begin <= _LONGEST_ADDRESS - len("https://"):
        found.append(Link(begin, tail if has_path else stop, bare=True))
    return tail


def _simple_end(text: str, start: int, end: int) -> int:
    """Where the last label that is a top-level domain ends; 0 if none is, but for the first, which cannot be."""
    position = end
    for label in reversed(text[start:end].lower().split(".")[1:]):
        if label in _latin_tlds() and (position < end or text[end : end + 1] not in _NO_TLD_END):
            return position
        position -= len(label) + 1
    return 0


class _Run:
    """A run of labels and dots, in which hosts are looked for from left to right.

    reach[i] is the label behind which the top-level domain stands if a host takes label i whole: the farthest one,
    since X takes as many labels as it can. None if no host can be built from there.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        dots = [found.start() for found in _DOT.finditer(text, start, end)]
        self.labels = list(zip([start, *(dot + 1 for dot in dots)], [*dots, end], strict=True))
        self.domain_ends = [*(_tld_end(text, dot + 1, end) for dot in dots), 0]
        self.reach: list[int | None] = [None] * (len(self.labels) + 1)
        for index in range(len(self.labels) - 1, -1, -1) if any(self.domain_ends) else ():
            if self._is_label(index):
                self.reach[index] = self._reach_from(index, self.labels[index][0])

    def read(self, position: int, found: list[Link]) -> int:
        """Add the links of this run to `found`; what stands before `position` is taken. Returns what is taken then."""
        if not any(self.domain_ends):
            return position
        position = self._with_protocol(position, found)
        index = 0
        while index < len(self.labels):
            begin = self._begin(index, position)
            reach = None if begin is None else self._reach_from(index, begin)
            if begin is None or reach is None:
                index += 1
                continue
            position = self._bare(begin, self.domain_ends[reach], found)
            index = reach + 1
        return position

    def _is_label(self, index: int) -> bool:
        start, end = self.labels[index]
        return end > start and self.text[start] not in "_-" and self.text[end - 1] not in "_-"

    def _reach_from(self, index: int, begin: int) -> int | None:
        """The reach of a host that begins at `begin`, within label `index`."""
        end = self.labels[index][1]
        if begin >= end or self.text[end - 1] in "_-":
            return None
        if (farther := self.reach[index + 1]) is not None:
            return farther
        return index if self.domain_ends[index] and "_" not in self.text[begin:end] else None

    def _begin(self, index: int, position: int) -> int | None:
        """The first place in label `index` where a host may begin and goes on to a top-level domain."""
        start, end = self.labels[index]
        if not self.domain_ends[index] and self.reach[index + 1] is None:
            return None
        if self.reach[index + 1] is None:
            start = max(start, self.text.rfind("_", start, end) + 1)
        for begin in self._candidates(max(start, position), end):
            if begin < end and self.text[begin] not in "_-" and _may_begin(self.text, begin, position):
                return begin
        return None

    def _candidates(self, start: int, end: int) -> Iterator[int]:
        """Places in a label where a host may begin: its start, and behind each sign that may stand before a link."""
        if start == 0 and _BEFORE.match(self.text):
            yield 1  # at the very start of a text, a sign stands before the link rather than in it
        yield start
        while before := _BEFORE.search(self.text, start, end):
            start = before.end()
            yield start

    def _with_protocol(self, position: int, found: list[Link]) -> int:
        """Read an address with its `http://`, which stands right before the run."""
        protocol = _PROTOCOL.search(self.text, max(position, self.start - 8), self.start)
        if protocol is None or not _may_begin(self.text, protocol.start(), position):
            return position
        reach = self.reach[0] if self._is_label(0) else None
        if reach is None:
            return position
        end = _tail(self.text, self.domain_ends[reach])[0]
        host = self.text[self.start : self.domain_ends[reach]]
        if _is_valid(host, len(protocol.group()), end - protocol.start()) and (
            stop := _short_end(self.text, protocol.start(), end)
        ):
            found.append(Link(protocol.start(), stop, bare=False))
        return end

    def _bare(self, begin: int, domain_end: int, found: list[Link]) -> int:
        """Read a host without protocol: only its parts in Latin letters become links."""
        end, has_path = _tail(self.text, domain_end)
        glued = begin > 0 and self.text[begin - 1] in "-_./"
        if glued or not _is_valid(self.text[begin:domain_end], len("https://"), end - begin):
            return end
        hosts = list(_latin_hosts(self.text, begin, domain_end))
        found.extend(Link(start, stop, bare=True) for start, stop in hosts[:-1])
        rest = end - domain_end if has_path else 0  # counted behind the last part, as X does
        found.extend(Link(start, stop + rest, bare=True) for start, stop in hosts[-1:])
        return end


def _may_begin(text: str, begin: int, position: int) -> bool:
    """Whether a link may begin here: the character before allows it, and belongs to no earlier link."""
    return begin == 0 or (begin > position and _BEFORE.match(text, begin - 1) is not None)


def _tld_end(text: str, start: int, end: int) -> int:
    """Where the top-level domain that begins at `start` ends, or 0."""
    first = text[start : start + 1]
    if not first.isascii():
        other = _other_tlds()[1].match(text, start) if first.lower() in _other_tlds()[0] else None
        return other.end() if other else 0
    stop = _ALPHANUMERIC.match(text, start, end).end()  # type: ignore[union-attr]  # it matches the empty text, too
    if text[start:stop].lower() in _latin_tlds() and stop > start:
        return stop if text[stop : stop + 1] not in _NO_TLD_END else 0
    punycode = _PUNYCODE.match(text, start, end)
    if punycode:
        return punycode.end()
    other = _other_tlds()[1].match(text, start) if stop < end and not text[stop].isascii() else None
    return other.end() if other else 0


def _tail(text: str, end: int) -> tuple[int, bool]:
    """(end, whether there is a path) of an address whose host ends at `end`: port, path and query are part of it."""
    port = _PORT.match(text, end)
    end = port.end() if port else end
    has_path = text.startswith("/", end)
    end = _path_end(text, end + 1) if has_path else end
    query = _QUERY.match(text, end)
    kept = query[1].rstrip(_NO_QUERY_END) if query else ""
    return end + (1 + len(kept) if kept else 0), has_path


def _path_end(text: str, start: int) -> int:
    """Where a path ends: behind a letter, a digit or the like, or behind brackets that follow one."""
    kept = position = start
    while part := _IN_PATH.match(text, position):
        if part[1] is None:
            ended = part.group().rstrip(_NO_PATH_END)
            kept = position + len(ended) if ended else kept
        elif kept == position:
            kept = part.end()
        position = part.end()
    return kept


def _is_valid(host: str, protocol: int, length: int) -> bool:
    """Whether the host can be written in ASCII and the address is short enough."""
    if len(host) > _LONGEST_ADDRESS:
        return False
    try:
        encoded = host.encode("idna")
    except UnicodeError:
        return False
    return bool(encoded) and protocol + length + len(encoded) - len(host) <= _LONGEST_ADDRESS


def _short_end(text: str, start: int, end: int) -> int:
    """Where an address ends: X's own short ones hold nothing but a slug and a query. 0 if the slug is too long."""
    short = _SHORT.match(text, start, end)
    if short is None:
        return end
    query = _QUERY.match(text, short.end(), end)
    kept = query[1].rstrip(_NO_QUERY_END) if query else ""
    return 0 if len(short[1]) > _LONGEST_SLUG else short.end() + (1 + len(kept) if kept else 0)


def _latin_hosts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the parts of a host in Latin letters that end in a top-level domain."""
    while found := _LATIN_HOST.search(text, start, end):
        dots = [dot.start() for dot in _DOT.finditer(text, found.start(), found.end())]
        stops = (_tld_end(text, dot + 1, end) for dot in reversed(dots))
        stop = next((stop for stop in stops if stop), 0)
        if stop:
            yield found.start(), stop
        start = stop or found.end()


@cache
def _top_level_domains() -> frozenset[str]:
    """X's list, in NFC; every other word behind a dot is none."""
    lines = resources.files(__package__).joinpath("tlds.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _latin_tlds() -> frozenset[str]:
    return frozenset(word for word in _top_level_domains() if word.isascii())


@cache
def _other_tlds() -> tuple[frozenset[str], re.Pattern[str]]:
    """Those not in plain Latin letters, which other letters may follow: first characters, and a pattern of all."""
    words = sorted(_top_level_domains() - _latin_tlds(), key=len, reverse=True)
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, words))})(?![0-9A-Za-z@+-])", re.IGNORECASE)
    return frozenset(word[0] for word in words), pattern
