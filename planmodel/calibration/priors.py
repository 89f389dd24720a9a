"""The priors that an economy declares: ``priors.csv`` in its folder, a density a row, with its source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from planmodel.calibration.densities import FORMS, Density
from planmodel.engine import UserError
from planmodel.scenario.economy import Economy
from planmodel.scenario.folder import PRIORS
from planmodel.scenario.names import hint

_COLUMNS = ("key", "form", "p05", "p50", "p95", "source")
OPENING = "initial."


@cache
def priors_of(economy: Economy) -> Mapping[str, Density]:
    """Return the declared priors of an economy, by ``component.name`` or ``initial.commodity.account``.

    Raises
    ------
    UserError
        Naming file, line, key, value and what is allowed.
    """
    file = economy.folder / PRIORS
    if not file.is_file():
        return {}
    limits, found = _limits(economy), dict[str, Density]()
    for place, row in _rows(file):
        key = row["key"]
        if key in found:
            raise UserError(f"{place}: '{key}' stands twice; allowed: one row a key")
        if key not in limits:
            raise UserError(f"{place}: no parameter or opening stock is called '{key}'{hint(key, limits)}")
        if not row["source"]:
            raise UserError(f"{place}: source: is empty; allowed: who says so, or 'ours' and why")
        found[key] = _density(place, row, *limits[key])
    return found


def sources_of(economy: Economy) -> dict[str, str]:
    """Return who says each prior, by the same keys."""
    file = economy.folder / PRIORS
    return {row["key"]: row["source"] for _, row in _rows(file)} if file.is_file() else {}


def _rows(file: Path) -> list[tuple[str, dict[str, str]]]:
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines, skipinitialspace=True)
        head = [cell.strip() for cell in next(reader, [])]
        if tuple(head) != _COLUMNS:
            raise UserError(f"{file}:1: columns are {', '.join(head)}; allowed: {', '.join(_COLUMNS)}")
        rows = []
        for cells in reader:
            place = f"{file}:{reader.line_num}"
            if len(cells) != len(head):
                raise UserError(f"{place}: {len(cells)} cells; allowed: {len(head)}")
            rows.append((place, {c: v.strip() for c, v in zip(head, cells, strict=True)}))
        return rows


def _limits(economy: Economy) -> dict[str, tuple[float, float]]:
    """Return the hard limits of all that may have a prior."""
    found = {
        f"{component}.{name}": declared.bounds
        for component, group in economy.parameters().items()
        for name, declared in group.items()
    }
    stocks = economy.stocks().items()
    return found | {f"{OPENING}{c}.{account}": (0.0, float("inf")) for c, held in stocks for account in held}


def _density(place: str, row: Mapping[str, str], low: float, high: float) -> Density:
    """Read a row and hold it to its form and to the hard limits."""
    form = row["form"]
    if form not in FORMS:
        raise UserError(f"{place}: form: '{form}'{hint(form, FORMS)}; allowed: {', '.join(FORMS)}")
    said = [_number(place, name, row[name]) for name in ("p05", "p50", "p95")]
    first, middle, last = said
    if not first < middle < last:
        raise UserError(f"{place}: p05, p50, p95: {', '.join(map(str, said))}; allowed: each above the last")
    if not low <= first or not last <= high:
        raise UserError(f"{place}: p05, p95: {first:g}, {last:g} are out of bounds; "
                        f"allowed: {low:g} to {high:g}")  # fmt: skip
    if form in ("lognormal", "gamma") and first <= 0.0:
        raise UserError(f"{place}: p05: {first:g}; allowed: above 0 where the form is {form}")
    if form == "beta" and high == float("inf"):
        raise UserError(f"{place}: form: beta needs two limits; allowed: normal, lognormal, gamma")
    density = Density(form, (first, middle, last), low, high)
    if not density.sound:
        width = last - first
        can = ", ".join(f"{q + miss * width:.4g}" for q, miss in zip(said, density.misses, strict=True))
        raise UserError(f"{place}: p05, p50, p95: no {form} density between {low:g} and {high:g} has them; "
                        f"the nearest has {can}")  # fmt: skip
    return density


def _number(place: str, name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UserError(f"{place}: {name}: '{text}'; allowed: a number") from None
