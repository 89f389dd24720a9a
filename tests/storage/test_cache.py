"""What is kept in the cache folder: whole or not there, and nobody depends on it."""

import os
from pathlib import Path

import pytest

from planmodel import cache
from planmodel.cache import cached, keep


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLANMODEL_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_is_kept_is_found_by_kind_and_key(place: Path) -> None:
    assert cached("kind", "key") is None
    keep("kind", "key", b"content")
    keep("other", "key", b"")
    assert cached("kind", "key") == b"content"
    assert cached("other", "key") == b""
    assert cached("kind", "another") is None
    keep("kind", "key", b"later")
    assert cached("kind", "key") == b"later"
    assert [f.name for f in (place / "kind").iterdir()] == ["key"]  # nothing half-written is left


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_none_and_is_made_anew(place: Path, damage: bytes | None) -> None:
    keep("kind", "key", b"content")
    file = place / "kind" / "key"
    file.write_bytes(file.read_bytes()[:-1] + b"x" if damage is None else damage)
    assert cached("kind", "key") is None
    keep("kind", "key", b"content")
    assert cached("kind", "key") == b"content"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", Path("/proc/planmodel"), Path("x" * 300)):
        monkeypatch.setenv("PLANMODEL_CACHE", str(place))
        keep("kind", "key", b"content")
        assert cached("kind", "key") is None
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_is_no_error(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("kind", "key", b"before")

    def full(path: Path, content: bytes) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    keep("kind", "key", b"content")
    assert cached("kind", "key") == b"before"
    assert [f.name for f in (place / "kind").iterdir()] == ["key"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs owners of files")
def test_what_another_user_may_have_written_is_not_believed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("kind", "key", b"content")
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert cached("kind", "key") is None
    keep("kind", "key", b"mine")
    monkeypatch.undo()
    monkeypatch.setenv("PLANMODEL_CACHE", str(place))
    assert cached("kind", "key") == b"content"


def test_what_was_not_used_for_longest_goes_first(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LIMIT", 3 * (100 + 32))
    for age, key in enumerate(("a", "b", "c")):
        keep("kind", key, bytes(100))
        os.utime(place / "kind" / key, (age, age))
    cached("kind", "a")  # used now
    keep("other", "d", bytes(100))
    assert {f.name for f in place.glob("*/*")} == {"a", "c", "d"}


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PLANMODEL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == tmp_path / "xdg" / "planmodel"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # as its specification has it
    assert cache.folder() == tmp_path / ".cache" / "planmodel"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder() == tmp_path / ".cache" / "planmodel"
    monkeypatch.setenv("PLANMODEL_CACHE", "off")
    assert cache.folder() is None
    keep("kind", "key", b"content")
    assert cached("kind", "key") is None
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_leaves_the_folder_is_refused(place: Path) -> None:
    for kind, key in (("..", "key"), ("kind", "../key"), ("kind", ""), ("kind", ".hidden")):
        with pytest.raises(ValueError, match="is no name of what is kept"):
            keep(kind, key, b"content")
