"""The five jobs of the how-to page: each block runs, in as few lines as the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import planmodel as pm
from planmodel.calibration.load import load_calibration
from planmodel.sensitivity.load import load_analysis

PAGE = (Path(__file__).parents[2] / "docs" / "how_to.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOST = {"change one": 5, "decree": 6, "fit": 5, "hangs": 10, "figure for": 3}  # the file and its command


def jobs() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for part in PAGE.split("\n## ")[1:]:
        yield part.partition("\n")[0], BLOCK.findall(part)


def lines(blocks: list[tuple[str, str]]) -> int:
    """Count what a user writes: not the figures, nor the comment that names a file."""
    written = "".join(text for language, text in blocks if language != "csv").splitlines()
    return sum(1 for line in written if line.strip() and not line.startswith("#"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    return tmp_path


def test_each_job_is_as_short_as_it_is_said_to_be() -> None:
    found = {title: lines(blocks) for title, blocks in jobs()}
    assert len(found) == len(MOST)
    for title, count in found.items():
        (most,) = (most for word, most in MOST.items() if word in title)
        assert count <= most, title


def test_the_python_of_the_page_runs(here: Path) -> None:
    """With two members of the country as one, whose runs take a third of the time."""
    cache: dict[str, object] = {}
    for _, blocks in jobs():
        for language, text in blocks:
            if language == "python":
                text = text.replace("200", "2").replace('"baseline"', '"one_country"', 3)
                exec(compile(text, "how_to.md", "exec"), cache)
    assert (here / "harvest.pdf").read_bytes().startswith(b"%PDF")
    assert r"\toprule" in (here / "changed.tex").read_text(encoding="utf-8")


def test_the_files_of_the_page_are_read(here: Path) -> None:
    for _, blocks in jobs():
        for language, text in blocks:
            if language == "csv":
                (here / "mine.csv").write_text(text, encoding="utf-8")
            elif language == "toml":
                name = re.match(r"# (\w+\.toml)\n", text)
                assert name is not None
                (here / name[1]).write_text(text, encoding="utf-8")
    assert len(pm.record.add("mine.csv").series("steel", "mine")) == 3
    assert load_calibration("mine.toml").title == "Fitted to my figures"
    assert load_analysis("mine_sobol.toml").title == "On what the famine hangs"
