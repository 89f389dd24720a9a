"""Reading an analysis: finding the file, making its members, checking all that can be checked beforehand."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planmodel.engine import Array, UserError
from planmodel.runs import Ensemble, Members, Plan, make_plan
from planmodel.runs.checks import Variant
from planmodel.runs.load import changed_scenario, flat
from planmodel.runs.posterior import find_posterior, posterior_files
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import Scenario
from planmodel.scenario.configurations import OWN, find_file, read_layers, validated
from planmodel.scenario.data import together
from planmodel.scenario.finding import BASELINE, scenario_beside
from planmodel.scenario.load import change_scenario, economy_of
from planmodel.scenario.names import hint, near
from planmodel.scenario.origins import dotted, layers_of
from planmodel.scenario.paths import is_file
from planmodel.sensitivity.attributing import Game, make_game
from planmodel.sensitivity.designs import Design, make_design
from planmodel.sensitivity.measuring import Reader, check_covered, last_day, series_of
from planmodel.sensitivity.schema import INDEPENDENT, Analysis


@dataclass(frozen=True)
class Prepared:
    """An analysis ready to run.

    ``members`` are those of the scenario itself by run; the runs differ in the scenario only. ``design`` says
    how members and inputs hang together, ``game`` (of an attribution) which mechanisms play in which member.
    """

    analysis: Analysis
    path: Path
    reader: Reader
    members: Mapping[str, Members]
    design: Design
    game: Game | None = None

    @property
    def size(self) -> int:
        """Number of members of all runs."""
        return sum(len(members) for members in self.members.values())


def load_analysis(
    source: str | Path, samples: int | None = None, draws: str | None = None, seed: int | None = None
) -> Analysis:
    """Read and check the file of an analysis, given by name or path.

    Parameters
    ----------
    source
        Ready analysis or TOML file.
    samples, draws, seed
        In place of what the file says; ``draws`` is the file or the name of a posterior.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    path = find_file(source, "sensitivity")
    layers = read_layers(path, "sensitivity")
    tree: dict[str, object] = {}
    for layer in layers:
        tree = _laid({key: value for key, value in tree.items() if key not in OWN}, layer.tree)
    tree.pop("extends", None)
    if not tree:
        raise UserError(f"{layers[-1].label}: is empty; allowed: at least method, samples, vary and outputs")
    tree.setdefault("name", path.stem)
    tree |= {key: value for key, value in (("samples", samples), ("seed", seed)) if value is not None}
    if draws is not None:  # all that the file holds
        file = find_posterior(draws)
        if not is_file(file):
            raise UserError(f"--draws {draws}: no such file{near(draws, posterior_files())}")
        tree |= {"file": str(file.absolute()), "vary": {}}
    said = tree.get("scenario", BASELINE)
    try:
        economy = economy_of(scenario_beside(str(said), path))
    except UserError as error:
        validated(Analysis, tree, layers)  # what is wrong with it besides comes first
        raise UserError(f"{path}: scenario: {error}") from None
    return validated(Analysis, tree, layers, economy)


def _laid(base: Mapping[str, object], top: Mapping[str, object]) -> dict[str, object]:
    """Lay a file over what it extends: tables entry by entry, and all else as the file has it."""
    laid = dict(base)
    top = {**top, "data": together(base.get("data"), top["data"])} if "data" in top else top
    for name, value in top.items():
        below = laid.get(name)
        if isinstance(value, Mapping):
            entries = flat(value) if name == "vary" else dotted(value) if name == "changes" else dict(value)
            value = {**below, **entries} if isinstance(below, Mapping) else entries
        laid[name] = value
    return laid


