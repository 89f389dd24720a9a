"""Every command that README, documentation and experiments show is run here, or marked as long."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from planmodel.calibration.load import load_calibration
from planmodel.cli import app
from planmodel.runs import ensemble_files, load_ensemble

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "experiments" / "README.md",
    *sorted(ROOT.glob("experiments/*/README.md")),
)
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`planmodel( [^`]+)`")

FOLLOWED = ("tutorial.md", "how_to.md", "own_economy.md", "extend.md")
# Not run here, and why. Their options and configurations are checked all the same.
LONG = {
    "planmodel calibrate": "minutes; tests/calibration runs it at its smallest size",
    "planmodel centre": "hours; tests/cli runs it at its smallest size",
    "planmodel check": "half a minute; tests/calibration runs each check",
    "planmodel forecast": "minutes; tests/calibration runs it at its smallest size",
    "planmodel explore": "serves until it is stopped; tests/explore runs it",
    "planmodel ensemble village": "a thousand members; here they are eighteen",
    "planmodel liveness": "a minute; tests/liveness takes out a few mechanisms",
    "planmodel prior": "half a minute; tests/prior and tests/cli draw fewer",
    "planmodel reproduce": "minutes; tests/experiments runs what it is made of",
    "planmodel rivals": "minutes; tests/calibration runs it at its smallest size",
    "planmodel sensitivity": "minutes; tests/sensitivity runs it at its smallest size",
}


def shown(page: Path) -> list[str]:
    """Return the commands of planmodel in the blocks of a page, without comments."""
    text = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    lines = text.replace("\\\n", " ").splitlines()
    commands = [shlex.join(shlex.split(line, comments=True)) for line in lines]
    return [command for command in commands if command.startswith("planmodel ")]


def long(command: str) -> bool:
    return any(command == start or command.startswith(f"{start} ") for start in LONG)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in FOLLOWED and shown(p)], ids=name)
def test_commands_run_from_top_to_bottom(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own; pages that are followed block by block have tests of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planmodel.report.drawn.add_figures", lambda *_: [])  # takes longer than all else
    (tmp_path / "my_scenario.toml").write_text('extends = "baseline"\n', encoding="utf-8")
    commands = shown(page)
    if any(command.startswith("planmodel ensemble village") for command in commands):
        village = ensemble_files()["village"].read_text(encoding="utf-8")
        short = village.replace("members = 1000", "members = 18\nuntil = 1929-12-31")
        (tmp_path / "small.toml").write_text(short, encoding="utf-8")
        _run("planmodel ensemble small.toml --out out/village")
    for command in commands:
        if long(command):
            _check(command)
        else:
            _run(fewer(command))


def fewer(command: str) -> str:
    """Return a command with four members where it has more: what a page shows for bands takes minutes."""
    return re.sub(r"(?<=--)(members|number) (\d+)", lambda m: f"{m[1]} {min(int(m[2]), 4)}", command)


def _run(command: str) -> None:
    result = CliRunner(env={"COLUMNS": "150"}).invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    assert result.exit_code == 0, f"{command}\n{result.output}\nIs it long? Then say so in LONG."


def _check(command: str) -> None:
    """Look at a command without running it: its options exist, what it names can be read."""
    words = shlex.split(command)
    found, rest = _command(words[1:])
    parameters = found.params
    known = {option for p in parameters for option in (*p.opts, *p.secondary_opts)}
    options = [word.partition("=")[0] for word in rest if word.startswith("--")]
    assert set(options) <= known, command
    for word in rest[: next((i for i, w in enumerate(rest) if w.startswith("--")), None)]:
        if words[1] in ("calibrate", "centre", "forecast", "rivals"):
            load_calibration(word)
        elif words[1] == "ensemble":
            load_ensemble(word)


def _command(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that words call, and the words after its name."""
    found: Any = get_command(app)
    assert words[0] in found.commands, f"planmodel {words[0]}: there is no such command"
    found, rest = found.commands[words[0]], words[1:]
    if hasattr(found, "commands"):
        named = rest and rest[0] in found.commands
        found, rest = found.commands[rest[0] if named else "run"], rest[1:] if named else rest
    return found, rest


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_within_sentences_exist(page: Path) -> None:
    for line in INLINE.findall(page.read_text(encoding="utf-8")):
        words = shlex.split(line)
        if words != ["--help"] and words != ["--version"] and not words[0].isupper() and words[0] != "...":
            _check("planmodel" + line)


def test_marks_of_long_commands_are_of_commands_that_are_shown() -> None:
    everything = [command for page in PAGES for command in shown(page)]
    exists = set(get_command(app).commands)  # type: ignore[attr-defined]
    for start in LONG:
        if start.split()[1] in exists:
            assert any(long(command) and command.startswith(start) for command in everything), start
