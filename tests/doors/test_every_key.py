"""Every key of every ready file of every kind is taken: changed, it changes what is planned, or is refused.

What is planned is a digest of all that decides the numbers: the resolved scenario, members of an ensemble,
figures and unknowns of a calibration, claims of checks, members and measures of an analysis, runs of an
experiment. That each number of a scenario then moves some series is in ``test_every_number.py``.
"""

from __future__ import annotations

import hashlib
import pickle
import tomllib
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from mutations import KINDS, file_name
from pydantic import BaseModel

from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare as prepare_calibration
from planmodel.calibration.schema import Calibration
from planmodel.engine import UserError
from planmodel.experiments.load import load_experiment
from planmodel.experiments.running import Runs
from planmodel.runs import load_ensemble
from planmodel.runs.checks import load_checks
from planmodel.runs.identity import make_manifest
from planmodel.runs.posterior import PosteriorDraws, find_posterior, posterior_files, read_posterior
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.toml import read_toml
from planmodel.sensitivity.load import load_analysis, prepare

# Keys that only describe, by their last part: they stand in results and pages, and decide no number.
DESCRIBE = {
    "title",
    "description",
    "statement",
    "source",
    "fact",
    "question",
    "group",
    "name",
    "evidence",
    "why",
}

_parse = tomllib.loads
_draws = cache(read_posterior)
_last: list[tuple[Calibration, Any]] = []


@lru_cache(200)
def _pickled(text: str) -> bytes:
    return pickle.dumps(_parse(text))


def _parsed(text: str) -> Any:
    return pickle.loads(_pickled(text))


def _read(source: str | Path, folder: Path = Path(), wanted: Sequence[str] = ()) -> PosteriorDraws:
    ready = find_posterior(source, folder) in posterior_files().values()
    return (_draws if ready else read_posterior)(source, folder, tuple(wanted))


def _prepare(calibration: Calibration) -> Any:
    if not (_last and _last[0][0] is calibration):
        _last[:] = [(calibration, prepare_calibration(calibration))]
    return _last[0][1]


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is the same for all keys, and takes most of the time, is done once: the results are as without.

    A text is parsed once, a ready posterior is read once, and what `load_calibration` prepares is kept.
    """
    monkeypatch.setattr(tomllib, "loads", _parsed)
    monkeypatch.setattr("planmodel.experiments.running.read_posterior", _read)
    monkeypatch.setattr("planmodel.runs.load.read_posterior", _read)
    monkeypatch.setattr("planmodel.calibration.load.prepare", _prepare)


def _text(*parts: Any) -> str:
    found = hashlib.sha256()
    for part in parts:
        text = part.model_dump_json() if isinstance(part, BaseModel) else repr(part)
        found.update(part.tobytes() if isinstance(part, np.ndarray) else text.encode())
    return found.hexdigest()


def _calibration(file: Path) -> str:
    about = load_calibration(file)
    scenario, points, cube = _prepare(about)
    options = (about.search, about.posterior, about.tempering, about.validation, about.latent, about.fit)
    rivals = {name: rival.model_dump(exclude=DESCRIBE) for name, rival in about.rivals.items()}
    known = (points.points, points.weight, points.reported, points.conditions)
    return _text(scenario.digest(), *known, cube.keys, *options, rivals)


def _checks(file: Path) -> str:
    only = read_toml(file).get("only_by_name")
    return _text(only, *({**c.model_dump(exclude=DESCRIBE), "name": n} for n, c in load_checks(file).items()))


def _checks_of(economy: str, file: Path) -> str:
    checks = load_checks(file, registry.economy(economy))
    return _text(*(c.model_dump(exclude=DESCRIBE) for c in checks.values()))


def _sensitivity(file: Path) -> str:
    ready = prepare(load_analysis(file), file)
    members = [one.digest() for one in ready.members.values()]
    outputs = {n: o.model_dump(exclude={"title"}) for n, o in ready.analysis.outputs.items()}
    rest = ready.analysis.model_dump(exclude={"title", "name", "outputs", "outcomes", "players"})
    outcomes = {n: o.model_dump(exclude={"title"}) for n, o in ready.analysis.outcomes.items()}
    return _text(members, ready.design.points, ready.design.groups, outputs, outcomes, rest)


def _experiment(file: Path) -> str:
    experiment = load_experiment(file.parent)
    runs = {n: (run.key, run.about) for n, run in Runs().prepare(experiment).items()}
    return _text(runs, {n: run.variables for n, run in experiment.about.runs.items()})


PLANNED: dict[str, Callable[[Path], str]] = {
    "scenario": lambda file: load_scenario(file).digest(),
    "system": lambda file: load_scenario(file).digest(),
    "ensemble": lambda file: str(make_manifest(load_ensemble(file), [])["ensemble_sha256"]),
    "calibration": _calibration,
    "checks": _checks,
    **{f"checks_of_{name}": partial(_checks_of, name) for name in registry.smaller()},
    "sensitivity": _sensitivity,
    "experiment": _experiment,
}


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all values that are no tables."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    elif isinstance(tree, list) and tree and isinstance(tree[0], dict):
        for place, value in enumerate(tree):
            yield from leaves(value, (*path, place))
    else:
        yield path


def changed(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * 1.03 if value else 0.01
    if isinstance(value, date):
        return value + timedelta(days=31)
    if isinstance(value, str):
        return f"{value}x"
    return [changed(value[0]), *value[1:]] if value else ["x"]


def ready() -> list[tuple[str, Path]]:
    return [(kind, file) for kind, (files, _) in KINDS.items() for file in files]


def named(value: str | Path) -> str:
    if isinstance(value, str):
        return value
    return value.parent.name if value.stem == "experiment" else value.stem


@pytest.mark.parametrize(("kind", "file"), ready(), ids=named)
def test_no_key_is_ignored(kind: str, file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file_name(kind)
    if kind == "experiment":
        (tmp_path / "figure.py").write_bytes((file.parent / "figure.py").read_bytes())
    tree = read_toml(file)
    if kind not in {"experiment", "ensemble"} and not kind.startswith("checks"):
        tree.setdefault("name", "same")
    copy.write_text(tomli_w.dumps(tree), encoding="utf-8")
    before = PLANNED[kind](copy)
    paths = list(leaves(tree))
    ignored = []
    for path in paths:
        if path[-1] in DESCRIBE:
            continue
        other = deepcopy(tree)
        table: Any = other
        for key in path[:-1]:
            table = table[key]
        table[path[-1]] = changed(table[path[-1]])
        copy.write_text(tomli_w.dumps(other), encoding="utf-8")
        try:
            if PLANNED[kind](copy) == before:
                ignored.append(".".join(map(str, path)))
        except UserError:
            continue
    assert ignored == []
