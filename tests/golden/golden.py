"""Golden histories: what every recorded series was, to the bit: ``python tests/golden/golden.py``.

Prints the series that differ from the hashes in ``hashes/``, each with the first month in which it does, and
ends with status 1 if there are any. ``--write`` puts the present histories in their place: only on purpose,
in a commit that says which series changed and why. Names of histories after it take only these.

A history is hashed as a whole (``sha256``, all members and months) and month by month (one character of 64
each, so that one month in 64 that differs goes unseen; the whole does not). Zeros of either sign are one.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

sys.path.insert(0, str(Path(__file__).parents[1] / "economy"))

from random_settings import MEMBERS, random_setting

from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Problem, prepare
from planmodel.engine import PlanmodelError
from planmodel.runs.checking import judge
from planmodel.runs.checks import load_checks
from planmodel.runs.history import History
from planmodel.runs.posterior import read_posterior
from planmodel.scenario import load_scenario
from planmodel.scenario.keys import nested

HASHES = Path(__file__).with_name("hashes")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SCENARIOS = sorted(f.stem for f in (Path(__file__).parents[2] / "configs/scenarios").glob("*.toml"))
SYSTEMS = ("cadres_of_25000", "kuzbass", "labour_process", "magnitogorsk")
SETTINGS = 8  # settings at random, which go where no ready scenario does
CHECKS = ("stylised_facts", "knock_outs", "regimes", "extremes")

Lines = dict[str, tuple[str, str]]  # series -> hash of the whole, letters of its months


def arithmetic() -> str:
    """Return a hash of the functions of this machine's libraries: residuals of fits go through them."""
    x = np.random.default_rng(1).uniform(0.001, 9.0, 4096)
    made = [np.exp(x), np.log(x), np.log1p(x), np.expm1(-x), x ** (x / 3.0), np.sqrt(x), np.tanh(x)]
    return hashlib.sha256(np.concatenate(made).tobytes()).hexdigest()[:16]


def histories() -> dict[str, Callable[[], Lines]]:
    """Return what is held golden, by name."""
    found: dict[str, Callable[[], Lines]] = {"baseline": partial(_run, "baseline", 50)}
    found |= {name: partial(_run, name, 4) for name in SCENARIOS}
    found |= {name: partial(_run, name, 10) for name in SYSTEMS}
    found["posterior"] = _posterior
    for economy in ("baseline", *SYSTEMS):
        for switch in load_scenario(economy).declared.switches():
            found[f"{economy}-without-{switch}"] = partial(_run, economy, 2, (switch,), months=False)
    found |= {f"setting-{n}": partial(_setting, n) for n in range(SETTINGS)}
    found["archival-residuals"] = _residuals
    found["checks"] = _checks
    return found


def _run(name: str, members: int, off: tuple[str, ...] = (), months: bool = True) -> Lines:
    scenario = load_scenario(name, switch_off=off)
    return _lines(History(scenario, range(members), 1).run().dataset, months)


def _setting(number: int) -> Lines:
    setting = random_setting(number)
    try:
        run = History(setting.scenario, range(MEMBERS), number, **nested(setting.values)).run()
    except PlanmodelError as error:
        return {"error": (_hash(type(error).__name__.encode()), "")}
    return _lines(run.dataset, months=False)


def _posterior() -> Lines:
    members = read_posterior("archival").some(20).over(load_scenario("calibrated"))
    numbers = list(range(len(members)))
    run = History(load_scenario("calibrated"), numbers, 1, **nested(members.columns)).run()
    return _lines(run.dataset)


def _residuals() -> Lines:
    calibration = load_calibration("archival")
    scenario, points, cube = prepare(calibration)
    with Evaluator(scenario, cube.keys, points.observations, workers=1) as evaluate:
        problem = Problem(points, cube, evaluate)
        residuals = problem.residuals(np.full((2, len(cube.keys)), 0.5) + np.array([[0.0], [0.02]]))
    labels = [f"{p.target} {p.label}" for p in points.points]
    labels += [f"prior {n}" for n in range(residuals.shape[1] - len(labels))]
    return {f"{n:03d} {label}": (_digest(residuals[:, n]), "") for n, label in enumerate(labels)}


def _checks() -> Lines:
    verdicts = [v for name in CHECKS for v in judge(load_checks(name), load_scenario("baseline"))]
    for name in SYSTEMS:
        system = load_scenario(name)
        verdicts += judge(load_checks(economy=system.declared), system)
    found = {}
    for verdict in verdicts:
        for n, judged in enumerate(verdict.judged):
            key = f"{verdict.name} {n}: {judged.claim.measured()}"
            found[key] = (_digest(judged.figures), "pass" if verdict.passed else "fail")
    return found


def _lines(dataset: xr.Dataset, months: bool = True) -> Lines:
    """Hash each series of a run."""
    found = {}
    for name, array in dataset.data_vars.items():
        values = array.transpose("time", "member").to_numpy()
        letters = "".join(_letter(row) for row in values) if months else ""
        found[str(name)] = (_digest(values), letters)
    return found


def _digest(values: np.ndarray) -> str:
    return _hash((np.ascontiguousarray(values, dtype=float) + 0.0).tobytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _letter(row: np.ndarray) -> str:
    return LETTERS[hashlib.sha256((row + 0.0).tobytes()).digest()[0] % 64]


def read(name: str) -> Lines:
    """Return the hashes that are held of a history."""
    with (HASHES / f"{name}.csv").open(newline="") as file:
        return {row["series"]: (row["sha256"], row["months"]) for row in csv.DictReader(file)}


def write(name: str, lines: Lines) -> None:
    """Hold hashes of a history."""
    HASHES.mkdir(exist_ok=True)
    with (HASHES / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["series", "sha256", "months"])
        writer.writerows([series, *lines[series]] for series in sorted(lines))


def differences(held: Mapping[str, tuple[str, str]], now: Lines) -> Iterator[str]:
    """Say which series differ, and from which month; a series that is new is no difference."""
    for series, (whole, letters) in held.items():
        if series not in now:
            yield f"{series}: is not recorded any more"
        elif now[series][0] != whole:
            new = now[series][1]
            first = next((n for n, (a, b) in enumerate(zip(letters, new, strict=False)) if a != b), None)
            yield f"{series}: differs" + ("" if first is None or not letters else f" from month {first + 1}")


def main() -> int:
    """Compare, or write anew."""
    known = histories()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="HISTORY", help="some of: " + ", ".join(known))
    parser.add_argument("--write", action="store_true", help="hold the present histories golden")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"no history is called '{unknown[0]}'; allowed: {', '.join(known)}")
    if options.write and not options.names:
        (HASHES / "arithmetic.txt").write_text(arithmetic() + "\n")
    elif not options.write and (HASHES / "arithmetic.txt").read_text().strip() != arithmetic():
        print("The hashes were made with other libraries or another processor: residuals may differ.")
    failed = 0
    for name in options.names or known:
        lines = known[name]()
        if options.write:
            write(name, lines)
            continue
        found = list(differences(read(name), lines))
        failed += bool(found)
        print(f"{name}: " + (f"{len(found)} of {len(read(name))} series differ" if found else "as held"))
        for sentence in found[:40]:
            print(f"  {sentence}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
