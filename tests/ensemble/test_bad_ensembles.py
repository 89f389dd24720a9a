"""A folder of bad ensembles, each beside the exact message that a user gets."""

import re
import shutil
from pathlib import Path

import pytest
from cli_calls import planmodel

from planmodel.scenario import registry
from planmodel.scenario.finding import configuration_folder

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.toml"))


def expected(file: Path, folder: Path) -> str:
    """The text beside a file; what changes when the model is calibrated stands in braces."""
    low, high = registry.economy().parameters()["draught"]["tractor_utilisation"].bounds
    text = file.with_suffix(".message").read_text(encoding="utf-8").rstrip("\n")
    for name, value in (
        ("folder", str(folder)),
        ("configs", str(configuration_folder())),
        ("bounds", f"{low:g} to {high:g}"),
    ):
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in a place of its own, so that whatever is written can be seen."""
    folder = tmp_path_factory.mktemp("bad")
    shutil.copytree(BAD, folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_exactly_this_and_nothing_is_written(
    file: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copied)
    before = set(copied.rglob("*"))
    answer = planmodel("ensemble", str(copied / file.name))
    assert answer.message == expected(file, copied)
    assert set(copied.rglob("*")) == before


def test_every_message_has_its_file() -> None:
    assert [f.stem for f in FILES] == [f.stem for f in sorted(BAD.glob("*.message"))]
    assert len(FILES) > 70


@pytest.mark.parametrize("file", sorted(BAD.glob("*.message")), ids=lambda file: file.stem)
def test_message_reads_well(file: Path) -> None:
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert line.startswith("{folder}/")
    assert not re.search(r"\b(None|True|False|Input should|pydantic|dict|datetime\.)\b", line)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (["vilage"], "vilage: no such file; did you mean 'village'?"),
        (["."], ".: is a folder; allowed: a .toml file"),
        (["village", "--workers", "0"], "--workers 0: out of bounds; allowed: 1 to 512"),
        (["village", "--chunk", "0"], "--chunk 0: out of bounds; allowed: 1 to 1000000"),
        (
            ["village", "--workers", "2", "--scheduler", "tcp://x:1"],
            "--workers 2: does not go with --scheduler; allowed: one of the two",
        ),
        (["summary", "nowhere"], "nowhere: is not the folder of an ensemble"),
    ],
)
def test_message_of_a_wrong_call(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert planmodel("ensemble", *words).message == message
    assert list(tmp_path.iterdir()) == []
