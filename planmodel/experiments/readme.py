"""The numbers within a README, between two markers, written by the command that made them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from planmodel.engine import UserError
from planmodel.experiments.agreement import agreement_line, counted_points, left_out
from planmodel.experiments.load import CONFIGURATION, README, Experiment, read_about
from planmodel.experiments.points import POINTS
from planmodel.experiments.schema import GROUPS
from planmodel.experiments.stated import COLUMN, stated_text
from planmodel.experiments.variants import variants_text
from planmodel.show.markdown import markdown
from planmodel.show.numbers import between, percent, signed_percent
from planmodel.storage import write_whole

BEGIN, END = "<!-- agreement -->", "<!-- end of agreement -->"
_BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
_MOST_ROWS = 30
FIGURE = "figure.png"


def write_readme(experiment: Experiment, table: pd.DataFrame, agreed: pd.DataFrame, runs: list[str]) -> Path:
    """Write the numbers of an experiment between the markers of its README; return the file.

    Raises
    ------
    UserError
        If the README or its markers are missing.
    """
    file, text = experiment.folder / README, check_readme(experiment)
    block = f"{BEGIN}\n{agreement_text(table, agreed, runs)}\n{END}"
    write_whole(file, _BLOCK.sub(lambda _: block, text).encode())
    return file


def check_readme(experiment: Experiment) -> str:
    """Return the README of an experiment, if it can take numbers, and the folder figure and points.

    Raises
    ------
    UserError
        If the README or its markers are missing, or what is not written with it stands beside it.
    """
    file = experiment.folder / README
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    blocks = _BLOCK.findall(text)
    if len(blocks) != 1:
        raise UserError(f"{file}: allowed: one pair of lines '{BEGIN}' and '{END}'")
    unwritten = not blocks[0].removeprefix(BEGIN).removesuffix(END).strip()
    for ours in (experiment.folder / FIGURE, experiment.folder / POINTS):
        if unwritten and ours.exists():
            raise UserError(
                f"{ours}: exists, and the README has no numbers of ours; allowed: to move it away"
            )
    return text


def write_overview(folder: Path) -> Path | None:
    """Write the list of all experiments of a folder, with their agreement, into its README, if it has one."""
    file = folder / README
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    found = {place.parent.name: place.parent for place in sorted(folder.glob(f"*/{CONFIGURATION}"))}
    rows = [(name, read_about(place), _first_line(place / README)) for name, place in found.items()]
    rows.sort(key=lambda row: (GROUPS.index(row[1].group), row[0]))
    lines = [(f"[{about.title}]({name}/{README})", about.group, said) for name, about, said in rows]
    block = f"{BEGIN}\n{markdown(['experiment', 'group', 'agreement'], lines)}\n{END}"
    write_whole(file, _BLOCK.sub(lambda _: block, text).encode())
    return file


def _first_line(file: Path) -> str:
    """Return what a README says of agreement in a line; a smaller system has a table of its own."""
    block = _BLOCK.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    lines = block[0].splitlines()[1:-1] if block else []
    if not lines:
        return "not written yet"
    if lines[0].startswith("|"):
        return "a table of variants"
    return re.split(r" \(`| Runs: ", lines[0])[0].rstrip(".")


def agreement_text(table: pd.DataFrame, agreed: pd.DataFrame, runs: list[str]) -> str:
    """Return agreement in numbers as markdown: a line, a table by quantity, and few points one by one."""
    ran = "; ".join(runs)
    if "role" in table:
        return f"{variants_text(table)}\n\nRuns: {ran}."
    if agreed.empty:
        points = table[table["documented"].notna()] if "documented" in table else table.iloc[:0]
        said = "The model has no counterpart of these figures" if not runs else "No point can be compared"
        shown = "one documented figure is" if len(points) == 1 else f"{len(points)} documented figures are"
        line = f"{said}; {shown} in the table." + (f" Runs: {ran}." if ran else "")
        return f"{line}\n\n{stated_text(table)}" if COLUMN in table else line
    line = agreement_line(agreed)
    parts = [f"{line[0].upper()}{line[1:]} ({ran})."]
    if loose := left_out(table):
        parts.append(f"Of the documented points, {loose}.")
    several = agreed["run"].replace("", np.nan).nunique() > 1
    rows = [
        (
            _title_of(table, str(row["quantity"])),
            *((str(row["run"]),) if several else ()),
            int(row["points"]),
            f"{row['within']} ({percent(row['share_within'])})",
            percent(row["median_deviation"]),
            f"{row['worst']}: {signed_percent(row['worst_deviation'])}" if row["worst"] else "-",
        )
        for row in agreed.iloc[:-1].to_dict("records")
    ]
    heads = ["", *(["run"] if several else []), "points", "within the band", "median deviation", "worst"]
    parts.append(markdown(heads, rows))
    points = counted_points(table)
    if len(points) <= _MOST_ROWS:
        parts.append(_points_table(points, several))
    if COLUMN in table:
        parts.append(stated_text(table))
    return "\n\n".join(parts)


def _title_of(table: pd.DataFrame, quantity: str) -> str:
    """Return how a quantity is called: by its title, or where it has several, one a region, by its name."""
    titles = set(table.loc[table["quantity"] == quantity, "title"]) if "title" in table else {quantity}
    name = quantity.replace("_", " ")
    return str(titles.pop()) if len(titles) == 1 else name[:1].upper() + name[1:]


def _points_table(points: pd.DataFrame, several: bool) -> str:
    heads = [
        "",
        *(["run"] if several else []),
        "dates",
        "documented",
        "version",
        "evidence",
        "model",
        "5 to 95 %",
    ]
    rows = []
    for row in points.to_dict("records"):
        documented = float(row["documented"])
        rows.append(
            (
                str(row.get("title", row["quantity"])) + (f", {row['unit']}" if row["unit"] != "1" else ""),
                *((str(row["run"]),) if several else ()),
                str(row["dates"]),
                documented,
                str(row.get("version", "")).replace("_", " "),
                str(row.get("evidence", "")),
                float(row["median"]),
                f"{between(row['low'], row['high'])}",
            )
        )
    return markdown(heads, rows)
