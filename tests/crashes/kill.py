"""Kill -9 at ten moments of each command that writes, start it again, and see that nothing is lost.

    make crashes                                    all commands, ten moments each (minutes)
    python tests/crashes/kill.py run report --times 3

Asserted after each kill: a file of the user's beside and, where the command allows it, in the folder is as it
was; what stands under the names of results is whole (old or new). Asserted after the second start: status 0,
the same tables, to the bit, as of a command that was left alone (time stamps apart), and nothing left over.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import tomli_w
import xarray as xr

from planmodel.cli import main
from planmodel.runs import open_ensemble
from planmodel.scenario import load_scenario
from planmodel.storage import read_manifest, verified

ROOT = Path(__file__).parents[2]
MINE = b"years of work"

ENSEMBLE = """\
until = 1929-12-31
seed = 4
design = "lhs"
members = 12
[vary]
"parameters.draught.tractor_utilisation" = {}
"switches.grain_exports" = { values = [true, false] }
[keep]
variables = ["grain_harvest", "cattle"]
"""
ANALYSIS = """\
method = "morris"
samples = 4
[vary]
"draught.tractor_utilisation" = {}
"cropping.seed_rate" = { around = 0.1 }
[outputs.harvest]
of = "grain_harvest"
dates = "1929"
"""
CALIBRATION = """\
name = "toy"
scenario = "short.toml"
[fit]
cropping.harvest_1928 = { low = 68, high = 80 }
livestock.cattle_slaughter = {}
[search]
sample = 4
points = 2
descent = 1
rounds = 0
starts = 1
polish = 1
[targets.grain_harvest]
version = "postwar_revision"
[targets.cattle]
version = "july_count"
"""
CHECKS = """\
[checks.harvest]
statement = "The harvest of 1929 is good"
source = "toy"
claims = [{ of = "grain_harvest", dates = "1929", above = 74.0 }]
"""


@dataclass(frozen=True)
class Case:
    """A command: its words, the folder that it writes, and where in that a file of the user's may stand."""

    words: tuple[str, ...]
    out: str = "out"
    within: str | None = None
    before: tuple[str, ...] = ()  # what is run first, and not killed


CASES = {
    "run": Case(("run", "short.toml", "--force", "--out", "out")),
    "save": Case(("run", "short.toml", "--save", "--force", "--out", "out")),
    "from": Case(
        ("run", "short.toml", "--from", "begun", "--save", "--force", "--out", "out"),
        before=("run", "short.toml", "--until", "1928-12-31", "--save", "--quiet", "--out", "begun"),
    ),
    "ensemble": Case(("ensemble", "ensemble.toml", "--chunk", "2", "--out", "out")),
    "calibrate": Case(("calibrate", "calibration.toml", "--workers", "1", "--force", "--out", "out")),
    "centre": Case(
        ("centre", "calibration.toml", "--config", "checks.toml", "--steps", "6", "--draws", "20"),
        "out/centre/calibration",
    ),
    "sensitivity": Case(("sensitivity", "analysis.toml", "--out", "out"), within="mine.txt"),
    "reproduce": Case(("reproduce", "toy", "--force", "--out", "out"), within="mine.txt"),
    "report": Case(
        ("report", "out", "--force"),
        before=("run", "short.toml", "--force", "--until", "1928-12-31", "--quiet", "--out", "out"),
    ),
}


def prepare(place: Path) -> None:
    """Write the configurations into a folder, and the user's own file beside what will be written."""
    place.mkdir(parents=True)
    short = load_scenario("baseline").until(date(1930, 12, 31)).model_dump(mode="python", exclude_none=True)
    texts = {"ensemble": ENSEMBLE, "analysis": ANALYSIS, "calibration": CALIBRATION, "checks": CHECKS}
    texts["short"] = tomli_w.dumps(short | {"name": "short"})
    for name, text in texts.items():
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "tests" / "experiments" / "toy", place / "toy")
    (place / "mine.txt").write_bytes(MINE)


