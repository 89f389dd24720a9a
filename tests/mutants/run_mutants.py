"""Break the code in one place at a time and see whether the tests notice: ``make mutants``.

Each list beside this file (engine.toml, economy.toml) names the tests that are run, the score that is asked
for, and the mutants: a file, text that stands in it exactly once, and what to put in its place. A mutant
whose text is no longer there is stale: an error, for it would count as killed or be forgotten. A mutant that
no test can kill says why (``equivalent``) and does not count. Nothing is changed in the checkout: all is done
in copies of it.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTS = Path(__file__).parent
COPIED = ("planmodel", "tests", "configs", "experiments", "docs", "pyproject.toml")
PASSED, FAILED = 0, 1  # exit statuses of pytest; any other one means that the tests did not run


@dataclass(frozen=True)
class Mutant:
    """One place to break."""

    what: str
    file: str
    old: str
    new: str
    equivalent: str = ""


@dataclass(frozen=True)
class Suite:
    """A list of mutants, the tests that should kill them, and the share that must be killed.

    ``first`` names, by file, the tests that are run before the others: a matter of time alone.
    """

    name: str
    tests: tuple[str, ...]
    least: float
    first: dict[str, str]
    mutants: tuple[Mutant, ...]

    def files(self, root: Path, mutant: Mutant | None = None) -> list[str]:
        """Return the files of tests in the order in which they are to be run."""
        found: list[str] = []
        for name in self.tests:
            path = root / name
            files = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
            found += [str(file.relative_to(root)) for file in files]
        first = self.first.get(mutant.file.rpartition("/")[2]) if mutant else None
        return sorted(found, key=lambda file: file != first)


def load(path: Path) -> Suite:
    """Read a list."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    mutants = tuple(Mutant(**entry) for entry in table["mutant"])
    twice = [what for what, count in Counter(mutant.what for mutant in mutants).items() if count > 1]
    if twice:
        raise SystemExit(f"{path.name}: two mutants are called '{twice[0]}'")
    return Suite(path.stem, tuple(table["tests"]), table["least"], table.get("first", {}), mutants)


def copy_of(root: Path, folder: Path) -> Path:
    """Copy what the tests need of a checkout."""
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, folder / name)
    return folder


def run_tests(folder: Path, tests: Sequence[str], limit: float | None = None) -> int | None:
    """Run tests in a copy until the first failure; return pytest's status, None if time ran out."""
    # No bytecode: a mutant of the same size and second as its original would be taken for it.
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-profile=ci"]  # derandomised
    command = [sys.executable, "-m", "pytest", *options, *tests]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, timeout=limit, capture_output=True)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def check_copy(folder: Path, tests: Sequence[str]) -> None:
    """Refuse to begin where the copy is not what is imported, or its tests do not pass unbroken."""
    command = [sys.executable, "-c", "import planmodel; print(planmodel.__file__)"]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout
    if not found or not Path(found.strip()).resolve().is_relative_to(folder.resolve()):
        raise SystemExit(f"the copy is not what is tested: planmodel is imported from {found.strip() or '?'}")
    status = run_tests(folder, tests)
    if status != PASSED:
        raise SystemExit(f"tests of the unbroken code do not pass (pytest: {status}); no mutant was tried")


def is_stale(mutant: Mutant, root: Path) -> bool:
    """Tell whether the text of a mutant no longer stands in its file exactly once."""
    file = root / mutant.file
    return not file.exists() or file.read_text(encoding="utf-8").count(mutant.old) != 1


def verdict(mutant: Mutant, folder: Path, tests: Sequence[str], limit: float) -> str:
    """Try one mutant: killed, survived, out of time, or why it was not tried."""
    if is_stale(mutant, folder):
        return "stale"
    if mutant.equivalent:
        return "equivalent"
    file = folder / mutant.file
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        status = run_tests(folder, tests, limit)
    finally:
        file.write_text(text, encoding="utf-8")
    return {PASSED: "survived", FAILED: "killed", None: "out of time"}.get(status, "broken")


def try_all(suite: Suite, root: Path, limit: float, workers: int) -> dict[Mutant, str]:
    """Try the mutants of a list, each worker in a copy of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(workers):
            copies.put(copy_of(root, Path(scratch) / str(number)))
        first = copies.get()
        check_copy(first, suite.files(first))
        copies.put(first)

        def tried(mutant: Mutant) -> str:
            folder = copies.get()
            try:
                found = verdict(mutant, folder, suite.files(folder, mutant), limit)
            finally:
                copies.put(folder)
            print(f"{found:<12}{mutant.file.rpartition('/')[2]:<22}{mutant.what}", flush=True)
            return found

        with ThreadPoolExecutor(workers) as pool:
            return dict(zip(suite.mutants, pool.map(tried, suite.mutants), strict=True))


def report(suite: Suite, verdicts: dict[Mutant, str]) -> bool:
    """Print the score and what survived; tell whether the list is in order and the score is reached."""
    count = Counter(verdicts.values())
    killed = count["killed"] + count["out of time"]
    tried = killed + count["survived"]
    score = killed / tried if tried else 0.0
    parts = ", ".join(f"{count[kind]} {kind}" for kind in ("survived", "equivalent", "stale", "broken"))
    asked = f"; at least {suite.least:.0%} is asked for" if suite.least else "; no score is asked for"
    print(f"\n{suite.name}: {killed} of {tried} killed, {score:.0%}{asked}; {parts}")
    for kind in ("survived", "stale", "broken"):
        for mutant in (m for m, found in verdicts.items() if found == kind):
            print(f"  {kind}: {mutant.file}: {mutant.what}")
    return score >= suite.least and not count["stale"] and not count["broken"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try lists; return 1 where a score is missed or a mutant is stale or breaks more than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    known = sorted(path.stem for path in LISTS.glob("*.toml"))
    names = ", ".join(known)
    parser.add_argument("lists", nargs="*", metavar="LIST", help=f"of {names}; all if none is named")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for the tests of one mutant")
    parser.add_argument("--stale", action="store_true", help="only tell which mutants are stale, at once")
    parser.add_argument("--only", default="", help="text in the file or description of a mutant")
    given = parser.parse_args(arguments)
    wrong = sorted(set(given.lists) - set(known))
    if wrong:
        parser.error(f"no list is called '{wrong[0]}'; allowed: {names}")
    in_order = True
    for name in given.lists or known:
        suite = load(LISTS / f"{name}.toml")
        chosen = tuple(m for m in suite.mutants if given.only in m.file or given.only in m.what)
        suite = replace(suite, mutants=chosen)
        if given.stale:
            gone = [mutant for mutant in suite.mutants if is_stale(mutant, ROOT)]
            for mutant in gone:
                print(f"stale: {mutant.file}: {mutant.what}")
            in_order &= not gone
            continue
        in_order &= report(suite, try_all(suite, ROOT, given.limit, given.workers))
    return 0 if in_order else 1


if __name__ == "__main__":
    sys.exit(main())
