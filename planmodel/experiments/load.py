"""Finding and reading experiments: ``experiment.toml`` and ``figure.py`` of a folder."""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.engine import PlanmodelError, UserError
from planmodel.experiments.schema import ExperimentFile
from planmodel.scenario.configurations import validated
from planmodel.scenario.data import read_data
from planmodel.scenario.explain import Layer
from planmodel.scenario.names import hint
from planmodel.scenario.origins import dotted
from planmodel.scenario.paths import is_file, is_folder
from planmodel.scenario.toml import read_toml

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from planmodel.experiments.results import Record, Results

_PACKAGE = Path(__file__).resolve().parent
CONFIGURATION, DRAWING, README = "experiment.toml", "figure.py", "README.md"


@dataclass(frozen=True)
class Experiment:
    """An experiment that was read and checked.

    ``name`` is that of its folder, ``inputs`` are its own files, ``more`` writes what its folder of results
    is to hold besides table, agreement and figure.
    """

    name: str
    folder: Path
    about: ExperimentFile
    functions: Mapping[str, Callable[..., Any]]
    inputs: tuple[str, ...] = (CONFIGURATION, DRAWING)
    more: Callable[[pd.DataFrame, Path], None] | None = None

    def tabulate(self, results: Mapping[str, Results], record: Record) -> pd.DataFrame:
        """Return the table behind the figure.

        Raises
        ------
        PlanmodelError
            If ``figure.py`` fails, with its line.
        """
        table: pd.DataFrame = self._call("tabulate", results, record)
        return table

    def draw(self, table: pd.DataFrame) -> Figure:
        """Return the figure, drawn from the table alone."""
        figure: Figure = self._call("draw", table)
        return figure

    def _call(self, function: str, *arguments: Any) -> Any:
        file = self.folder / self.inputs[-1]
        try:
            return self.functions[function](*arguments)
        except UserError as error:
            raise UserError(f"{file}: {function}: {error}") from None
        except Exception as error:
            lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
            at = f", line {lines[-1]}" if lines else ""
            raise PlanmodelError(f"{file}{at}: {function}: {type(error).__name__}: {error}") from error


def experiments_folder() -> Path:
    """Return the folder of ready experiments: ``experiments/`` of the checkout, or its copy in a wheel."""
    for folder in (_PACKAGE.parents[1] / "experiments", _PACKAGE / "ready"):
        if any(folder.glob(f"*/{CONFIGURATION}")):
            return folder
    raise UserError("the folder of ready experiments is missing: reinstall planmodel")


def ready_experiments() -> dict[str, Path]:
    """Return the folders of ready experiments by name."""
    found = sorted(experiments_folder().glob(f"*/{CONFIGURATION}"))
    return {file.parent.name: file.parent for file in found}


def find_experiment(source: str | Path) -> Path:
    """Return the folder of an experiment, given by name or path.

    Raises
    ------
    UserError
        If there is none.
    """
    ready = ready_experiments()
    if str(source) in ready:
        return ready[str(source)]
    path = Path(source)
    if len(path.parts) > 1 or is_folder(path):
        if is_file(path / CONFIGURATION):
            return path.absolute()
        raise UserError(f"{path}: no experiment; allowed: a folder that holds {CONFIGURATION} and {DRAWING}")
    raise UserError(f"no experiment is called '{source}'{hint(str(source), ready)}")


def foreign_experiments(sources: Iterable[str | Path]) -> list[Path]:
    """Return the folders of those experiments that are none of ours: to read them is to run their code."""
    ready = {folder.resolve() for folder in ready_experiments().values()}
    return [folder for folder in map(find_experiment, sources) if folder.resolve() not in ready]


def load_experiment(source: str | Path) -> Experiment:
    """Read and check an experiment. Its ``figure.py`` is run: load only what you trust.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    folder = find_experiment(source)
    return Experiment(folder.name, folder, read_about(folder), _functions(folder / DRAWING))


def read_about(folder: Path) -> ExperimentFile:
    """Read and check ``experiment.toml``."""
    file = folder / CONFIGURATION
    tree = read_data(read_toml(file), file)
    if not tree:
        raise UserError(f"{file}: is empty; allowed: at least title, question, source and group")
    runs = tree.get("runs")
    if isinstance(runs, dict):
        for run in runs.values():
            if isinstance(run, dict) and isinstance(run.get("set"), dict):
                run["set"] = dotted(run["set"])
    return validated(ExperimentFile, tree, [Layer(str(file), tree)])


def _functions(file: Path) -> dict[str, Callable[..., Any]]:
    """Return the two functions of ``figure.py``."""
    if not is_file(file):
        raise UserError(
            f"{file}: no such file; allowed: a module with tabulate(results, record) and draw(table)"
        )
    spec = importlib.util.spec_from_file_location(f"planmodel_experiment_{file.parent.name}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UserError(f"{file}: cannot be read: {type(error).__name__}: {error}") from error
    names: Sequence[str] = ("tabulate", "draw")
    for name in names:
        if not callable(getattr(module, name, None)):
            raise UserError(
                f"{file}: has no function '{name}'; allowed: tabulate(results, record) and draw(table)"
            )
    return {name: getattr(module, name) for name in names}
