"""The site's own database as its published source makes it: latin1 columns that hold UTF-8 bytes."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url

from bot.source import SourceSettings, open_source
from bot.source.base import Listing, Reference, Source, Summary
from tests.conftest import select_only_user

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "shortscience"

pytestmark = [
    pytest.mark.mysql,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the shared data in {DATA}"),
    pytest.mark.skipif(shutil.which("mysql") is None, reason="needs the mysql client (Debian: mariadb-client)"),
]


@pytest.fixture
def reader_url(mysql_database: str) -> Iterator[str]:
    """Loaded as the folder's README says; for a user who may only SELECT."""
    url = make_url(mysql_database)
    command = ["mysql", "--default-character-set=latin1", f"--host={url.host}", f"--port={url.port or 3306}"]
    login = [f"--user={url.username}", *([f"--password={url.password}"] if url.password else [])]
    with (DATA / "shortscience.sql").open("rb") as dump:
        subprocess.run([*command, *login, str(url.database)], stdin=dump, check=True, timeout=60)
    with select_only_user(mysql_database) as reader:
        yield reader


def open_site(url: str, text_encoding: Any) -> Source:
    zone = ZoneInfo("UTC")
    return open_source(
        SourceSettings(url, "shortscience", None, text_encoding, zone, "http://www.shortscience.org", 1, 3)
    )


def read_all(source: Source) -> dict[str, Summary]:
    found = {}
    for listing in listed(source):
        summary = source.reread(Reference(listing.key, listing.locator))
        assert summary is not None
        found[listing.locator] = summary
    return found


def listed(source: Source) -> list[Listing]:
    return [listing for page in source.listings(None) for listing in page]


def test_it_reads_the_sites_bytes_right(reader_url: str) -> None:
    source = open_site(reader_url, "utf8-in-latin1")
    source.check()
    summaries = read_all(source)
    expected = {one["paperid"]: one for one in json.loads((DATA / "summaries.json").read_text())}
    assert summaries.keys() == expected.keys()
    for paperid, one in expected.items():
        summary = summaries[paperid]
        assert (summary.text, summary.abstract) == (one["text"], one["abstract"])
        assert (summary.title, summary.year) == (one["title"], int(one["year"]))
        assert (summary.author, summary.votes) == (one["username"], int(one["votes"]))
    assert "layer’s" in summaries["conf/icml/IoffeS15"].text
    assert "Piotr Dollár" in summaries["journals/corr/HeGDG17"].authors


def test_the_declared_character_set_would_garble_them(reader_url: str) -> None:
    """The control: what the setting is for. And keys stay what they are when it is changed."""
    garbled = open_site(reader_url, "utf8")
    assert "layerâ€™s" in read_all(garbled)["conf/icml/IoffeS15"].text
    assert [one.key for one in listed(garbled)] == [one.key for one in listed(open_site(reader_url, "utf8-in-latin1"))]


@pytest.mark.parametrize("charset", ["latin1", "utf8mb4"])
def test_it_reads_them_right_whatever_character_set_the_address_asks_for(reader_url: str, charset: str) -> None:
    source = open_site(f"{reader_url}?charset={charset}", "utf8-in-latin1")
    assert "layer’s" in read_all(source)["conf/icml/IoffeS15"].text
