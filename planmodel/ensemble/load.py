"""Reading an ensemble's configuration, and making its members."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from planmodel.ensemble.design import draw_design
from planmodel.ensemble.keys import Key, find_key, keys
from planmodel.ensemble.members import Members
from planmodel.ensemble.record import Reduction, check_keep
from planmodel.ensemble.schema import Ensemble
from planmodel.ensemble.tables import find_posterior, read_columns
from planmodel.kernel import Array, UserError
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.explain import Layer, explain
from planmodel.scenario.load import configuration_folder, read_toml
from planmodel.scenario.schema import near


@dataclass(frozen=True)
class Plan:
    """An ensemble ready to run: its configuration, its members, and what is kept instead of variables."""

    configuration: Ensemble
    members: Members
    reduction: Reduction | None = None


def ensemble_files() -> dict[str, Path]:
    """Return the ready ensembles by name."""
    folder = configuration_folder() / "ensembles"
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def load_ensemble(source: str | Path) -> Plan:
    """Read and check an ensemble, and make its members.

    Parameters
    ----------
    source
        Path of a TOML file, or name of a ready ensemble.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    ready = ensemble_files()
    path = ready.get(str(source), Path(source))
    if not path.is_file():
        if path.is_dir():
            raise UserError(f"{path}: is a folder; allowed: a .toml file")
        names = {**ready, **{str(file): file for file in path.parent.glob("*.toml")}}
        raise UserError(f"{path}: no such file{near(str(source), names)}")
    tree = read_toml(path)
    if not tree:
        raise UserError(f"{path}: is empty; allowed: at least design and vary")
    if isinstance(tree.get("vary"), Mapping):
        tree["vary"] = flat(tree["vary"])
    try:
        configuration = Ensemble.model_validate(tree)
    except ValidationError as error:
        raise UserError(explain(error, [Layer(str(path), tree)], Ensemble)) from None
    return make_plan(configuration, path)


def make_plan(configuration: Ensemble, path: Path = Path("ensemble"), points: Array | None = None) -> Plan:
    """Make the members of a configuration; files are found beside ``path``, which messages name.

    ``points`` of the unit cube, shape ``(members, keys)``, take the place of those that are drawn.
    """
    scenario = _scenario(configuration, path)
    check_keep(configuration.keep, scenario, str(path))
    varied = _keys(configuration, scenario, path)
    if configuration.design in ("table", "posterior"):
        values = _from_file(configuration, varied, scenario, path)
        prefix = f"{path.parent / str(configuration.file)}: column "
    else:
        named = configuration.model_copy(update={"vary": _entries(configuration, varied)})
        values = draw_design(named, varied, scenario, str(path), points)
        prefix = f"{path}: vary."
    size = len(next(iter(values.values())))
    # All members share the stream of member 0, which is without shocks.
    numbers = np.arange(size) if configuration.shocks == "own" else np.zeros(size, dtype=np.int64)
    members = Members.of(scenario, values, configuration.seed, numbers, prefix)
    try:
        _ = members.groups  # each must make a valid scenario
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    return Plan(configuration, members)


def _scenario(configuration: Ensemble, path: Path) -> Scenario:
    beside = path.parent / configuration.scenario
    source = beside if beside.suffix == ".toml" and beside.is_file() else configuration.scenario
    try:
        scenario = load_scenario(source, dotted(configuration.changes))
    except UserError as error:
        raise UserError(f"{path}: scenario: {error}") from None
    try:
        return scenario if configuration.until is None else scenario.until(configuration.until)
    except ValueError as error:
        raise UserError(f"{path}: until: {error}") from None


def dotted(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return changes by dotted key, whether they were written so or as tables."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        found |= dotted(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
    return found


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return entries by dotted key: an unquoted key makes tables within tables in TOML."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        deeper = isinstance(value, Mapping) and any(isinstance(v, Mapping) for v in value.values())
        found |= flat(value, f"{prefix}{name}.") if deeper else {prefix + name: value}
    return found


def _keys(configuration: Ensemble, scenario: Scenario, path: Path) -> dict[str, Key]:
    """Return the keys in which members differ: those named, and those that a pattern with * stands for."""
    known = keys(scenario)
    found: dict[str, tuple[str, Key]] = {}
    named: set[str] = set()
    for name in configuration.vary:
        if "*" in name:
            matched = [key for key in known if fnmatch.fnmatchcase(key, name)]
            if not matched:
                raise UserError(f"{path}: vary.{name}: fits no key; allowed: such as parameters.livestock.*")
            for full in matched:
                found.setdefault(full, (full, known[full]))
            continue
        try:
            key = find_key(name, scenario, known)
        except UserError as error:
            raise UserError(f"{path}: vary.{error}") from None
        if key.name in named:
            raise UserError(f"{path}: vary.{name}: is given twice")
        named.add(key.name)
        found[key.name] = (name, key)
    return dict(found.values())


def _entries(configuration: Ensemble, varied: Mapping[str, Key]) -> dict[str, Any]:
    """Return the entry of each key; what is named goes before a pattern."""
    return {
        name: configuration.vary[name]
        if name in configuration.vary
        else next(v for p, v in configuration.vary.items() if fnmatch.fnmatchcase(name, p))
        for name in varied
    }


def _from_file(
    configuration: Ensemble, varied: Mapping[str, Key], scenario: Scenario, path: Path
) -> dict[str, np.ndarray]:
    def find(name: str, place: str) -> Key:
        try:
            return find_key(name, scenario)
        except UserError as error:
            raise UserError(f"{place}{error}") from None

    file = path.parent / str(configuration.file)
    if configuration.design == "posterior":
        file = find_posterior(str(configuration.file), path.parent)
    columns = read_columns(file, str(path), varied, find)
    held, size = len(next(iter(columns.values()))), configuration.members
    if size is None:
        return columns
    if size > held:
        raise UserError(f"{path}: members: {size} is out of bounds; allowed: up to {held}, as {file} has")
    rows = np.arange(size)
    if configuration.design == "posterior":  # any draws, not the first: those of a chain are alike
        rows = np.sort(np.random.default_rng([configuration.seed, held]).choice(held, size, replace=False))
    return {name: column[rows] for name, column in columns.items()}
