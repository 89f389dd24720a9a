"""The folder of rivals: what is fitted is kept at once, so that a contest that was stopped goes on.

After each rival the folder is written anew as a whole: a row of each in one JSON file, the same as tables,
and of each the draws (NetCDF) and the centre (a scenario).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import tomli_w

from planmodel import documented
from planmodel.calibration.posterior import draws_bytes
from planmodel.calibration.rivals import Rivalled, Row, fit_rival, key_of
from planmodel.calibration.schema import Calibration
from planmodel.calibration.screen import TRIAL
from planmodel.calibration.search import Progress, silent
from planmodel.calibration.writing import fitted_tree, made
from planmodel.engine import UserError
from planmodel.provenance import git_state
from planmodel.runs.posterior import bases
from planmodel.storage import Reserved, reserve
from planmodel.storage.manifest import read_manifest

Tables = Callable[[Sequence[Row]], Mapping[str, pd.DataFrame]]


@dataclass(frozen=True)
class Question:
    """What is asked of rivals.

    Attributes
    ----------
    name
        Of the command and of the file that holds the rows.
    ask
        What is asked while the model can be run.
    tables
        The rows as tables.
    until
        Last year of the figures that the fits see; all by default.
    """

    name: str
    ask: Callable[[Rivalled], Row]
    tables: Tables
    until: int | None = None

    @property
    def writer(self) -> str:
        """The command that writes the folder."""
        return f"planmodel {self.name}"

    @property
    def key(self) -> str:
        """What of it decides an answer."""
        return f"{self.name} {self.until}"


@dataclass(frozen=True)
class Kept:
    """A rival whose fit is done: its row, and its files by name."""

    row: Row
    files: Mapping[str, bytes]


def contest(
    question: Question,
    rivals: Sequence[Calibration],
    wanted: Sequence[Calibration],
    folder: Path,
    seed: int = 0,
    workers: int | None = None,
    force: bool = False,
    progress: Progress = silent,
    about: Mapping[str, object] | None = None,
) -> list[Row]:
    """Fit rivals one after the other, those that are not in the folder yet; return the rows of all there.

    Parameters
    ----------
    question
        What is asked of each.
    rivals, wanted
        All that there are, and those that are to be fitted now.
    folder
        Where they are kept.
    seed, workers
        See :func:`planmodel.calibration.rivals.fit_rival`.
    force
        Fit those anew that other settings or other code left in the folder.
    progress
        Told how far a fit is.
    about
        Said in the manifest besides.

    Raises
    ------
    UserError
        If the folder cannot be written, or holds rivals of other settings.
    """
    keys = {rival.name: key_of(rival, seed, question.key) for rival in rivals}
    with reserve(folder, question.writer, force=True) as reserved:
        kept = _kept(reserved, question)
        stale = [name for name, one in kept.items() if one.row["key"] != keys.get(name)]
        if stale and not force:
            raise UserError(
                f"--out {folder}: holds fits of other settings or other code ({', '.join(stale)}); "
                "allowed: another folder, or --force to fit them anew"
            )
        kept = {name: one for name, one in kept.items() if name not in stale}
        for rival in wanted:
            if rival.name in kept:
                continue
            key = keys[rival.name]
            journal = reserved.target.with_name(f".{reserved.target.name}-{rival.name}-{key[:12]}.journal")
            row, rivalled = fit_rival(rival, question.ask, seed, workers, journal, progress, question.until)
            kept[rival.name] = Kept(row | {"key": key}, _files(rivalled, question))
            ordered = {one.name: kept[one.name] for one in rivals if one.name in kept}
            _write(reserved, question, ordered, {"seed": seed, **(about or {})}, rivals[0])
            journal.unlink(missing_ok=True)
    return [kept[rival.name].row for rival in rivals if rival.name in kept]


def _kept(reserved: Reserved, question: Question) -> dict[str, Kept]:
    """Return the rivals that a folder holds."""
    file = reserved.target / f"{question.name}.json"
    if not file.is_file():
        return {}
    read_manifest(reserved.target)  # as it was written, or not at all
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return {
            row["rival"]: Kept(
                row, {name: (reserved.target / name).read_bytes() for name in _names(row["rival"])}
            )
            for row in rows
        }
    except (OSError, ValueError, LookupError, TypeError):
        raise UserError(f"{file}: is damaged; allowed: as {question.writer} wrote it") from None


def _names(rival: str) -> tuple[str, str]:
    return f"rival_{rival}.nc", f"{rival}.toml"


def _files(rivalled: Rivalled, question: Question) -> dict[str, bytes]:
    """Return draws and centre of a rival as files."""
    about, scenario, drawn = rivalled.calibration, rivalled.scenario, rivalled.tempered
    made_by = f"{question.writer}, {about.name}, seed {rivalled.seed}"
    attributes = {
        "made_by": made_by,
        "calibration": about.name,
        "scenario": scenario.name,
        "scenario_sha256": scenario.digest(),
        "record_sha256": documented.sha256(),
        "git": git_state(),
        "layers": json.dumps(bases(scenario)),
        **({"trial": TRIAL} if about.trial else {}),
    }
    misfit = ("draw", drawn.misfit, {"long_name": "misfit, priors left out"})
    draws = draws_bytes(rivalled.problem.cube, drawn.unit, {"misfit": misfit}, attributes, about.economy)
    title = f"{'Trial, no whole fit' if about.trial else 'Centre of good draws'}: {about.title or about.name}"
    tree = fitted_tree(about, scenario, rivalled.changes, about.name, title)
    head = (
        f"# Made by {made_by}; do not edit by hand, fit again. The mean of the good draws: the tenth that\n"
        "# holds most facts, and then has the lowest misfit. Every value is the result of a fit.\n\n"
    )
    return dict(zip(_names(about.name), (draws, (head + tomli_w.dumps(tree)).encode()), strict=True))


def _write(
    reserved: Reserved,
    question: Question,
    kept: Mapping[str, Kept],
    about: Mapping[str, object],
    first: Calibration,
) -> None:
    """Write the folder anew with all that is fitted."""
    rows = [one.row for one in kept.values()]

    def write(folder: Path) -> None:
        (folder / f"{question.name}.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        for name, frame in question.tables(rows).items():
            frame.to_csv(folder / f"{name}.csv", index=False)
        for one in kept.values():
            for name, content in one.files.items():
                (folder / name).write_bytes(content)

    said = {**about, "rivals": list(kept), "until": question.until, "record_sha256": documented.sha256()}
    reserved.fill({**said, **made(first.economy)}, write)


def long_table(rows: Iterable[Row], part: str) -> pd.DataFrame:
    """Return one of the lists that rows hold as a table, with the rival before each line."""
    return pd.DataFrame([{"rival": row["rival"], **line} for row in rows for line in row[part]])


def short_table(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a table, without the lists that they hold."""
    return pd.DataFrame([{k: v for k, v in row.items() if not isinstance(v, list)} for row in rows])
