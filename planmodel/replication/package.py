"""Writing a replication package: results that stand, and all that they were made from, in one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from planmodel.engine import UserError
from planmodel.experiments.load import Experiment
from planmodel.experiments.running import Runs
from planmodel.provenance import code_sha256, git_state, machine, provenance
from planmodel.replication import code, configuration
from planmodel.replication.outputs import HASHES, RESULTS, hashes_text, outputs
from planmodel.replication.readme import README, readme
from planmodel.scenario.finding import economy_files, scenario_files
from planmodel.storage import Reserved, read_manifest, reserve
from planmodel.storage.manifest import MANIFEST

WRITER = "planmodel reproduce --archive"
OPTION = "--archive"
LICENCE, ENVIRONMENT = "LICENSE", "environment.txt"


@dataclass(frozen=True)
class Made:
    """Results that stand in ``out``, a folder each, and how they were asked for.

    Attributes
    ----------
    experiments
        Of which there are results.
    out
        Where these stand.
    number, scenario
        See :class:`planmodel.experiments.running.Runs`.
    workers
        Processes.
    """

    experiments: Sequence[Experiment]
    out: Path
    number: int | None = None
    scenario: str | None = None
    workers: int = 1

    @property
    def manifests(self) -> dict[str, dict[str, Any]]:
        """What the folder of each experiment says of itself."""
        return {one.name: read_manifest(self.out / one.name) for one in self.experiments}


def reserve_archive(folder: Path, out: Path, force: bool) -> AbstractContextManager[Reserved]:
    """Hold the folder of a package from before the experiments are run until it stands.

    Raises
    ------
    UserError
        If it cannot be written, holds what is not to be replaced, or results would be written into it.
    """
    here, there = folder.resolve(), out.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise UserError(f"{OPTION} {folder}: results are written into {out}; allowed: a folder beside it")
    return reserve(folder, WRITER, force, OPTION)


def check_archive(scenario: str | None) -> None:
    """Refuse a scenario that another machine would not have.

    Raises
    ------
    UserError
        If it is not a ready one.
    """
    ready = scenario_files() | economy_files()
    if scenario is not None and scenario not in ready:
        raise UserError(f"{OPTION}: does not go with --scenario {scenario}; allowed: the name of a ready one")


def fill(reserved: Reserved, made: Made) -> int:
    """Write a package into the folder that is held; return how many results it holds.

    Raises
    ------
    UserError
        If an experiment reads what is not handed on, or the folder cannot be written.
    """
    manifests = made.manifests
    results = {one.name: outputs(made.out / one.name) for one in made.experiments}
    economies = {k: v for m in manifests.values() for k, v in m.get("economies_sha256", {}).items()}
    about = {
        "experiments": {
            one.name: {"text": configuration.is_text(one), "fingerprint": manifests[one.name]["fingerprint"]}
            for one in made.experiments
        },
        "number": made.number,
        "scenario": made.scenario,
        **provenance(),
        "economies_sha256": economies,
        "environment": code.environment(),
    }
    reserved.fill(about, partial(_write, made, manifests, results, about))
    return sum(map(len, results.values()))


def _write(
    made: Made,
    manifests: Mapping[str, Mapping[str, Any]],
    results: Mapping[str, Mapping[str, bytes]],
    about: Mapping[str, Any],
    folder: Path,
) -> None:
    """Write all but the manifest."""
    runs = Runs(made.number, made.scenario)
    configuration.copy_experiments(made.experiments, folder)
    configuration.check_foreign(made.experiments, runs, folder)
    configuration.copy_runs(made.experiments, runs, folder)
    configuration.copy_record(folder)
    for name, files in results.items():
        place = folder / RESULTS / name
        place.mkdir(parents=True)
        for file, content in files.items():
            (place / file).write_bytes(content)
        (place / MANIFEST).write_bytes((made.out / name / MANIFEST).read_bytes())
    _write_code(folder, about)
    (folder / HASHES).write_text(hashes_text(results), encoding="utf-8", newline="\n")
    text = readme(made.experiments, manifests, results, about, made.workers)
    (folder / README).write_text(text, encoding="utf-8", newline="\n")


def _write_code(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the package, its licence, its lock, the versions at work, and the hashes of what decides."""
    place = folder / "code"
    place.mkdir()
    (place / code.wheel_name()).write_bytes(code.wheel())
    said = {
        "git": git_state(),
        "code_sha256": code_sha256(),
        "economies_sha256": about["economies_sha256"],
        "record_sha256": about["record_sha256"],
        "packages": about["packages"],
        "python": about["python"],
        "machine": machine(),
    }
    (place / "version.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8", newline="\n")
    if licence := code.licence_text():
        (folder / LICENCE).write_text(licence, encoding="utf-8", newline="\n")
    if text := code.lock():
        (folder / code.LOCK).write_bytes(text)
    pins = "".join(f"{name}=={version}\n" for name, version in code.environment().items())
    (folder / ENVIRONMENT).write_text(pins, encoding="utf-8", newline="\n")
