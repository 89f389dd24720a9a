"""Reading a scenario: finding the file, following ``extends``, applying changes, saying what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from planmodel.engine.errors import UserError
from planmodel.scenario import registry
from planmodel.scenario.changes import DEEPEST, as_tree, is_too_deep
from planmodel.scenario.declarations import Declarations
from planmodel.scenario.exogenous import exogenous_series
from planmodel.scenario.explain import Layer, attributed, explain, shown
from planmodel.scenario.origins import is_fitted, layers_of, said_by, statements, with_layers
from planmodel.scenario.overlay import lay_series
from planmodel.scenario.schema import LimitingCase, Scenario, hint, near, system_schema

_PACKAGE = Path(__file__).resolve().parents[1]
# A table that says one of these is taken whole: a new value does not keep the source of the old one.
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


def system_files() -> dict[str, Path]:
    """Return the ready scenarios of the smaller systems by name."""
    return {file.stem: file for file in sorted((configuration_folder() / "systems").glob("*.toml"))}


def load_scenario(
    source: str | Path = "baseline",
    changes: Mapping[str, Any] | None = None,
    switch_off: Iterable[str] = (),
    systems: bool = False,
    said: str = "changes",
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
    systems
        Whether a scenario of a smaller system may be read too; most of what is done with scenarios is made
        for the whole model.
    said
        How the changes are called where it is told what said a value: ``--set``, or a place in a file.

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
    system = _system(layers)
    if system is not None and not systems:
        raise UserError(
            f"{path}: is a scenario of the smaller system '{system}'; allowed: one of the whole model "
            f"(smaller systems go with run, check, diff and validate)"
        )
    changed = as_tree(changes or {}, switch_off)
    tree: dict[str, Any] = {}
    for layer in layers:
        tree = _lay({key: value for key, value in tree.items() if key not in _OWN}, layer.tree)
    tree = _merge(tree, changed)
    tree.pop("extends", None)
    tree.setdefault("name", path.stem)
    if changed:
        layers.append(Layer(f"{path} with changes", changed, "change", said))
    try:
        kind = LimitingCase if tree.get("limiting_case") is True else Scenario
        kind = kind if system is None else system_schema(system)
        scenario = kind.model_validate(tree)
        exogenous_series(scenario)
    except ValidationError as error:
        raise UserError(explain(error, layers, kind)) from None
    except UserError as error:
        raise UserError(attributed(str(error), layers)) from None
    return with_layers(scenario, _own_statements(layers, system))


def declared_by(source: str | Path) -> Declarations:
    """Return the declarations of the economy that a scenario is of, without reading all of it."""
    system = _system(_read_layers(find_scenario(source)))
    return registry.MODEL if system is None else registry.SYSTEMS[system]


def _system(layers: Iterable[Layer]) -> str | None:
    """Return the smaller system that a file, or one that it extends, says it is of."""
    for layer in layers:
        system = layer.tree.get("system")
        if system is None:
            continue
        if not isinstance(system, str) or system not in registry.SYSTEMS:
            meant = hint(str(system), registry.SYSTEMS)
            raise UserError(f"{layer.label}: system: {shown(system)} is no smaller system{meant}")
        return str(system)
    return None


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
    ready = scenario_files()
    for files in (ready, system_files()):
        if str(source) in files:
            return files[str(source)]
    path = Path(source)
    try:
        if path.is_dir():
            raise UserError(f"{path}: is a folder; allowed: a .toml file, or the name of a ready scenario")
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


def base_of(source: str | Path) -> Path | None:
    """Return the file that a scenario extends; None if it extends nothing."""
    path = find_scenario(source)
    base = read_toml(path).get("extends")
    return None if base is None else _find_base(base, path)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError(f"{path}: not a text file in UTF-8") from None
    except RecursionError:
        raise UserError(f"{path}: not valid TOML: nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise UserError(f"{path}: not valid TOML: {str(error).partition(';')[0]}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if is_too_deep(tree):
        raise UserError(f"{path}: nested too deeply; allowed: up to {DEEPEST} tables within tables")
    return tree


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
        ready = {found: name for name, found in (scenario_files() | system_files()).items()}
        known = is_fitted(tree) or ready.get(file) in ("baseline", *system_files())
        label = f"{path}: extends {file}" if layers else str(file)
        kind: Literal["base", "scenario"] = "base" if known else "scenario"
        layers.insert(0, Layer(label, tree, kind, ready.get(file, str(file))))
        base = tree.get("extends")
        if base is None:
            return layers
        if not isinstance(base, str):
            raise UserError(f"{file}: extends: {shown(base)} is not valid; allowed: the name of a scenario")
        file = _find_base(base, file)


def _own_statements(layers: list[Layer], system: str | None) -> list[Layer]:
    """Return the layers, the lowest of which says only what is its own.

    A file that extends nothing holds a whole scenario, most of it as the ready one has it.
    """
    lowest, *others = layers
    if lowest.kind == "base":
        return layers
    own = statements(lowest.tree, _ready_tree(system))
    return [lowest._replace(kind="base"), lowest._replace(tree=own), *others]


@cache
def _ready_tree(system: str | None) -> dict[str, Any]:
    """Return what the ready scenario of an economy says, defaults included."""
    return load_scenario(system or "baseline", systems=True).model_dump(exclude_none=True)


def _find_base(base: str, path: Path) -> Path:
    """Find what a scenario extends: by name, beside it or among the ready ones, and nowhere else."""
    ready = scenario_files()
    beside = {p.stem: p for p in sorted(path.parent.glob("*.toml"))}
    known = {**ready, **beside}
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
        merged |= _merge({section: merged.get(section)}, {section: value}, _WHOLE.get(section, ()))
    return merged


def _merge(base: Mapping[str, Any], top: Mapping[str, Any], whole: Iterable[str] = ()) -> dict[str, Any]:
    """Merge sections: an exogenous series as :func:`lay_series` has it, all else key by key."""
    merged = _nested(base, top, whole)
    below, above = base.get("exogenous"), top.get("exogenous")
    if isinstance(above, Mapping):
        below = below if isinstance(below, Mapping) else {}
        series = {name: lay_series(below.get(name), entry) for name, entry in above.items()}
        merged["exogenous"] = {**below, **series}
    return merged


def _nested(base: Mapping[str, Any], top: Mapping[str, Any], whole: Iterable[str]) -> dict[str, Any]:
    """Merge tables key by key, and replace everything else; a table with a key in ``whole`` is replaced."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = value
        if isinstance(value, Mapping) and isinstance(below, Mapping) and not set(whole) & set(value):
            merged[key] = _nested(below, value, whole)
    return merged
