"""Reading a calibration: finding the file, following ``extends``, saying what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planmodel.calibration.problem import prepare
from planmodel.calibration.schema import Calibration
from planmodel.engine.errors import UserError
from planmodel.scenario.configurations import OWN, find_file, read_layers, validated
from planmodel.scenario.explain import attributed
from planmodel.scenario.load import BASELINE, load_scenario


def load_calibration(source: str | Path) -> Calibration:
    """Read and check a calibration, given by name or path.

    The figures it names are looked up too, and that the scenario's run covers them.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    path = find_file(source, "calibrations")
    layers = read_layers(path, "calibrations")
    tree: dict[str, Any] = {}
    for layer in layers:
        tree = _merge({key: value for key, value in tree.items() if key not in OWN}, layer.tree)
    tree.pop("extends", None)
    tree.setdefault("name", path.stem)
    try:
        economy = load_scenario(_scenario_of(tree)).declared
    except UserError as error:
        validated(Calibration, tree, layers)  # what is wrong with it besides comes first
        raise UserError(attributed(f"scenario: {error}", layers)) from None
    calibration = validated(Calibration, tree, layers, economy)
    try:
        prepare(calibration)
    except UserError as error:
        raise UserError(attributed(str(error), layers)) from None
    return calibration


def _scenario_of(tree: dict[str, Any]) -> str:
    """Return the scenario that a configuration names; the baseline where it names none that can be read."""
    said = tree.get("scenario", BASELINE)
    return said if isinstance(said, str) else BASELINE


def _merge(base: dict[str, Any], top: Any) -> dict[str, Any]:
    """Merge tables key by key, and replace everything else."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = value
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merge(below, value)
    return merged
