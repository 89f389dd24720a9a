"""The page on ensembles: its configurations load, its Python runs, its files and options exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from planmodel.cli import app
from planmodel.runs import ensemble_files, load_ensemble
from planmodel.runs.schema import Ensemble

PAGE = Path(__file__).parents[2] / "docs" / "ensembles.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


@pytest.mark.parametrize("text", blocks("toml"))
def test_configurations_load(text: str, tmp_path: Path) -> None:
    (tmp_path / "page.toml").write_text(text, encoding="utf-8")
    assert len(load_ensemble(tmp_path / "page.toml").members) == 1000


@pytest.mark.parametrize("name", ensemble_files())
def test_ready_ensembles_load(name: str) -> None:
    assert load_ensemble(name).members.groups


def test_designs_and_keys_of_the_file_are_all_named() -> None:
    designs = re.search(r"### Designs\n(.*?)###", TEXT, re.DOTALL)
    assert designs
    listed = re.findall(r"^\| `(\w+)` \|", designs[1], re.MULTILINE)
    assert listed == ["lhs", "sobol", "random", "grid", "table", "posterior"]
    assert set(listed) == set(Ensemble.model_fields["design"].annotation.__args__)  # type: ignore[union-attr]
    for field in Ensemble.model_fields:
        assert re.search(rf"\b{field}\b", TEXT), field


def test_commands_have_the_options_that_are_shown() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for line in filter(None, "\n".join(blocks("bash")).splitlines()):
        words = shlex.split(line, comments=True)
        if words[0] != "planmodel":
            assert words[:2] in (["dask", "scheduler"], ["dask", "worker"])
            continue
        command = commands[words[1]]
        if words[1] == "ensemble":
            command = command.commands.get(words[2], command.commands["run"])
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the block for SLURM, with a village of a few members and years."""
    monkeypatch.chdir(tmp_path)
    text = ensemble_files()["village"].read_text(encoding="utf-8")
    short = text.replace("members = 1000", "members = 18\nuntil = 1929-12-31")
    (tmp_path / "village.toml").write_text(short, encoding="utf-8")
    namespace: dict[str, object] = {"__name__": "page"}
    for block in blocks("python"):
        if "SLURMCluster" in block:
            compile(block, str(PAGE), "exec")
            continue
        block = block.replace('run_ensemble("village"', 'run_ensemble("village.toml"')
        if "workers=2" in block:
            block = block.replace(", workers=2", "")
        exec(compile(block, str(PAGE), "exec"), namespace)
    assert namespace["members"].sizes == {"member": 18, "time": 2}  # type: ignore[attr-defined]
