"""Addresses: the summary's own, percent-encoded as one link for every reader, and the paper's."""

import re
from urllib.parse import SplitResult, quote, urlsplit

ARXIV_NUMBER = r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7}"
ARXIV_ADDRESS = re.compile(rf"https?://(?:\w+\.)?arxiv\.org/(?:abs|pdf)/({ARXIV_NUMBER})", re.IGNORECASE)
# Keys of arXiv papers, the site's and DBLP's: journals/corr/1611.03530, journals/corr/abs-1611-03530.
ARXIV_KEY = re.compile(r"(?:journals/corr/|arxiv:)(?:abs-)?(\d{4})[.-](\d{4,5})(?:v\d+)?", re.IGNORECASE)
DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)
DOI_KEY = re.compile(r"(?:doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)

# What X takes for part of a link unencoded, wherever it stands but at the end.
PLAIN = "/?#&=:+,@!$%"
ANONYMOUS = "anon"


def summary_link(site_url: str, paperid: str, username: str | None) -> str:
    """The address that shows one summary alone; for no username, all of the paper's. `ANONYMOUS` is one too."""
    link = f"{site_url.rstrip('/')}/paper?bibtexKey={_encode(paperid)}"
    return f"{link}&a={_encode(username)}" if username else link


def _encode(value: str) -> str:
    """`value` as part of a query, so that X, Facebook and whoever copies it take the whole address.

    X ends a link before brackets that do not pair, quotes, and a full stop or tilde at its end; other readers before
    other signs. So only letters, digits, `-`, `_`, `.` and slashes stay, which the site's own links show too, and of
    these only letters and digits at the end.
    """
    return _close(quote(value, safe="/"))


def _close(address: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+\Z", lambda end: "".join(f"%{ord(sign):02X}" for sign in end[0]), _no_tilde(address))


def _no_tilde(address: str) -> str:
    return address.replace("~", "%7E")


def tidy_address(address: str | None) -> str | None:
    """An address as one clean link, encoded where it is not yet; None for what is not http or https."""
    try:
        parts = urlsplit((address or "").strip())
        host = _ascii_host(parts)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    rest = parts._replace(scheme="", netloc="").geturl()
    encoded = _no_tilde(quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", rest), safe=PLAIN))
    return f"{parts.scheme}://{host}{encoded if encoded.endswith('/') else _close(encoded)}"


def _ascii_host(parts: SplitResult) -> str:
    """Host and port in ASCII; empty if there is none, or if a name or password stands before it."""
    if not parts.hostname or "@" in parts.netloc or not re.fullmatch(r"[\w.-]+", parts.hostname):
        return ""
    host = parts.hostname.encode("idna").decode()
    return host if parts.port is None else f"{host}:{parts.port}"


def paper_address(urls: str | None, paperid: str) -> str | None:
    """The paper's own address: of those listed arXiv first, then DOI, then any; else what the key tells."""
    listed = [part.rstrip(",") for part in re.split(r",?\s+", urls or "") if part]
    arxiv = [f"https://arxiv.org/abs/{found[1]}" for url in listed if (found := ARXIV_ADDRESS.match(url))]
    dois = [found[1] for url in listed if (found := DOI_ADDRESS.match(url))]
    others = [tidy for url in listed if (tidy := tidy_address(url))]
    for candidates in (arxiv, [_doi_address(doi) for doi in dois], others):
        if candidates:
            return candidates[0]
    return _address_in_key(paperid)


def _address_in_key(paperid: str) -> str | None:
    if found := ARXIV_KEY.fullmatch(paperid):
        return f"https://arxiv.org/abs/{found[1]}.{found[2]}"
    if found := DOI_KEY.fullmatch(paperid):
        return _doi_address(quote(found[1], safe="/"))
    return None


def _doi_address(doi: str) -> str:
    return tidy_address(f"https://doi.org/{doi}") or ""
