"""The guarded store: what is ours, one owner at a time, whole or not there, leftovers swept up."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from planmodel.engine import UserError
from planmodel.storage import NamedFile, read_manifest, reserve, sweep_up, verified

BY = "planmodel toy"


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def write(folder: Path, text: str) -> None:
    (folder / "table.csv").write_text(text)


def put(folder: Path, text: str = "1", force: bool = False, by: str = BY) -> Path:
    with reserve(folder, by, force) as reserved:
        reserved.fill({"about": 1}, lambda place: write(place, text))
    return folder


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process of this host that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_folder_is_whole_hashed_and_leaves_nothing_beside(tmp_path: Path) -> None:
    folder = put(tmp_path / "new" / "result")
    assert names(tmp_path) == ["new", "new/result", "new/result/manifest.json", "new/result/table.csv"]
    manifest = read_manifest(folder)
    assert (manifest["made_by"], list(manifest["files"])) == (BY, ["table.csv"])
    assert verified(folder, manifest) == []
    put(folder, "2", force=True)
    assert (folder / "table.csv").read_text() == "2"
    assert len(names(tmp_path)) == 4


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "mine.txt").write_text("mine"), "holds 'mine.txt', which planmodel did not write"),
        (lambda f: (f / "link").symlink_to(f.parent), "holds 'link', which planmodel did not write"),
        (lambda f: (f / "manifest.json").unlink(), "exists and is not a result of planmodel"),
        (
            lambda f: (f / "manifest.json").write_text((f / "manifest.json").read_text().replace("1", "2")),
            "exists and is not a result of planmodel; its manifest.json is damaged",
        ),
    ],
)
def test_force_replaces_what_is_ours_only(spoil: object, said: str, tmp_path: Path) -> None:
    folder = put(tmp_path / "result")
    with pytest.raises(UserError) as refused:
        put(folder)
    shown = f"--out {folder}: "
    assert str(refused.value) == f"{shown}exists; allowed: another folder, or --force to replace it"
    spoil(folder)  # type: ignore[operator]
    before = names(tmp_path)
    with pytest.raises(UserError) as refused:
        put(folder, "2", force=True)
    assert str(refused.value) == f"{shown}{said}; --force will not replace it"
    assert names(tmp_path) == before


def test_force_does_not_replace_the_result_of_another_command(tmp_path: Path) -> None:
    folder = put(tmp_path / "result", by="planmodel run")
    with pytest.raises(UserError, match="holds a result of 'planmodel run', not of 'planmodel toy'; --force"):
        put(folder, force=True)


def test_what_the_user_puts_there_meanwhile_stays(tmp_path: Path) -> None:
    folder = put(tmp_path / "result")

    def work(place: Path) -> None:
        (place / "table.csv").write_text("2")
        (folder / "mine.txt").write_text("mine")

    with (
        pytest.raises(UserError, match=r"holds 'mine.txt'"),
        reserve(folder, BY, force=True) as reserved,
    ):
        reserved.fill({}, work)
    assert names(folder) == ["manifest.json", "mine.txt", "table.csv"]
    assert (folder / "table.csv").read_text() == "1"
    assert names(tmp_path)[0] == "result"


def test_one_owner_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "result"
    with FileLock(tmp_path / ".result.lock"):
        about = {"pid": 7, "host": "elsewhere", "since": "then"}
        (tmp_path / ".result.holder-elsewhere-7").write_text(json.dumps(about))
        with pytest.raises(UserError) as refused, reserve(folder, BY):
            pass
    assert str(refused.value) == (
        f"--out {folder}: process 7 on elsewhere (since then) is writing into it; "
        "allowed: wait, or another folder"
    )
    with reserve(folder, BY):  # within each other in one process, as a command and what it calls
        put(folder)


def test_leftovers_of_the_dead_are_swept_up_and_those_of_others_are_not(tmp_path: Path, dead: int) -> None:
    host, alive = socket.gethostname(), os.getppid()
    put(tmp_path / "kept")
    (tmp_path / "kept").rename(tmp_path / f".lost.old-{host}-{dead}")  # killed between two renamings
    (tmp_path / f".kept.partial-{host}-{dead}" / "figures").mkdir(parents=True)
    (tmp_path / f".file.nc.partial-{host}-{dead}").write_text("half")
    (tmp_path / f".kept.holder-{host}-{dead}").write_text("{}")
    (tmp_path / ".kept.lock").touch()
    others = [f".kept.partial-elsewhere-{dead}", f".kept.partial-{host}-{alive}", ".mine.partial-2", ".lock"]
    for name in others:
        (tmp_path / name).write_text("not ours to delete")
    sweep_up(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"lost", *others}
    assert verified(tmp_path / "lost", read_manifest(tmp_path / "lost")) == []


def test_a_lock_that_was_taken_since_is_not_removed(tmp_path: Path, dead: int) -> None:
    (tmp_path / f".kept.holder-{socket.gethostname()}-{dead}").write_text("{}")
    with FileLock(tmp_path / ".kept.lock"):
        sweep_up(tmp_path)
        assert (tmp_path / ".kept.lock").exists()


def test_a_folder_of_an_earlier_version_can_be_read_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "table.csv").write_text("1")
    (folder / "manifest.json").write_text(json.dumps({"audit": {}, "files": ["table.csv"]}))
    (note,) = verified(folder, read_manifest(folder))
    assert note.startswith(f"{folder}: written by an earlier version, without hashes")
    put(folder, "2", force=True, by="planmodel run")
    assert verified(folder, read_manifest(folder)) == []


def test_a_named_file_is_replaced_only_if_it_is_ours_and_by_force(tmp_path: Path) -> None:
    file = tmp_path / "fitted.toml"

    def named(force: bool) -> NamedFile:
        return NamedFile("--scenario", file, "a scenario of ours", b"# Made by us", force)

    named(False).write(b"# Made by us\n1")
    with pytest.raises(UserError) as refused:
        named(False).check()
    shown = f"--scenario {file}: "
    assert str(refused.value) == f"{shown}exists; allowed: another file, or --force to replace it"
    named(True).write(b"# Made by us\n2")
    assert file.read_bytes() == b"# Made by us\n2"
    file.write_bytes(b"mine")
    with pytest.raises(UserError) as refused:
        named(True).write(b"# Made by us\n3")
    assert str(refused.value) == f"{shown}is not a scenario of ours; --force will not replace it"
    assert file.read_bytes() == b"mine"
    assert names(tmp_path) == ["fitted.toml"]
