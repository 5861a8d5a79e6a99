import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from tests.site import VIGNETTES, Site


def test_it_gives_every_test_a_site_with_a_reader_who_can_only_select(site_database: Site) -> None:
    site_database.paper("a/b")
    site_database.summary("a/b", site_database.user(1, "ada"))
    engine = create_engine(site_database.reader_url)
    with engine.connect() as connection:
        assert connection.execute(select(VIGNETTES.c.text)).scalars().all() == ["It works."]
        if site_database.backend != "sqlite":
            with pytest.raises(DBAPIError):
                connection.execute(text("DELETE FROM vignettes"))
    engine.dispose()
