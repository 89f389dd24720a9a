"""The folder of an economy: what its ``economy.toml`` says, and the tables beside it.

``economy.toml`` names the chapters (a module of equations and a table each), the phases of a month and the
seasons of a year, the day of its stocks and bases, what a run of it shows, and limits of plausibility.
``indicators.csv``, where there is one, has the totals that economists compare; ``figures.toml`` the figures.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planmodel.engine import DeclarationError, Phase, Season, UserError
from planmodel.engine.axes import Axes
from planmodel.engine.folder import load_axes, load_blocks
from planmodel.engine.limits import Limit
from planmodel.scenario.economy import Economy
from planmodel.scenario.explain import Layer, explain
from planmodel.scenario.indicators import Compared, Indicator, Measure
from planmodel.scenario.toml import read_toml

FILE = "economy.toml"
_STRICT = ConfigDict(extra="forbid", frozen=True)
_COLUMNS = ("name", "title", "unit", "measure", "parts", "over", "less", "first_month", "theme", "given")


class PhaseEntry(BaseModel):
    """A step of the month."""

    model_config = _STRICT
    name: str
    days: list[Annotated[int, Field(ge=0, le=31)]] = [0]


class SeasonEntry(BaseModel):
    """Months in which a phase has a name of its own."""

    model_config = _STRICT
    name: str
    phase: str
    months: list[Annotated[int, Field(ge=1, le=12)]]


class LimitEntry(BaseModel):
    """A range that no reading of the record leaves."""

    model_config = _STRICT
    name: str
    parts: list[str]
    over: list[str] = []
    low: float
    high: float
    unit: str
    why: str
    span: Literal["month", "year", "mean"] = "month"


class ComparedEntry(BaseModel):
    """A quantity by which scenarios are compared."""

    model_config = _STRICT
    name: str
    title: str
    unit: str
    parts: Annotated[list[str], Field(min_length=1)]
    since_start: bool = False


class EconomyFile(BaseModel):
    """What ``economy.toml`` says."""

    model_config = _STRICT
    title: str
    opening: date
    chapters: Annotated[list[str], Field(min_length=1)]
    phases: Annotated[list[PhaseEntry], Field(min_length=1)]
    seasons: list[SeasonEntry] = []
    shown: list[str] = []
    themes: list[str] = []
    monthly_paths: bool = False
    limits: list[LimitEntry] = []
    compared: list[ComparedEntry] = []
    compared_years: list[int] = []


def read_economy(folder: Path, name: str) -> Economy:
    """Read an economy from its folder; its modules are run.

    Raises
    ------
    UserError
        Naming file, place and what is wrong.
    """
    file = folder / FILE
    tree = read_toml(file)
    try:
        said = EconomyFile.model_validate(tree)
    except ValidationError as error:
        raise UserError(explain(error, [Layer(str(file), tree)], EconomyFile)) from None
    try:
        axes = load_axes(folder, said.chapters)
        blocks = load_blocks(folder, said.chapters, said.opening)
    except (DeclarationError, SyntaxError, OSError) as error:
        raise UserError(f"{folder}: {error}") from None
    return Economy(
        name,
        [block for block in blocks if any(f.phase for f in block.functions)],
        [Phase(p.name, tuple(p.days)) for p in said.phases],
        said.opening,
        [Season(s.name, s.phase, tuple(s.months)) for s in said.seasons],
        shown=said.shown,
        limits=[_limit(entry, axes) for entry in said.limits],
        indicators=read_indicators(folder / "indicators.csv", axes),
        title=said.title,
        folder=folder,
        themes=said.themes,
        compared=[
            Compared(c.name, c.title, c.unit, _names(c.parts, axes), c.since_start) for c in said.compared
        ],
        compared_years=said.compared_years,
        monthly_paths=said.monthly_paths,
        axes={axis.name: axis.labels for axis in axes.by_name.values()},
    )


def _limit(entry: LimitEntry, axes: Axes) -> Limit:
    parts, over = _names(entry.parts, axes), _names(entry.over, axes)
    return Limit(entry.name, parts, entry.low, entry.high, entry.unit, entry.why, entry.span, over)


def _names(patterns: Sequence[str], axes: Axes) -> tuple[str, ...]:
    """Return names, one a label of the axes in a pattern."""
    return tuple(name for pattern in patterns for name in axes.expand(pattern).names)


def read_indicators(file: Path, axes: Axes) -> tuple[Indicator, ...]:
    """Read the indicators of an economy; none where there is no table of them.

    Raises
    ------
    UserError
        Naming file, line and what is wrong.
    """
    if not file.is_file():
        return ()
    found = []
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines, skipinitialspace=True)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        unknown = [c for c in reader.fieldnames if c not in _COLUMNS]
        if unknown:
            raise UserError(f"{file}:1: no column is called '{unknown[0]}'; allowed: {', '.join(_COLUMNS)}")
        for cells in reader:
            row: dict[str, Any] = {key: (value or "").strip() for key, value in cells.items() if key}
            place = f"{file}:{reader.line_num}: {row.get('name', '')}"
            if row["measure"] not in get_args(Measure):
                allowed = ", ".join(get_args(Measure))
                raise UserError(f"{place}: measure '{row['measure']}'; allowed: {allowed}")
            try:
                parts, over, less = (_names(row[c].split(), axes) for c in ("parts", "over", "less"))
            except DeclarationError as error:
                raise UserError(f"{place}: {error}") from None
            month = int(row["first_month"] or 1)
            found.append(
                Indicator(
                    row["name"], row["title"], row["unit"], row["measure"], parts, over, less, month,
                    row["theme"], row["given"],
                )
            )  # fmt: skip
    return tuple(found)
