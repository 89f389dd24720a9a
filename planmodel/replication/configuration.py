"""What experiments are made from, as files: their folders, scenarios, posteriors, and the record."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from planmodel.documented.files import HERE
from planmodel.engine import UserError
from planmodel.experiments.load import CONFIGURATION, Experiment, load_experiment, ready_experiments
from planmodel.experiments.running import DEFAULT_SCENARIO, Runs
from planmodel.replication.code import is_kept
from planmodel.runs.posterior import posterior_files
from planmodel.scenario.finding import (
    configuration_folder,
    economy_files,
    find_scenario,
    scenario_beside,
    scenario_files,
)
from planmodel.scenario.load import base_of
from planmodel.texts.cells import CELLS
from planmodel.texts.loading import load_text, texts

FOLDER, DATA = "configuration", "data"


def is_text(experiment: Experiment) -> bool:
    """Tell whether an experiment is a source text, asked figure by figure."""
    return CELLS in experiment.inputs


def place_of(name: str, text: bool) -> str:
    """Return where an experiment, or a text, stands within a replication package."""
    return f"{FOLDER}/{'texts' if text else 'experiments'}/{name}"


def load_from(folder: Path, name: str, text: bool) -> Experiment:
    """Read an experiment, or a text, of a replication package."""
    place = folder / place_of(name, text)
    return load_text(place) if text else load_experiment(place)


def copy_experiments(experiments: Sequence[Experiment], folder: Path) -> None:
    """Copy the folders of experiments, with their READMEs."""
    for one in experiments:
        _copy(one.folder, folder / place_of(one.name, is_text(one)))


def copy_runs(experiments: Sequence[Experiment], runs: Runs, folder: Path) -> None:
    """Copy the ready scenarios that experiments run, what these extend, and posteriors with their fits."""
    for name, file in sorted(_scenarios(experiments, runs).items()):
        _copy_file(file, folder / FOLDER / "scenarios" / f"{name}.toml")
    asked = {run.draws for one in experiments for run in one.about.runs.values()}
    for name, file in posterior_files().items():
        if name in asked:
            _copy_file(file, folder / FOLDER / "posteriors" / file.name)
            fit = configuration_folder() / "calibrations" / f"{name}.toml"
            if fit.is_file():
                _copy_file(fit, folder / FOLDER / "calibrations" / fit.name)


def copy_record(folder: Path) -> None:
    """Copy the files of the record: figures, variables, territories, sources and references."""
    for file in sorted(HERE.rglob("*")):
        path = file.relative_to(HERE)
        if file.is_file() and is_kept(path) and file.suffix != ".py":
            _copy_file(file, folder / DATA / path)


def check_foreign(experiments: Sequence[Experiment], runs: Runs, folder: Path) -> None:
    """See that experiments which are none of ours read nothing from outside their folders.

    Raises
    ------
    UserError
        Naming the experiment.
    """
    ours = {place.resolve() for place in (*ready_experiments().values(), *texts().values())}
    for one in experiments:
        if one.folder.resolve() in ours:
            continue
        try:
            copied = runs.prepare(load_from(folder, one.name, is_text(one)))
        except UserError:
            copied = {}
        wanted = runs.prepare(one)
        if {name: run.key for name, run in wanted.items()} != {name: run.key for name, run in copied.items()}:
            raise UserError(
                f"--archive: {one.folder / CONFIGURATION} reads files outside of its folder; allowed: "
                "scenarios, draws and data beside it, and ready ones"
            )


def _scenarios(experiments: Sequence[Experiment], runs: Runs) -> dict[str, Path]:
    """Return the ready scenarios that are run, and all that they extend, by name."""
    ready = {file.resolve(): name for name, file in (scenario_files() | economy_files()).items()}
    found: dict[str, Path] = {}
    for one in experiments:
        for run in one.about.runs.values():
            source = str(scenario_beside(run.scenario, one.folder / CONFIGURATION))
            if source == DEFAULT_SCENARIO and runs.stand_in is not None:
                source = runs.stand_in
            for file in _chain(source):
                if file.resolve() in ready:
                    found[ready[file.resolve()]] = file
    return found


def _chain(source: str | Path) -> Iterator[Path]:
    """Yield the file of a scenario, and one after another those that it extends."""
    file: Path | None = find_scenario(source)
    while file is not None:
        yield file
        file = base_of(file)


def _copy(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        path = file.relative_to(source)
        if file.is_file() and is_kept(path):
            _copy_file(file, target / path)


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
