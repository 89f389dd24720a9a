"""The page on equations: its examples are an economy that runs, and what it calls refused is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planmodel.cli import app
from planmodel.engine.errors import PlanmodelError
from planmodel.engine.rules import FUNCTIONS
from planmodel.engine.tables import KINDS
from planmodel.runs.history import History
from planmodel.scenario import load_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "equations.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)( refused)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSED = re.findall(r"^```python refused\n(.*?)^```\n\n```text\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)


def write(folder: Path, more: str = "") -> Path:
    """Put the files of the page into a folder."""
    files: dict[str, str] = {"bread.csv": ""}
    for language, refused, text in BLOCK.findall(PAGE):
        if language == "text" and text.startswith(("block, kind, ", "bread, ")):
            files["bread.csv"] += text
        if refused or language == "text":
            continue
        name = re.match(r"# (\w+\.\w+)\n", text)
        assert name, f"a block says first of which file it is:\n{text}"
        files[name[1]] = files.get(name[1], "") + text[name.end() :]
    files["bread.py"] += more
    folder.mkdir()
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_the_economy_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "towns")
    monkeypatch.chdir(folder)
    scenario = load_scenario("baseline.toml")
    made = History(scenario, [0, 1], 1)
    history = made.run().dataset
    assert history["hunger"].sizes["time"] == 24
    assert made.workspace.entities["ledgers"].months == 24


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "towns"))
    commands = [c for c in re.findall(r"`(planmodel equations [^`]+)`", PAGE) if "..." not in c]
    assert commands
    for command in commands:
        result = CliRunner(env={"COLUMNS": "110"}).invoke(app, command.split()[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"
    assert "need_of_month" in result.output


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=lambda t: t[:20] if "@" not in t else "")
def test_what_is_refused_on_the_page_is_refused(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(tmp_path / "towns", f"\n\n{text}"))
    with pytest.raises(PlanmodelError, match=re.escape(message)):
        History(load_scenario("baseline.toml"), [0], 1)


def test_every_kind_of_row_and_every_function_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))
    assert set(KINDS) <= told
    for name in FUNCTIONS:
        assert f"`np.{name}`" in PAGE
