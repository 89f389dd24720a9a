"""Reading an ensemble's configuration, and making its members."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import ValidationError

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.engine import Array, UserError
from planmodel.runs.design import draw_design
from planmodel.runs.members import Members
from planmodel.runs.posterior import find_posterior, posterior_files, read_posterior
from planmodel.runs.record import Reduction, check_keep
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.schema import Ensemble
from planmodel.runs.stretches import Count, Stretched
from planmodel.runs.tables import read_columns
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.data import Data, read_data, record_of, tables, together
from planmodel.scenario.explain import Layer, explain
from planmodel.scenario.finding import configuration_folder, scenario_beside
from planmodel.scenario.keys import Key, find_key, keys
from planmodel.scenario.load import cut_off
from planmodel.scenario.names import near
from planmodel.scenario.origins import said_by
from planmodel.scenario.paths import is_file, is_folder
from planmodel.scenario.toml import read_toml


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


def load_ensemble(source: str | Path, record: Record = BUILT_IN) -> Plan:
    """Read and check an ensemble, and make its members.

    Parameters
    ----------
    source
        Path of a TOML file, or name of a ready ensemble.
    record
        With figures of your own (``planmodel.record.add``), beside those of the files that it names.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    ready = ensemble_files()
    path = ready.get(str(source), Path(source))
    if not is_file(path):
        if is_folder(path):
            raise UserError(f"{path}: is a folder; allowed: a .toml file")
        names = {**ready, **{str(file): file for file in path.parent.glob("*.toml")}}
        raise UserError(f"{path}: no such file{near(str(source), names)}")
    tree = read_data(read_toml(path), path)
    if not tree:
        raise UserError(f"{path}: is empty; allowed: at least design and vary")
    if record.own:
        tree["data"] = together(tree.get("data"), tables(record))
    if isinstance(tree.get("vary"), Mapping):
        tree["vary"] = flat(tree["vary"])
    try:
        configuration = Ensemble.model_validate(tree)
    except ValidationError as error:
        raise UserError(explain(error, [Layer(str(path), tree)], Ensemble)) from None
    return make_plan(configuration, path)


def make_plan(
    configuration: Ensemble,
    path: Path = Path("ensemble"),
    points: Array | None = None,
    scenario: Scenario | None = None,
) -> Plan:
    """Make the members of a configuration; files are found beside ``path``, which messages name.

    ``points`` of the unit cube, shape ``(members, keys)``, take the place of those that are drawn, and
    ``scenario`` that of the one which the configuration names, changes and cuts off.
    """
    scenario = changed_scenario(configuration, path) if scenario is None else scenario
    check_keep(configuration.keep, scenario, str(path))
    varied, held = _keys(configuration, scenario, path)
    if configuration.design in ("table", "posterior"):
        laid = _from_file(configuration, varied, scenario, path)
    else:
        named = configuration.model_copy(update={"vary": _entries(configuration, varied)})
        values = draw_design(named, varied, scenario, str(path), points)
        laid = Laid(values, f"vary of {path.name}", f"{path}: vary.", over_changes=True)  # see _keys
    values = laid.values
    size = values.size if isinstance(values, Stretched) else len(next(iter(values.values())))
    # All members share the stream of member 0, which is without shocks.
    numbers = Count(size) if configuration.shocks == "own" else np.broadcast_to(np.int64(0), size)
    members = resolve(scenario, laid, seed=configuration.seed, numbers=numbers)
    members = replace(members, held={**held, **members.held})
    try:
        _ = members.groups  # each must make a valid scenario
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    return Plan(configuration, members)


class _Changing(Protocol):
    """What a configuration says of the scenario that its members have in common."""

    @property
    def scenario(self) -> str: ...
    @property
    def data(self) -> Data: ...
    @property
    def changes(self) -> Mapping[str, Any]: ...
    @property
    def until(self) -> date | None: ...


