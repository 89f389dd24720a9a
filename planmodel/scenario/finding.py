"""Where scenarios and economies are: ready ones by name, others by path, and what a scenario extends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planmodel.engine.errors import UserError
from planmodel.scenario import registry
from planmodel.scenario.choices import parted
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import shown
from planmodel.scenario.folder import FILE
from planmodel.scenario.names import near
from planmodel.scenario.paths import is_file
from planmodel.scenario.registry import DEFAULT

BASELINE = "baseline"
_PACKAGE = Path(__file__).resolve().parents[1]


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
    if economy.plain_name == DEFAULT:
        return scenario_files()
    of_regions = (f"{key}.toml" for key in economy.versions)
    others = (FILE, "checks.toml", "figures.toml", *of_regions)
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
    full, (source, _) = source, parted(source)
    if source not in ready and not (Path(source) / FILE).is_file():
        known = near(source, ready) or f"; allowed: {', '.join(ready)}, or a folder with {FILE}"
        raise UserError(f"{place} {source}: no economy is called so{known}")
    if source in ready and (Path(source) / FILE).is_file() and named(str(Path(source).resolve())) != source:
        raise UserError(
            f"{place} {source}: is a ready economy ({ready[source]}) and a folder here "
            f"({Path(source).resolve()}); allowed: another name, or ./{source} for the folder"
        )
    return registry.economy((source if source in ready else named(source)) + full.removeprefix(source))


def is_economy(name: str) -> bool:
    """Tell whether a name is that of a ready economy, or the path of the folder of one."""
    return name in registry.economies() or (Path(name) / FILE).is_file()


def named(economy: str) -> str:
    """Return the name of a ready economy, and the path of the folder of any other."""
    ready = registry.economies()
    if economy in ready:
        return economy
    folder = Path(economy).resolve()
    return next((name for name, place in ready.items() if place.resolve() == folder), str(folder))


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


def scenario_beside(name: str, path: Path) -> str | Path:
    """Return the scenario that a configuration names: a file or an economy beside it, or a ready one."""
    beside = path.parent / name
    if beside.suffix == ".toml" and is_file(beside):
        return beside
    return beside if is_file(beside / FILE) else name


def _home(path: Path, tree: Mapping[str, Any]) -> Path | None:
    """Return the folder of the economy that a file names or lies in; None for the whole model."""
    said = tree.get("economy")
    if isinstance(said, str) and is_economy(said):
        return None if named(said) == DEFAULT else registry.economies().get(named(said), Path(said))
    return path.parent if (path.parent / FILE).is_file() else None


def find_base(base: str, path: Path, tree: Mapping[str, Any]) -> Path:
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
