"""The page of the smaller systems and their READMEs say what the code does and what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from planmodel.experiments.load import load_experiment
from planmodel.experiments.results import Record
from planmodel.experiments.running import Runs
from planmodel.experiments.variants import variants_text
from planmodel.runs.checking import judge
from planmodel.runs.checks import load_checks
from planmodel.runs.workers import make_executor
from planmodel.scenario import load_scenario, registry

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
SYSTEMS = sorted(set(registry.smaller()) - {"feldman_domar"})  # those of the source texts


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_process_lever_and_switch_is_named(name: str) -> None:
    declared = registry.economy(name)
    for function in (f for block in declared.blocks for f in block.functions):
        assert not function.phase or f"`{function.declared.__module__}.{function.name}`" in PAGE
    for key in (*declared.levers(), *declared.switches()):
        assert f"`{key}`" in PAGE


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_table_in_the_readme_is_up_to_date(name: str) -> None:
    experiment = load_experiment(name)
    runs = Runs()
    runs.ask(experiment)
    with make_executor(1) as executor:
        table = experiment.tabulate(runs.results(experiment, executor), Record())
    kept = (experiment.folder / "README.md").read_text(encoding="utf-8")
    now, kept = variants_text(table), kept.partition("<!-- agreement -->\n")[2].partition("\n\nRuns")[0]
    assert [_words(line) for line in now.splitlines()] == [_words(line) for line in kept.splitlines()]
    np.testing.assert_allclose(_numbers(now), _numbers(kept), rtol=6e-3)


def _words(line: str) -> str:
    return re.sub(r"-?\d[\d.]*", "#", line)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\| (-?\d[\d.]*) (?=\|)", text)]


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_readme_says_how_many_checks_hold(name: str) -> None:
    loaded = load_scenario(name)
    verdicts = judge(load_checks(economy=loaded.declared), loaded)
    readme = (ROOT / "experiments" / name / "README.md").read_text(encoding="utf-8")
    said = re.search(r"(\d+) of (\d+) hold", readme)
    assert said is not None
    assert (int(said[1]), int(said[2])) == (sum(v.passed for v in verdicts), len(verdicts))
    assert f"planmodel run {name}" in readme
