"""`.env` is replaced whole or left as it was."""

import os
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.env_file import NotStored, line, store


def test_a_new_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        assert store(tmp_path / ".env", {"A": "1", "B": "2"}) == []
    finally:
        os.umask(umask)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert dotenv_values(tmp_path / ".env") == {"A": "1", "B": "2"}


@pytest.mark.parametrize("fails", ["fsync", "fchmod"])
def test_who_is_cut_off_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    file = tmp_path / ".env"
    file.write_text("A=old\n", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(NotStored, match="No space left"):
        store(file, {"A": "new"})
    assert file.read_text(encoding="utf-8") == "A=old\n"
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=old\n", encoding="utf-8")
    (tmp_path / ".env").symlink_to("real")
    store(tmp_path / ".env", {"A": "new"})
    assert (tmp_path / ".env").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "A=new\n"


def test_a_file_that_is_no_text_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    with pytest.raises(NotStored, match="not UTF-8"):
        store(tmp_path / ".env", {"A": "1"})
    assert (tmp_path / ".env").read_bytes() == b"\xff\xfe"


@pytest.mark.parametrize("value", ["1729|abc", "with space", "quote'd", "back\\slash", "#hash", "EAAx-1_Z=", 'two"'])
def test_what_is_stored_is_what_is_read(tmp_path: Path, value: str) -> None:
    store(tmp_path / ".env", {"A": value})
    assert dotenv_values(tmp_path / ".env") == {"A": value}
    assert line("A", value).startswith("A=")
