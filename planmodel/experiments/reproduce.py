"""Reproducing experiments: what is asked is run, tabulated, drawn and written; what is unchanged is not."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planmodel import documented
from planmodel.engine import UserError
from planmodel.experiments.agreement import agreement, agreement_line, hold_to, left_out
from planmodel.experiments.load import DRAWING, Experiment
from planmodel.experiments.points import write_points
from planmodel.experiments.readme import FIGURE, check_readme, write_overview, write_readme
from planmodel.experiments.results import Record
from planmodel.experiments.running import Runs, SharedRun
from planmodel.experiments.tables import TEXTS
from planmodel.plausibility import added_up, count_marks
from planmodel.provenance import code_hashes, provenance
from planmodel.runs.resolve import told
from planmodel.runs.workers import make_executor
from planmodel.scenario.data import hashes, record_of
from planmodel.scenario.economy import Economy
from planmodel.show.plot import style
from planmodel.storage import read_manifest, reserve, write_whole
from planmodel.storage.manifest import damaged

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WRITER = "planmodel reproduce"
_PACKAGE = Path(__file__).resolve().parents[1]
_DECISIVE = ("experiments", "texts", "show/plot.py", "show/numbers.py")
_FILES = ("figure.png", "figure.svg", "figure.pdf", "table.csv", "agreement.csv")
LARGEST_PICTURE = 120_000  # bytes


@dataclass(frozen=True)
class Done:
    """What became of an experiment.

    ``agreed`` is its agreement in a few words, ``damaged`` what was there and not as it was written.
    ``plausibility`` counts the members of all its runs that leave declared limits (None: none was judged).
    """

    experiment: Experiment
    unchanged: bool
    agreed: str
    seconds: float
    damaged: tuple[str, ...] = ()
    plausibility: dict[str, Any] | None = None


def reproduce(
    experiments: Sequence[Experiment],
    out: Path,
    *,
    workers: int = 1,
    force: bool = False,
    number: int | None = None,
    scenario: str | None = None,
    readme: bool = False,
    progress: Callable[[Done], None] | None = None,
) -> list[Done]:
    """Reproduce experiments into ``out/NAME``.

    Parameters
    ----------
    experiments
        As :func:`planmodel.experiments.load.load_experiment` reads them.
    out
        Folder; an experiment whose inputs are those of its manifest there is left as it is.
    workers
        Processes; the results do not depend on them.
    force
        Make also what is unchanged.
    number, scenario
        See :class:`planmodel.experiments.running.Runs`.
    readme
        Write numbers and figure into the folders of the experiments as well.
    progress
        Called when an experiment is done.

    Raises
    ------
    UserError
        If an input is wrong, or a folder cannot be written. Folders that were written before stay.
    """
    if readme:
        for one in experiments:
            check_readme(one)
    with ExitStack() as stack:
        for one in experiments:
            stack.enter_context(reserve(out / one.name, WRITER, force=True))
        return _reproduce(experiments, out, workers, force, Runs(number, scenario), readme, progress)


def _reproduce(
    experiments: Sequence[Experiment],
    out: Path,
    workers: int,
    force: bool,
    runs: Runs,
    readme: bool,
    progress: Callable[[Done], None] | None,
) -> list[Done]:
    marks = {one.name: fingerprint(one, runs.prepare(one)) for one in experiments}
    broken = {one.name: _damaged(out / one.name) for one in experiments}
    fresh = [
        one for one in experiments
        if not force and not broken[one.name] and _is_unchanged(out / one.name, marks[one.name])
    ]  # fmt: skip
    left = [one for one in experiments if one not in fresh]
    for one in left:
        runs.ask(one)
    done = []
    with make_executor(workers) as executor:
        for one in experiments:
            begun, folder = time.monotonic(), out / one.name
            if one not in fresh:
                results = runs.results(one, executor)
                table = one.tabulate(results, Record(record_of(one.about.data)))
                _check_table(table, one)
                table = hold_to(table, one.about.evidence)
                about: dict[str, Any] = {
                    "experiment": one.name,
                    "fingerprint": marks[one.name],
                    "runs": {name: result.about for name, result in results.items()},
                    "plausibility": {name: count_marks(r.dataset) for name, r in results.items()},
                    "origins": {name: told(run.members) for name, run in runs.prepare(one).items()},
                    **provenance(*_economies(runs.prepare(one)), data=hashes(one.about.data)),
                }
                with reserve(folder, WRITER, force=True) as reserved:
                    reserved.fill(about, partial(_write_timed, one, table, begun, about))
                left.remove(one)
                runs.release(one, left)
            if readme:
                _write_back(one, folder)
            agreed = agreement_line(pd.read_csv(folder / "agreement.csv", keep_default_na=True))
            loose = left_out(read_table(folder / "table.csv")) if one.about.evidence else ""
            agreed += f"; {loose}" if loose else ""
            took = time.monotonic() - begun
            wrong = tuple(broken[one.name].values())
            done.append(Done(one, one in fresh, agreed, took, wrong, _judged(folder)))
            if progress is not None:
                progress(done[-1])
    if readme:
        for folder in {one.folder.parent for one in experiments}:
            write_overview(folder)
    return done


def fingerprint(experiment: Experiment, runs: dict[str, SharedRun]) -> str:
    """Return the SHA-256 of all that decides table and figure of an experiment."""
    found = hashlib.sha256()
    for file in experiment.inputs:
        found.update((experiment.folder / file).read_bytes() + b"\0")
    for name, run in runs.items():
        found.update(f"{name}/{run.key}/{run.about}\0".encode())
    own = json.dumps(hashes(experiment.about.data))
    for digest in (own, _own_code(), documented.sha256(), json.dumps(code_hashes(*_economies(runs)))):
        found.update(digest.encode())
    return found.hexdigest()


def _economies(runs: Mapping[str, SharedRun]) -> list[Economy]:
    """Return the economies of some runs, each once."""
    found = {run.scenario.declared.name: run.scenario.declared for run in runs.values()}
    return list(found.values())


@cache
def _own_code() -> str:
    """Return the SHA-256 of the code of experiments and figures, and of the packages that draw."""
    found = hashlib.sha256()
    for name in _DECISIVE:
        place = _PACKAGE / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if "ready" not in file.relative_to(_PACKAGE).parts:
                found.update(str(file.relative_to(_PACKAGE)).encode() + file.read_bytes())
    for package in ("numpy", "pandas", "matplotlib"):
        found.update(f"{package} {metadata.version(package)}".encode())
    return found.hexdigest()


def _is_unchanged(folder: Path, mark: str) -> bool:
    """Tell whether a folder was made from what would be made again, and says so itself."""
    try:
        manifest = read_manifest(folder)
    except (FileNotFoundError, UserError):
        return False
    hashes = manifest["files"]  # a list in those of earlier versions, which cannot be told to be whole
    return manifest.get("fingerprint") == mark and isinstance(hashes, dict) and set(_FILES) <= set(hashes)


def _damaged(folder: Path) -> dict[str, str]:
    """Return which files of a folder are not as they were written, and how."""
    try:
        wrong = damaged(folder, read_manifest(folder)) or {}
    except FileNotFoundError:
        return {}
    return {name: f"{folder / name}: {said}" for name, said in wrong.items()}


def _judged(folder: Path) -> dict[str, Any] | None:
    """Return how many members of the runs of an experiment leave limits, as its manifest says."""
    return added_up(list(read_manifest(folder).get("plausibility", {}).values()))


def _check_table(table: Any, experiment: Experiment) -> None:
    file = experiment.folder / DRAWING
    if not isinstance(table, pd.DataFrame):
        raise UserError(f"{file}: tabulate: returns {type(table).__name__}; allowed: a pandas DataFrame")
    if table.empty:
        raise UserError(f"{file}: tabulate: returns an empty table; allowed: at least one row")


def _write_timed(
    experiment: Experiment, table: pd.DataFrame, begun: float, about: dict[str, Any], folder: Path
) -> None:
    """Write the results of an experiment, and put into what is said of them how long they took."""
    _write(experiment, table, folder)
    about["seconds"] = round(time.monotonic() - begun, 1)


def _write(experiment: Experiment, table: pd.DataFrame, folder: Path) -> None:
    """Write table, agreement and figure; the figure is drawn from the table as it stands in the file."""
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    (folder / "table.csv").write_text(text, encoding="utf-8")
    table = read_table(folder / "table.csv")
    found = agreement(table)
    found.to_csv(folder / "agreement.csv", index=False, float_format="%.6g", lineterminator="\n")
    sheet = experiment.draw(table)
    without = {"Creator": None}
    with style():  # names within an SVG are random without its salt
        sheet.savefig(folder / "figure.svg", metadata={"Date": None, **without})
        sheet.savefig(folder / "figure.pdf", metadata={"CreationDate": None, "Producer": None, **without})
    (folder / "figure.png").write_bytes(picture(sheet))
    if experiment.more is not None:
        experiment.more(table, folder)


def read_table(file: Path) -> pd.DataFrame:
    """Read a table as it was written: dates and texts stay texts, what is empty is empty."""
    table = pd.read_csv(file, dtype=dict.fromkeys(TEXTS, str))
    held = [name for name in TEXTS if name in table]
    table[held] = table[held].fillna("")
    return table


def picture(sheet: Figure) -> bytes:
    """Return a figure as PNG with few colours: small enough to be kept in the checkout."""
    from PIL import Image

    for dots in (110, 95, 80, 65):
        raw = io.BytesIO()
        sheet.savefig(raw, format="png", dpi=dots, metadata={"Software": None})
        small = io.BytesIO()
        Image.open(raw).convert("RGB").quantize(128).save(small, format="png", optimize=True)
        if small.tell() <= LARGEST_PICTURE:
            break
    return small.getvalue()


def _write_back(experiment: Experiment, folder: Path) -> None:
    table = read_table(folder / "table.csv")
    found = pd.read_csv(folder / "agreement.csv")
    found["run"], found["worst"] = found["run"].fillna(""), found["worst"].fillna("")
    manifest = read_manifest(folder)
    runs = sorted(set(manifest["runs"].values()))
    write_readme(experiment, table, found, runs)
    write_points(experiment.folder, table)
    write_whole(experiment.folder / FIGURE, (folder / FIGURE).read_bytes())
