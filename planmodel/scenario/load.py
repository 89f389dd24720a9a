"""Reading a scenario: finding the file, following ``extends``, applying changes, saying what is wrong."""

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
from planmodel.scenario.data import beside_record, read_data, tables, together
from planmodel.scenario.economy import Economy
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.explain import Layer, attributed, explain, shown
from planmodel.scenario.folder import FILE
from planmodel.scenario.names import near
from planmodel.scenario.origins import is_fitted, layers_of, said_by, statements, with_layers
from planmodel.scenario.overlay import lay_series
from planmodel.scenario.paths import is_file
from planmodel.scenario.registry import DEFAULT
from planmodel.scenario.schema import Scenario, schema_of
from planmodel.scenario.toml import read_toml

BASELINE = "baseline"
_PACKAGE = Path(__file__).resolve().parents[1]
# A table that says one of these is taken whole: a new value does not keep the source of the old one.
_OF_A_RULE = ("when", "not_before", "not_after", "again")
_WHOLE = {"initial": ("value",)}
# What a file says about itself, and not about those that extend it.
_OWN = ("extends", "name", "title", "description", "calibration")


def configuration_folder() -> Path:
    """Return the folder of ready configurations: ``configs/`` of the checkout, or its copy in a wheel."""
    for folder in (_PACKAGE.parent / "configs", _PACKAGE / "configs"):
        if (folder / "baseline.toml").is_file():
            return folder
    raise UserError("the folder of ready configurations is missing: reinstall planmodel")


def scenario_files() -> dict[str, Path]:
    """Return the ready scenarios by name."""
    folder = configuration_folder()
    files = [folder / "baseline.toml", *sorted((folder / "scenarios").glob("*.toml"))]
    return {file.stem: file for file in files if file.is_file()}


def economy_files() -> dict[str, Path]:
    """Return the baselines of the other economies, by the names of these."""
    return {
        name: folder / f"{BASELINE}.toml"
        for name, folder in registry.economies().items()
        if name != DEFAULT and (folder / f"{BASELINE}.toml").is_file()
    }


def scenarios_of(economy: Economy) -> dict[str, Path]:
    """Return the ready scenarios of an economy by name: those in its folder, or of the whole model."""
    if economy.name == DEFAULT:
        return scenario_files()
    others = (FILE, "checks.toml", "figures.toml")
    files = [file for file in sorted(economy.folder.glob("*.toml")) if file.name not in others]
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem != BASELINE)}


def find_economy(source: str, place: str) -> Economy:
    """Return a ready economy by name, or one by the path of its folder.

    Raises
    ------
    UserError
        Beginning with ``place``, if there is none, or if the name is that of both.
    """
    ready = registry.economies()
    if source not in ready and not (Path(source) / FILE).is_file():
        known = near(source, ready) or f"; allowed: {', '.join(ready)}, or a folder with {FILE}"
        raise UserError(f"{place} {source}: no economy is called so{known}")
    if source in ready and (Path(source) / FILE).is_file() and _named(str(Path(source).resolve())) != source:
        raise UserError(
            f"{place} {source}: is a ready economy ({ready[source]}) and a folder here "
            f"({Path(source).resolve()}); allowed: another name, or ./{source} for the folder"
        )
    return registry.economy(source if source in ready else _named(source))


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
    for layer in layers:
        tree = _lay({key: value for key, value in tree.items() if key not in _OWN}, layer.tree)
        tree = beside_record(tree, layer.tree, registry.economy(economy))
    tree = beside_record(_merge(tree, changed), changed, registry.economy(economy))
    tree.pop("extends", None)
    of_another = path.stem == BASELINE and economy != DEFAULT
    tree.setdefault("name", Path(economy).name if of_another else path.stem)
    tree["economy"] = economy
    if changed:
        layers.append(Layer(f"{path} with changes", changed, "change", said))
    try:
        kind = schema_of(economy, tree.get("limiting_case") is True)
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
    return registry.economy(_economy(path, _read_layers(path)))


def _economy(path: Path, layers: Iterable[Layer]) -> str:
    """Return the economy that a file, or one that it extends, says it is of, or in whose folder it lies."""
    said = {}
    for layer in layers:
        name = layer.tree.get("economy")
        if name is None:
            continue
        if not isinstance(name, str) or not _is_economy(name):
            known = registry.economies()
            meant = near(str(name), known) or f"; allowed: {', '.join(known)}, or a folder with {FILE}"
            raise UserError(f"{layer.label}: economy: {shown(name)} is no economy{meant}")
        said[_named(name)] = layer.label
    home = path.resolve().parent
    if (home / FILE).is_file():
        said.setdefault(_named(str(home)), f"the folder {home}")
    if len(said) > 1:
        both = " and ".join(f"'{name}' ({label})" for name, label in said.items())
        raise UserError(f"{path}: economy: {both}; allowed: one economy for a scenario and what it extends")
    return next(iter(said), DEFAULT)


def _is_economy(name: str) -> bool:
    return name in registry.economies() or (Path(name) / FILE).is_file()


def _named(economy: str) -> str:
    """Return the name of a ready economy, and the path of the folder of any other."""
    ready = registry.economies()
    if economy in ready:
        return economy
    folder = Path(economy).resolve()
    return next((name for name, place in ready.items() if place.resolve() == folder), str(folder))


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
        result = type(scenario).model_validate(_merge(tree, changed))
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


