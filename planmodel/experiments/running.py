"""Running what experiments need: each run once, shared by all experiments that ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import xarray as xr

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.engine import UserError
from planmodel.experiments.load import CONFIGURATION, Experiment
from planmodel.experiments.results import Results
from planmodel.experiments.schema import RunOfExperiment
from planmodel.runs.evaluate import record
from planmodel.runs.members import Members
from planmodel.runs.posterior import read_posterior
from planmodel.runs.resolve import held_sentence, resolve
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.data import hashes, record_of
from planmodel.scenario.finding import economy_files, scenario_beside, scenario_files
from planmodel.scenario.names import hint

DEFAULT_SCENARIO = "calibrated"  # what --scenario stands in for
_SEED = 1


@dataclass
class SharedRun:
    """A run that one or several experiments ask for; ``variables`` is the union of theirs (None: all)."""

    members: Members
    about: str
    variables: set[str] | None = field(default_factory=set)
    dataset: xr.Dataset | None = None

    @property
    def scenario(self) -> Scenario:
        """What all members have in common."""
        return self.members.scenario

    @property
    def key(self) -> str:
        """The hash of all that decides the run."""
        return self.members.digest()

    def add(self, variables: Iterable[str] | None) -> None:
        """Ask for more variables."""
        if variables is None or self.variables is None:
            self.variables = None
        else:
            self.variables |= set(variables)


class Runs:
    """All runs of some experiments; each is run when it is first needed.

    Parameters
    ----------
    number
        Of draws or members, in place of what the experiments say (runs of one member stay so).
    scenario
        In place of ``calibrated``.
    """

    def __init__(self, number: int | None = None, scenario: str | None = None) -> None:
        self.number, self.stand_in = number, scenario
        self._shared: dict[str, SharedRun] = {}
        self._read: dict[str, SharedRun] = {}
        self._asked: dict[str, dict[str, str]] = {}

    def prepare(self, experiment: Experiment) -> dict[str, SharedRun]:
        """Read what an experiment runs, without asking for it yet.

        Raises
        ------
        UserError
            Naming file, key, value and what is allowed.
        """
        found = {}
        for name, wanted in experiment.about.runs.items():
            place = f"{experiment.folder / CONFIGURATION}: runs.{name}"
            same = f"{experiment.folder}/" if _has_files(wanted) else ""
            same += wanted.model_dump_json(exclude={"variables"}) + str(hashes(experiment.about.data))
            if same not in self._read:  # to read a scenario and its draws takes longer than a short run
                self._read[same] = self._prepared(
                    wanted, experiment.folder, place, record_of(experiment.about.data)
                )
            _check_variables(wanted, self._read[same].scenario, place)
            found[name] = self._read[same]
        return found

    def ask(self, experiment: Experiment) -> None:
        """Have the runs of an experiment recorded with what it wants of them."""
        names = {}
        for name, run in self.prepare(experiment).items():
            shared = self._shared.setdefault(run.key, run)
            shared.add(experiment.about.runs[name].variables)
            names[name] = run.key
        self._asked[experiment.name] = names

    def results(self, experiment: Experiment, executor: Executor) -> dict[str, Results]:
        """Return the results of an experiment that was asked for, running what was not run yet."""
        found = {}
        for name, key in self._asked[experiment.name].items():
            shared = self._shared[key]
            if shared.dataset is None:
                shared.dataset = record(shared.members, shared.variables, executor)
            found[name] = Results(name, shared.dataset, shared.scenario, shared.about)
        return found

    def release(self, done: Experiment, left: Iterable[Experiment]) -> None:
        """Forget results that no experiment which is left needs."""
        needed = {key for one in left for key in self._asked[one.name].values()}
        for key in set(self._asked[done.name].values()) - needed:
            self._shared[key].dataset = None

    def _prepared(
        self, wanted: RunOfExperiment, folder: Path, place: str, own: Record = BUILT_IN
    ) -> SharedRun:
        source = str(scenario_beside(wanted.scenario, folder / CONFIGURATION))
        if self.stand_in is not None and source == DEFAULT_SCENARIO:
            source = self.stand_in
        try:
            scenario = load_scenario(source, wanted.set, wanted.switch_off, said=f"{place}.set", record=own)
        except UserError as error:
            raise UserError(f"{place}: {error}") from None
        members = wanted.members if self.number is None or wanted.members == 1 else self.number
        if wanted.draws is None:
            about = f"`{scenario.name}`, " + (
                "one member without shocks" if members == 1 else f"{members} members"
            )
            return SharedRun(resolve(scenario, seed=_SEED, numbers=range(members)), about)
        try:
            drawn = read_posterior(wanted.draws, folder).some(members).over(scenario)
        except UserError as error:
            raise UserError(f"{place}.draws: {error}") from None
        held = held_sentence(drawn.held)
        about = f"`{scenario.name}`, {len(drawn)} draws of `{wanted.draws}`{'; ' if held else ''}{held}"
        return SharedRun(drawn, about)


def _has_files(wanted: RunOfExperiment) -> bool:
    """Tell whether a run names files or an economy's folder, which are looked for beside the experiment."""
    return wanted.scenario not in (scenario_files() | economy_files()) or (wanted.draws or "").endswith(".nc")


def _check_variables(wanted: RunOfExperiment, scenario: Scenario, place: str) -> None:
    """Refuse a quantity that the economy does not have."""
    known = scenario.declared.quantities()
    for name in wanted.variables or ():
        if name not in known:
            raise UserError(f"{place}.variables: the model has no quantity '{name}'{hint(name, known)}")