def start(words: tuple[str, ...], place: Path) -> int:
    """Start a command in a process of its own, a copy of this one: nothing needs to be imported again."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    os.chdir(place)
    said = os.open(place.parent / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(said, number)
    sys.argv = ["planmodel", *words]
    status = 1
    try:
        main()
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.stdout.flush()
        os._exit(status)


def finish(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def contents(folder: Path) -> dict[str, object]:
    """Return what a folder holds but for time stamps: tables, arrays, text without comments."""
    found: dict[str, object] = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if file.suffix in (".csv", ".md", ".html"):
            found[name] = file.read_bytes()
        elif file.suffix == ".toml":
            lines = file.read_text(encoding="utf-8").splitlines()
            found[name] = [line for line in lines if not line.startswith("#")]
        elif file.suffix == ".nc" and file.parent.name != "chunks":
            with xr.open_dataset(file) as dataset:
                found[name] = dataset.load()
    if (folder / "chunks").is_dir():
        with open_ensemble(folder) as dataset:
            found["members"] = dataset.load()
    return found


def same(first: object, second: object) -> bool:
    if isinstance(first, xr.Dataset) and isinstance(second, xr.Dataset):
        return first.equals(second)
    return bool(np.all(first == second))


def leftovers(place: Path) -> list[str]:
    """Return what only a process at work may have: an ensemble keeps its lock."""
    words = (".partial-", ".old-", ".holder-", "holder.json", ".journal", ".lock")
    return [
        str(path.relative_to(place))
        for path in place.rglob("*")
        if any(word in path.name for word in words)
        and not (path.name == ".lock" and (path.parent / "chunks").is_dir())
    ]


def check_whole(case: Case, place: Path) -> None:
    """Assert that nothing of the user's is lost, and that what has a manifest is as its manifest says."""
    assert (place / "mine.txt").read_bytes() == MINE
    if case.within is not None:
        assert (place / case.out / case.within).read_bytes() == MINE
    for page in place.rglob("report.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    for manifest in place.rglob("manifest.json"):
        if not any(part.startswith(".") for part in manifest.relative_to(place).parts):
            verified(manifest.parent, read_manifest(manifest.parent))


def begin(case: Case, place: Path) -> None:
    prepare(place)
    if case.within is not None:
        (place / case.out).mkdir()
        (place / case.out / case.within).write_bytes(MINE)
    if case.before:
        assert finish(start(case.before, place)) == 0


def kill_at_moments(name: str, case: Case, folder: Path, times: int) -> str:
    """Kill a command at moments spread over its time, and start it again; say how often."""
    whole = folder / name / "whole"
    begin(case, whole)
    begun = time.monotonic()
    assert finish(start(case.words, whole)) == 0, (folder / name / "said.txt").read_text()
    took = time.monotonic() - begun
    wanted = contents(whole / case.out)
    killed, held = 0, 0
    for moment in range(times):
        place = folder / name / str(moment)
        begin(case, place)
        child = start(case.words, place)
        time.sleep(took * (moment + 0.5) / times)
        os.kill(child, signal.SIGKILL)
        killed += finish(child) == -signal.SIGKILL
        held += bool(leftovers(place))
        check_whole(case, place)
        assert finish(start(case.words, place)) == 0, (folder / name / "said.txt").read_text()[-2000:]
        check_whole(case, place)
        again = contents(place / case.out)
        different = [n for n in wanted.keys() | again.keys() if not same(wanted.get(n), again.get(n))]
        different = [n for n in different if case.before == () or n != "report.html"]
        assert not different, (name, moment, different)
        assert not leftovers(place), (name, moment, leftovers(place))
        shutil.rmtree(place)
    return f"{name:12}{times:3} starts, {killed:2} killed, {held:2} left something until the next start"


def run(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("commands", nargs="*", choices=[[], *CASES], help="default: all")
    parser.add_argument("--times", type=int, default=10, help="moments a command")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for name in given.commands or CASES:
            print(kill_at_moments(name, CASES[name], Path(folder), given.times), flush=True)


if __name__ == "__main__":
    run()