def find_scenario(source: str | Path) -> Path:
    """Return the file of a ready scenario or of a given path."""
    ready = scenario_files() | economy_files()
    path = Path(source)
    try:
        found = _baseline(path) if (path / FILE).is_file() else path if path.is_file() else None
        if str(source) in ready:
            if found is not None and found.resolve() != ready[str(source)].resolve():
                raise UserError(
                    f"'{source}' is a ready scenario ({ready[str(source)]}) and a path here "
                    f"({path.resolve()}); allowed: another name, or ./{source} for the path"
                )
            return ready[str(source)]
        if found is not None:
            return found
        if path.is_dir():
            raise UserError(
                f"{path}: is a folder without {FILE}; allowed: the folder of an economy, a .toml file, or "
                "the name of a ready scenario"
            )
        if path.exists():
            return path
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix == ".toml" or len(path.parts) > 1:
        beside = [file.name for file in path.parent.glob("*.toml")]
        meant = f"; did you mean '{path.stem}'?" if path.stem in ready else near(path.name, beside)
        raise UserError(f"{path}: no such file{meant}")
    where = near(str(source), ready) or f"; allowed: {', '.join(ready)}, or the path of a .toml file"
    raise UserError(f"no scenario is called '{source}'{where}")


def _baseline(folder: Path) -> Path:
    """Return the baseline of the economy in a folder."""
    file = folder / f"{BASELINE}.toml"
    if not file.is_file():
        raise UserError(f"{folder}: the economy has no {BASELINE}.toml; allowed: a .toml file within it")
    return file


def base_of(source: str | Path) -> Path | None:
    """Return the file that a scenario extends; None if it extends nothing."""
    path = find_scenario(source)
    tree = read_toml(path)
    base = tree.get("extends")
    return None if base is None else _find_base(base, path, tree)


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
        file = _find_base(base, file, tree)


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


def scenario_beside(name: str, path: Path) -> str | Path:
    """Return the scenario that a configuration names: a file or an economy beside it, or a ready one."""
    beside = path.parent / name
    if beside.suffix == ".toml" and is_file(beside):
        return beside
    return beside if is_file(beside / FILE) else name


def _home(path: Path, tree: Mapping[str, Any]) -> Path | None:
    """Return the folder of the economy that a file names or lies in; None for the whole model."""
    said = tree.get("economy")
    if isinstance(said, str) and _is_economy(said):
        return None if _named(said) == DEFAULT else registry.economies().get(_named(said), Path(said))
    return path.parent if (path.parent / FILE).is_file() else None


def _find_base(base: str, path: Path, tree: Mapping[str, Any]) -> Path:
    """Find what a scenario extends: by name, beside it or among those of its economy, and nowhere else.

    Ready economies are found by their names too: those are the names of their baselines.
    """
    home = _home(path, tree)
    ready = scenario_files() if home is None else {p.stem: p for p in sorted(home.glob("*.toml"))}
    ready |= economy_files()
    beside = {p.stem: p for p in sorted(path.parent.glob("*.toml"))}
    known = {**ready, **beside}
    if (
        base in ready
        and base in beside
        and beside[base].resolve() not in (ready[base].resolve(), path.resolve())
    ):
        raise UserError(
            f"{path}: extends: {shown(base)} is a ready scenario ({ready[base]}) and a file beside this one "
            f"({beside[base]}); allowed: another name for the file"
        )
    if base not in known:
        where = f"allowed: a scenario in {path.parent} or a ready one ({', '.join(sorted(ready))})"
        if "/" in base or "\\" in base or base.endswith(".toml"):
            raise UserError(f"{path}: extends: {shown(base)} is a path, not a name; {where}")
        where = near(base, known) or f"; {where}"
        raise UserError(f"{path}: extends: no scenario is called {shown(base)}{where}")
    return known[base]


def _lay(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a file over what it extends: only what differs need be said."""
    merged = dict(base)
    for section, value in top.items():
        below = {section: merged[section]} if section in merged else {}
        merged |= _merge(below, {section: value}, _WHOLE.get(section, ()))
    return merged


def _merge(base: Mapping[str, Any], top: Mapping[str, Any], whole: Iterable[str] = ()) -> dict[str, Any]:
    """Merge sections: an exogenous series as :func:`lay_series` has it, all else key by key; data add up."""
    merged = _nested(_issued_otherwise(base, top), top, whole)
    if "data" in top:
        merged["data"] = together(base.get("data"), top["data"])
    below, above = base.get("exogenous"), top.get("exogenous")
    if isinstance(above, Mapping):
        below = below if isinstance(below, Mapping) else {}
        series = {name: lay_series(below.get(name), entry) for name, entry in above.items()}
        merged["exogenous"] = {**below, **series}
    return merged


def _issued_otherwise(base: Mapping[str, Any], top: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is below without dates of decrees that are given a condition, or the other way round."""
    below, above = base.get("decrees"), top.get("decrees")
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return base
    kept = dict(below)
    for name, entry in above.items():
        if isinstance(entry, Mapping) and isinstance(kept.get(name), Mapping):
            gone = ("date",) if "when" in entry else _OF_A_RULE if "date" in entry else ()
            kept[name] = {key: value for key, value in kept[name].items() if key not in gone}
    return {**base, "decrees": kept}


def _nested(base: Mapping[str, Any], top: Mapping[str, Any], whole: Iterable[str]) -> dict[str, Any]:
    """Merge tables key by key, and replace everything else; a table with a key in ``whole`` is replaced."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = value
        if isinstance(value, Mapping) and isinstance(below, Mapping) and not set(whole) & set(value):
            merged[key] = _nested(below, value, whole)
    return merged
