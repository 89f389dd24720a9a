"""The page on experiments: its example runs; the overview says what the READMEs say."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

from planmodel.experiments.load import ready_experiments
from planmodel.experiments.readme import write_overview

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my" / "steel"
    folder.mkdir(parents=True)
    (folder / "experiment.toml").write_text(block("toml"), encoding="utf-8")
    (folder / "figure.py").write_text(block("python"), encoding="utf-8")
    (folder / "README.md").write_text(
        "# Steel\n\n<!-- agreement -->\n<!-- end of agreement -->\n", encoding="utf-8"
    )
    (command,) = re.findall(r"^    planmodel (reproduce .*)$", PAGE, re.MULTILINE)
    answer = planmodel(*command.split())
    assert answer.status == 0, answer.err
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert re.search(r"\d+ of \d+ documented points within the 90 % band", text)
    assert "20 draws of `archival`" in text
    files = re.findall(r"^\| `([\w.]+)`", PAGE, re.MULTILINE)
    assert all((tmp_path / "out" / "experiments" / "steel" / name).is_file() for name in files)
    assert len(files) == 4


def test_the_overview_is_up_to_date(tmp_path: Path) -> None:
    for folder in (ROOT / "experiments", *ready_experiments().values()):
        place = tmp_path / folder.relative_to(ROOT)
        place.mkdir(parents=True)
        for name in ("README.md", "experiment.toml"):
            if (folder / name).is_file():
                (place / name).write_bytes((folder / name).read_bytes())
    written = write_overview(tmp_path / "experiments")
    assert written is not None
    text = written.read_text(encoding="utf-8")
    assert text == (ROOT / "experiments" / "README.md").read_text(encoding="utf-8")
    for name in ready_experiments():
        assert f"({name}/README.md)" in text
    assert "not written yet" not in text
