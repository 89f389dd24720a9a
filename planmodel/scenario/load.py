"""Reading a scenario: following ``extends``, applying changes, saying what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.engine.errors import UserError
from planmodel.scenario import registry
from planmodel.scenario.changes import as_tree
from planmodel.scenario.data import beside_record, read_data, tables
from planmodel.scenario.economy import Economy
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.explain import Layer, attributed, explain, shown
from planmodel.scenario.finding import (
    BASELINE,
    configuration_folder,
    economy_files,
    find_base,
    find_scenario,
    is_economy,
    named,
    scenario_files,
)
from planmodel.scenario.folder import FILE
from planmodel.scenario.laying import lay, merge
from planmodel.scenario.names import near
from planmodel.scenario.origins import is_fitted, layers_of, said_by, statements, with_layers
from planmodel.scenario.registry import DEFAULT
from planmodel.scenario.schema import Scenario, economy_said, schema_of
from planmodel.scenario.toml import read_toml

# What a file says about itself, and not about those that extend it.
_OWN = ("extends", "name", "title", "description", "calibration")


def load_scenario(
    source: str | Path = "baseline",
    changes: Mapping[str, Any] | None = None,
    switch_off: Iterable[str] = (),
    said: str = "changes",
    record: Record = BUILT_IN,
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    source
        Name of a ready scenario, or path of a TOML file.
    changes
        Values by dotted key, such as ``{"parameters.draught.tractor_utilisation": 0.6}``, applied last.
    switch_off
        Names of mechanisms to switch off.
    said
        How the changes are called where it is told what said a value: ``--set``, or a place in a file.
    record
        With figures of your own (``planmodel.record.add``): they are compared with the model, and series of
        the scenario may be read from them, as those of the files that it names (``data``).

    Returns
    -------
    Scenario
        Resolved and frozen.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    path = find_scenario(source)
    layers = _read_layers(path)
    economy = _economy(path, layers)
    changed = as_tree(changes or {}, switch_off)
    if record.own:
        changed["data"] = tables(record)
    tree: dict[str, Any] = {}
    chosen = _chosen(economy, [*(layer.tree for layer in layers), changed])
    for layer in layers:
        tree = lay({key: value for key, value in tree.items() if key not in _OWN}, layer.tree)
        tree = beside_record(tree, layer.tree, chosen)
    tree = beside_record(merge(tree, changed), changed, chosen)
    tree.pop("extends", None)
    of_another = path.stem == BASELINE and economy != DEFAULT
    tree.setdefault("name", Path(economy).name if of_another else path.stem)
    tree["economy"] = economy
    if changed:
        layers.append(Layer(f"{path} with changes", changed, "change", said))
    try:
        kind = schema_of(economy_said(tree), tree.get("limiting_case") is True)
        scenario = kind.model_validate(tree)
        exogenous_series(scenario)
    except ValidationError as error:
        raise UserError(explain(error, layers, kind)) from None
    except UserError as error:
        raise UserError(attributed(str(error), layers)) from None
    return with_layers(scenario, _own_statements(layers, economy))


def economy_of(source: str | Path) -> Economy:
    """Return the economy that a scenario is of, without reading all of it."""
    path = find_scenario(source)
    layers = _read_layers(path)
    return _chosen(_economy(path, layers), [layer.tree for layer in layers])


def _chosen(economy: str, trees: Iterable[Mapping[str, Any]]) -> Economy:
    """Return an economy as some layers, one over the other, choose it."""
    said = {key: value for tree in trees for key, value in tree.items()}
    return registry.economy(economy_said({**said, "economy": economy}))


def _economy(path: Path, layers: Iterable[Layer]) -> str:
    """Return the economy that a file, or one that it extends, says it is of, or in whose folder it lies."""
    said = {}
    for layer in layers:
        name = layer.tree.get("economy")
        if name is None:
            continue
        if not isinstance(name, str) or not is_economy(name):
            known = registry.economies()
            meant = near(str(name), known) or f"; allowed: {', '.join(known)}, or a folder with {FILE}"
            raise UserError(f"{layer.label}: economy: {shown(name)} is no economy{meant}")
        said[named(name)] = layer.label
    home = path.resolve().parent
    if (home / FILE).is_file():
        said.setdefault(named(str(home)), f"the folder {home}")
    if len(said) > 1:
        both = " and ".join(f"'{name}' ({label})" for name, label in said.items())
        raise UserError(f"{path}: economy: {both}; allowed: one economy for a scenario and what it extends")
    return next(iter(said), DEFAULT)


def change_scenario(
    scenario: Scenario, changes: Mapping[str, Any], label: str, fitted: bool = False
) -> Scenario:
    """Return a scenario with changed values.

    Parameters
    ----------
    scenario
        Resolved scenario to start from.
    changes
        Values by dotted key.
    label
        What a message is to name as the origin of the changes.
    fitted
        Whether they are the best point of a fit, which other values may take the place of.

    Raises
    ------
    UserError
        Naming label, key, value and what is allowed.
    """
    changed = as_tree(changes)
    tree = scenario.model_dump(exclude_none=True)
    kind: Literal["base", "change"] = "base" if fitted else "change"
    layers = [Layer(scenario.name, tree), Layer(label, changed, kind, label)]
    try:
        result = type(scenario).model_validate(merge(tree, changed))
        exogenous_series(result)
    except ValidationError as error:
        raise UserError(explain(error, layers, type(scenario))) from None
    except UserError as error:
        raise UserError(attributed(str(error), layers)) from None
    return with_layers(result, [*layers_of(scenario), layers[-1]])


def cut_off(scenario: Scenario, end: date, place: str) -> Scenario:
    """Return a scenario that ends on a day: see :meth:`planmodel.scenario.schema.ScenarioBase.until`.

    Raises
    ------
    UserError
        If the day is not allowed, or if a change sets the end of the period too; begins with ``place``.
    """
    said = said_by(scenario, "period.end")
    if said is not None and said.kind == "change":
        raise UserError(f"{place}{end}: period.end is set too, by {said.label}; allowed: one of the two")
    try:
        return scenario.until(end)
    except ValueError as error:
        raise UserError(f"{place}{error}") from None


def base_of(source: str | Path) -> Path | None:
    """Return the file that a scenario extends; None if it extends nothing."""
    path = find_scenario(source)
    tree = read_toml(path)
    base = tree.get("extends")
    return None if base is None else find_base(base, path, tree)


def _read_layers(path: Path) -> list[Layer]:
    """Read a file and what it extends, the lowest first."""
    chain: list[Path] = []
    layers: list[Layer] = []
    file = path
    while True:
        chain.append(file)
        if file.resolve() in {p.resolve() for p in chain[:-1]}:
            names = " -> ".join(p.stem for p in chain)
            raise UserError(f"{path}: extends: a scenario cannot extend itself: {names}")
        tree = read_toml(file)
        if not tree:
            raise UserError(f'{file}: is empty; allowed: at least extends = "baseline"')
        ready = {found: name for name, found in (scenario_files() | economy_files()).items()}
        known = is_fitted(tree) or ready.get(file) in (BASELINE, *economy_files()) or _is_baseline(file)
        label = f"{path}: extends {file}" if layers else str(file)
        tree = read_data(_from_its_place(tree, file), file)
        kind: Literal["base", "scenario"] = "base" if known else "scenario"
        layers.insert(0, Layer(label, tree, kind, ready.get(file, str(file))))
        base = tree.get("extends")
        if base is None:
            return layers
        if not isinstance(base, str):
            raise UserError(f"{file}: extends: {shown(base)} is not valid; allowed: the name of a scenario")
        file = find_base(base, file, tree)


def _from_its_place(tree: dict[str, Any], file: Path) -> dict[str, Any]:
    """Return what a file says, with a folder that it names as seen from where the file lies."""
    said = tree.get("economy")
    if not isinstance(said, str) or said in registry.economies() or not (file.parent / said / FILE).is_file():
        return tree
    return {**tree, "economy": str((file.parent / said).resolve())}


def _is_baseline(file: Path) -> bool:
    """Tell whether a file is the baseline of the economy in whose folder it lies."""
    return file.stem == BASELINE and (file.parent / FILE).is_file()


def _own_statements(layers: list[Layer], economy: str) -> list[Layer]:
    """Return the layers, the lowest of which says only what is its own.

    A file that extends nothing holds a whole scenario, most of it as the ready one has it.
    """
    lowest, *others = layers
    if lowest.kind == "base":
        return layers
    own = statements(lowest.tree, baseline_of(economy).model_dump(exclude_none=True))
    return [lowest._replace(kind="base"), lowest._replace(tree=own), *others]


@cache
def baseline_of(economy: str) -> Scenario:
    """Return the baseline of an economy."""
    folder = configuration_folder() if economy == DEFAULT else registry.economy(economy).folder
    return load_scenario(folder / f"{BASELINE}.toml")