def prepare(analysis: Analysis, path: Path) -> Prepared:
    """Make the members of an analysis, and check that its outputs can be measured.

    Parameters
    ----------
    analysis
        The analysis.
    path
        Its file: others are found beside it, and messages name it.

    Raises
    ------
    UserError
        Naming file, key, value and what is allowed.
    """
    reader = Reader(series_of(analysis), analysis.outcomes)
    scenario = changed_scenario(analysis, path)
    for place, claim in analysis.placed():
        check_covered(claim, scenario, f"{path}: {place}.dates")
    if analysis.until is None:  # nobody asks for what comes later
        scenario = scenario.until(last_day([claim for _, claim in analysis.placed()], scenario))
    if analysis.attributes:
        drawn = _drawn(analysis, scenario, path) if analysis.file or analysis.vary else None
        game = make_game(analysis, scenario, drawn, path)
        return Prepared(analysis, path, reader, {"base": game.members}, Design([], np.empty((0, 0))), game)
    if set(analysis.methods) & set(INDEPENDENT):
        design, members = _structured(analysis, scenario, path)
    else:
        members = _drawn(analysis, scenario, path)
        numeric = [name for name, key in members.keys.items() if key.kind in ("number", "switch")]
        if not numeric:
            raise UserError(f"{path}: vary: has no number or switch; allowed: at least one")
        columns = [np.asarray(members.columns[name], dtype=float) for name in numeric]
        design = Design(numeric, np.stack(columns, axis=1))
    runs = {}
    for run in reader.runs:
        variant = analysis.runs.get(run, Variant())
        runs[run] = _in_run(members, scenario, variant, f"{path}: runs.{run}")
    return Prepared(analysis, path, reader, runs, design)


def _in_run(members: Members, scenario: Scenario, variant: Variant, place: str) -> Members:
    """Return the same members in another scenario; what the run sets itself does not differ there."""
    changed = change_scenario(scenario, variant.changes, place) if variant.changes else scenario
    base = [layer.name for layer in layers_of(scenario)]  # with these the columns have met already
    laid = Laid(members.columns, "the analysis", f"{place}: ", yields=True, base=base)
    found = resolve(changed, laid, seed=members.seed, numbers=members.numbers)
    return replace(found, said=members.said, held={**members.held, **found.held})


def _plan(
    analysis: Analysis, scenario: Scenario, path: Path, points: Array | None = None, **design: object
) -> Plan:
    """Return the members of an ensemble of the analysis's scenario."""
    ensemble = Ensemble.model_validate(
        {
            "title": analysis.title,
            "scenario": analysis.scenario,
            "seed": analysis.seed,
            "shocks": analysis.shocks,
            "vary": analysis.vary,
            **design,
        }
    )
    return make_plan(ensemble, path, points, scenario)


def _structured(analysis: Analysis, scenario: Scenario, path: Path) -> tuple[Design, Members]:
    """Return the members of Morris or Sobol."""
    trial = _plan(analysis, scenario, path, design="lhs", members=2)
    names = list(trial.members.keys)
    design = make_design(analysis, names, groups_of(analysis, names, path), str(path))
    size = len(design.points)
    plan = _plan(analysis, scenario, path, design.points, design="lhs", members=size)
    return design, plan.members


def _drawn(analysis: Analysis, scenario: Scenario, path: Path) -> Members:
    """Return members drawn from ``vary`` or from a file."""
    if analysis.file is None:
        plan = _plan(analysis, scenario, path, design="lhs", members=analysis.samples)
        return plan.members
    members = _plan(analysis, scenario, path, design="posterior", file=analysis.file).members
    held = len(members)
    if analysis.samples > held:
        raise UserError(
            f"{path}: samples: {analysis.samples} is out of bounds; allowed: up to {held}, "
            f"as {find_posterior(analysis.file, path.parent)} has"
        )
    chance = np.random.default_rng([analysis.seed, held])  # any draws: those of a chain are alike
    rows = np.sort(chance.choice(held, analysis.samples, replace=False))
    own = analysis.shocks == "own"
    numbers = np.arange(len(rows)) if own else np.zeros(len(rows), dtype=np.int64)
    columns = {name: column[rows] for name, column in members.columns.items()}
    return replace(members, columns=columns, numbers=numbers)


def groups_of(analysis: Analysis, names: Sequence[str], path: Path) -> list[str]:
    """Return the group of each input; an input without one is a group of itself."""
    found: dict[str, str] = {}
    for group, patterns in analysis.groups.items():
        for pattern in patterns:
            full = [n for n in names if fnmatch.fnmatchcase(n, pattern) or n == f"parameters.{pattern}"]
            full = full or [n for n in names if fnmatch.fnmatchcase(n, f"parameters.{pattern}")]
            if not full:
                raise UserError(
                    f"{path}: groups.{group}: no input is called '{pattern}'{hint(pattern, names)}"
                )
            for name in full:
                if found.setdefault(name, group) != group:
                    raise UserError(
                        f"{path}: groups.{group}: '{name}' is in {found[name]} too; allowed: one group each"
                    )
    return [found.get(name, name) for name in names]
