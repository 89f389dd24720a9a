"""Reading a calibration: finding the file, following ``extends``, saying what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planmodel.calibration.problem import prepare
from planmodel.calibration.schema import Calibration
from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.engine.errors import UserError
from planmodel.scenario.configurations import OWN, find_file, read_layers, validated
from planmodel.scenario.data import tables, together
from planmodel.scenario.explain import attributed
from planmodel.scenario.finding import BASELINE, scenario_beside
from planmodel.scenario.load import economy_of, load_scenario


def load_calibration(source: str | Path, record: Record = BUILT_IN) -> Calibration:
    """Read and check a calibration, given by name or path.

    The figures it names are looked up too, and that the scenario's run covers them. ``record`` may hold
    figures of your own (``planmodel.record.add``), beside those of the files that it names (``data``).

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
    said = tree.get("scenario", BASELINE)
    if isinstance(said, str):
        tree["scenario"] = str(scenario_beside(said, path))
    _find_scenarios_of_rivals(tree.get("rivals"), path)
    try:
        economy = economy_of(tree["scenario"] if isinstance(said, str) else BASELINE)
    except UserError as error:
        validated(Calibration, tree, layers)  # what is wrong with it besides comes first
        raise UserError(attributed(f"scenario: {error}", layers)) from None
    if isinstance(said, str):  # figures of the scenario are there to be fitted to as well
        own = load_scenario(tree["scenario"], record=record).documented
        tree["data"] = together(tables(own), tree.get("data")) or None
    calibration = validated(Calibration, tree, layers, economy)
    try:
        prepare(calibration)
    except UserError as error:
        raise UserError(attributed(str(error), layers)) from None
    return calibration


def _find_scenarios_of_rivals(rivals: Any, path: Path) -> None:
    """Put in the scenarios of rivals as seen from here; what is no table is left for the schema to refuse."""
    for rival in rivals.values() if isinstance(rivals, dict) else ():
        if isinstance(rival, dict) and isinstance(rival.get("scenario"), str):
            rival["scenario"] = str(scenario_beside(rival["scenario"], path))


def _merge(base: dict[str, Any], top: Any) -> dict[str, Any]:
    """Merge tables key by key, and replace everything else."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = together(below, value) if key == "data" else value
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merge(below, value)
    return merged