def changed_scenario(configuration: _Changing, path: Path) -> Scenario:
    """Return the scenario of a configuration, with its changes and up to its last day.

    Parameters
    ----------
    configuration
        Of an ensemble or an analysis.
    path
        Its file, which messages name; a scenario is looked for beside it.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    source = scenario_beside(configuration.scenario, path)
    try:
        scenario = load_scenario(
            source,
            configuration.changes,
            said=f"changes of {path.name}",
            record=record_of(configuration.data),
        )
    except UserError as error:
        raise UserError(f"{path}: scenario: {error}") from None
    if configuration.until is None:
        return scenario
    return cut_off(scenario, configuration.until, f"{path}: until: ")


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return entries by dotted key: an unquoted key makes tables within tables in TOML."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        deeper = isinstance(value, Mapping) and any(isinstance(v, Mapping) for v in value.values())
        found |= flat(value, f"{prefix}{name}.") if deeper else {prefix + name: value}
    return found


def _keys(configuration: Ensemble, scenario: Scenario, path: Path) -> tuple[dict[str, Key], dict[str, str]]:
    """Return the keys in which members differ: those named, and those that a pattern with * stands for.

    What the scenario itself says is not swept up by a pattern, unless it is varied around its value there;
    these keys are returned apart, with what says them.
    """
    known = keys(scenario)
    found: dict[str, tuple[str, Key]] = {}
    named: set[str] = set()
    held: dict[str, str] = {}
    swept: dict[str, str] = {}
    for name, vary in configuration.vary.items():
        if "*" in name:
            matched = [key for key in known if fnmatch.fnmatchcase(key, name)]
            if not matched:
                raise UserError(f"{path}: vary.{name}: fits no key; allowed: such as parameters.livestock.*")
            for full in matched:
                if swept.setdefault(full, name) != name:
                    raise UserError(
                        f"{path}: vary.{name}: {full} is in vary.{swept[full]} too; allowed: one of the two"
                    )
                layer = said_by(scenario, full)
                if layer is None or layer.kind == "base" or vary.around is not None:
                    found.setdefault(full, (full, known[full]))
                else:
                    held[full] = layer.name
            if not set(matched) - set(held):
                raise UserError(f"{path}: vary.{name}: all it stands for is said by {held[matched[0]]}; "
                                "allowed: around, or the keys by name")  # fmt: skip
            continue
        try:
            key = find_key(name, scenario, known)
        except UserError as error:
            raise UserError(f"{path}: vary.{error}") from None
        if key.name in named:
            raise UserError(f"{path}: vary.{name}: is given twice")
        layer = said_by(scenario, key.name)
        if layer is not None and layer.kind == "change" and vary.around is None:
            raise UserError(
                f"{path}: vary.{name}: is set by {layer.name} too; allowed: one of the two, or around"
            )
        named.add(key.name)
        found[key.name] = (name, key)
    return dict(found.values()), {full: said for full, said in held.items() if full not in found}


def _entries(configuration: Ensemble, varied: Mapping[str, Key]) -> dict[str, Any]:
    """Return the entry of each key; what is named goes before a pattern."""
    return {
        name: configuration.vary[name]
        if name in configuration.vary
        else next(v for p, v in configuration.vary.items() if fnmatch.fnmatchcase(name, p))
        for name in varied
    }


def _from_file(configuration: Ensemble, varied: Mapping[str, Key], scenario: Scenario, path: Path) -> Laid:
    """Return the rows of a table, or draws of a posterior: these give way to what the scenario says."""

    def find(name: str, place: str) -> Key:
        try:
            return find_key(name, scenario)
        except UserError as error:
            raise UserError(f"{place}{error}") from None

    file: Path = path.parent / str(configuration.file)
    base: tuple[str, ...] = ()
    if configuration.design == "posterior":
        file = find_posterior(str(configuration.file), path.parent)
    if not is_file(file):
        raise UserError(f"{path}: file: {file}: no such file{near(file.name, posterior_files())}")
    if file.suffix == ".nc":
        draws = read_posterior(file, wanted=list(varied))
        columns, base = dict(draws.values), draws.base
    else:
        columns = read_columns(file, str(path), varied, find)
    drawn = configuration.design == "posterior" and not varied  # what is named is meant
    laid = Laid(columns, file.name, f"{file}: column ", yields=drawn, base=base)
    held, size = len(next(iter(columns.values()))), configuration.members
    if size is None:
        return laid
    if size > held:
        raise UserError(f"{path}: members: {size} is out of bounds; allowed: up to {held}, as {file} has")
    rows = np.arange(size)
    if configuration.design == "posterior":  # any draws, not the first: those of a chain are alike
        rows = np.sort(np.random.default_rng([configuration.seed, held]).choice(held, size, replace=False))
    return replace(laid, values={name: column[rows] for name, column in columns.items()})
