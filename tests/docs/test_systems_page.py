"""The page of the smaller systems and their READMEs say what the code does and what the commands print."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from planmodel.calibration.system_checks import judge_system, load_system_checks
from planmodel.report.variants import run_variants, tabulate
from planmodel.scenario import load_scenario, registry

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
SYSTEMS = sorted(registry.SYSTEMS)


def experiment(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"figure_{name}", ROOT / "experiments" / name / "figure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_process_lever_and_switch_is_named(name: str) -> None:
    declared = registry.SYSTEMS[name]
    for component in declared.components:
        for act in re.findall(r'every\(self\.clock, "\w+", self\.(\w+)\)', inspect.getsource(component)):
            assert f"`{component.__module__}.{component.__qualname__}.{act}`" in PAGE
    for key in (*declared.levers(), *declared.switches()):
        assert f"`{key}`" in PAGE


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_table_of_the_experiment_is_up_to_date(name: str) -> None:
    module = experiment(name)
    now = tabulate(run_variants(module.SCENARIO, module.VARIANTS, module.MEMBERS), module.ROWS)
    kept = pd.read_csv(ROOT / "experiments" / name / "table.csv")
    assert list(kept.columns) == list(now.columns)
    for label in module.VARIANTS:
        np.testing.assert_allclose(kept[label], now[label], rtol=2e-3, atol=1e-6, err_msg=label)


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_readme_says_how_many_checks_hold(name: str) -> None:
    loaded = load_scenario(name, systems=True)
    verdicts = judge_system(load_system_checks(loaded.declared), loaded)
    readme = (ROOT / "experiments" / name / "README.md").read_text(encoding="utf-8")
    said = re.search(r"(\d+) of (\d+) hold", readme)
    assert said is not None
    assert (int(said[1]), int(said[2])) == (sum(v.passed for v in verdicts), len(verdicts))
    assert f"planmodel run {name}" in readme
