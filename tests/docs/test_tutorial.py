"""The tutorial runs from top to bottom, in a folder of its own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planmodel.cli import app

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[int, str, str]]:
    """Return line, language and text of the code blocks."""
    text = TUTORIAL.read_text(encoding="utf-8")
    return [(text[: m.start()].count("\n") + 2, m[1], m[2]) for m in BLOCK.finditer(text)]


def test_the_tutorial_has_only_blocks_that_are_checked() -> None:
    assert {language for _, language, _ in blocks()} == {"python", "bash", "toml"}
    assert TUTORIAL.read_text(encoding="utf-8").count("```") == 2 * len(blocks())


def test_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Drawing takes longer than all the rest and shows nothing here.
    monkeypatch.setattr("planmodel.report.drawn.add_figures", lambda *_: [])
    namespace: dict[str, object] = {"__name__": "tutorial"}
    for line, language, text in blocks():
        if language == "python":
            text = re.sub(r"\b200\b", "18", text)  # members: those of the page take minutes; 17 is asked for
            # Blank lines before the block let a traceback name the line of the page.
            exec(compile("\n" * (line - 1) + text, str(TUTORIAL), "exec"), namespace)
        elif language == "toml":
            name = re.match(r"# (\w+\.toml)\n", text)
            assert name, f"line {line}: a TOML block starts with the name of its file"
            (tmp_path / name[1]).write_text(text, encoding="utf-8")
        else:
            for command in text.splitlines():
                _run(command, line)


def _run(command: str, line: int) -> None:
    words = shlex.split(command)
    if words[0] != "planmodel":
        assert command == "make run", f"line {line}: '{command}' is not checked"
        return
    result = CliRunner(env={"COLUMNS": "150"}).invoke(app, words[1:], catch_exceptions=False)
    assert result.exit_code == 0, f"line {line}: {command}\n{result.output}"
