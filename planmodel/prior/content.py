"""What is told of the prior: tables and sentences for the screen, for a page and for a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from planmodel.calibration.priors import priors_of, sources_of
from planmodel.calibration.unknowns import standing
from planmodel.prior import tables
from planmodel.prior.drawing import Histories
from planmodel.prior.tables import FACTOR
from planmodel.provenance import provenance
from planmodel.show.content import Block, Column, Columns, Note, Result, Table, Text, table
from planmodel.show.numbers import fixed, percent, short, signed_percent, words

WRITER = "planmodel prior"
WANTED = 0.02  # share of the draws that may leave the limits of the economy
_INSIDE = 0.5  # share of a series' figures inside the band below which it is named
_one = partial(fixed, places=2)
_SERIES: Columns = {
    "theme": "theme",
    "series": "series",
    "figures": "figures",
    "inside": Column("inside", percent),
    "growth_recorded": Column("record", _one),
    "growth": Column("prior", _one),
    "over": Column("prior / record", _one),
    "slowest": Column("slowest year", signed_percent, wide=True),
    "fastest": Column("fastest year", signed_percent, wide=True),
}
_FIGURES: Columns = {
    "series": "series",
    "date": "date",
    "recorded": Column("record", short),
    "low": Column("5 %", short),
    "median": Column("median", short),
    "high": Column("95 %", short),
    "inside": "inside",
}
_FACTS: Columns = {"fact": "fact", "share": Column("share", percent), "statement": "statement"}
_UNKNOWNS: Columns = {
    "unknown": "unknown",
    "form": "form",
    "p05": Column("5 %", short),
    "p50": Column("50 %", short),
    "p95": Column("95 %", short),
    "unit": "unit",
    "source": "source",
}
ABOUT_SERIES = (
    "Inside: share of the figures within the 90 % band of the prior. Record, prior: growth from the first "
    "figure to the last that can be compared with it, times; of the prior the median. Slowest and fastest "
    "year: lowest and highest median growth of a year."
)


def result_of(found: Histories, about: dict[str, Any]) -> Result:
    """Return tables, sentences and manifest; ``about`` is what was asked for."""
    scenario = found.subject.scenario
    frames = {
        "series": tables.series(found), "points": tables.points(found), "years": tables.years(found),
        "facts": tables.facts(found), "claims": tables.claims(found), "limits": tables.limits(found),
        "unknowns": unknowns(found), "draws": draws(found),
    }  # fmt: skip
    manifest = {**about, **provenance(scenario.declared, data=scenario.data_hashes), **shares(found)}
    manifest |= {"scenario_sha256": scenario.digest(), "command": ["planmodel", *sys.argv[1:]]}
    return Result("The prior", tuple(blocks(found)), frames, manifest=manifest)


def shares(found: Histories) -> dict[str, Any]:
    """Return how many draws were tried and kept, and how many leave limits, as plain numbers."""
    return {
        "tried": found.tried,
        "kept": found.kept,
        "broken": found.broken,
        "lost": dict(found.lost),
        "outside_limits": found.outside,
        "outside_limits_of_tried": found.outside_tried,
    }


def unknowns(found: Histories) -> pd.DataFrame:
    """Return the unknowns and their priors, with who says so and where the scenario stands."""
    subject = found.subject
    economy = subject.scenario.declared
    declared, said = priors_of(economy), sources_of(economy)
    rows = []
    for key in subject.cube.keys:
        unit, meaning = key.described(economy)
        row, form = key.dotted.removesuffix(".value"), "uniform"
        if key.density is not None:
            form, source = str(declared[row].form), said[row]
            quantiles = declared[row].quantiles
        elif key.sd is not None and key.mean is not None:
            reach = 1.645 * key.sd
            form, quantiles = "normal", (key.mean - reach, key.mean, key.mean + reach)
            source = "ours: around the reading of the scenario" if key.of_the_model else "ours: of the record"
        else:
            reach = 0.05 * (key.high - key.low)
            middle = (key.low + key.high) / 2.0
            quantiles, source = (key.low + reach, middle, key.high - reach), "bounds of the table"
        now = standing(subject.scenario, key) if key.of_the_model else np.nan
        rows.append((key.dotted, form, *quantiles, now, unit, meaning, source))
    columns = ["unknown", "form", "p05", "p50", "p95", "scenario", "unit", "meaning", "source"]
    return pd.DataFrame(rows, columns=columns)


def draws(found: Histories) -> pd.DataFrame:
    """Return the draws in natural units, one row each."""
    cube = found.subject.cube
    return pd.DataFrame(cube.natural(found.unit), columns=[key.dotted for key in cube.keys])


def blocks(found: Histories) -> Iterator[Block]:
    """Yield what is told: who is left out, series beside the record, facts."""
    series = tables.series(found)
    yield from (Text(sentence) for sentence in sentences(found, series))
    yield table_of_series(series)
    yield Text(ABOUT_SERIES, quiet=True)
    yield table_of_facts(found)
    if found.outside > WANTED:
        yield Note(f"More than {percent(WANTED)} of the draws leave the limits of the economy.")
    strange = tables.unlike(series)
    if strange:
        yield Note(f"Median growth is not within a factor of {FACTOR:g} of the record: {_named(strange)}.")


def sentences(found: Histories, series: pd.DataFrame) -> Iterator[str]:
    """Yield in words how many draws are none, leave limits, and hold the record."""
    yield (
        f"{len(found.unit):,} draws of {len(found.subject.cube.keys)} unknowns; nothing is fitted. Of "
        f"{found.tried:,} draws of all densities by themselves {percent(found.kept / found.tried)} are draws "
        "of the prior."
    )
    gone = [f"{words(name)} {percent(number / found.tried, 1)}" for name, number in found.lost.items()]
    if gone:
        yield f"No draw of the prior, for they leave what is called plausible: {', '.join(gone)}."
    if found.broken:
        yield f"{found.broken} have no history, since their books do not close."
    yield (
        f"Outside the limits of the economy: {percent(found.outside, 1)} of the draws "
        f"({percent(found.outside_tried, 1)} without the conditions; wanted: below {percent(WANTED)})."
    )
    inside = float(np.average(series["inside"], weights=series["figures"]))
    low = series.loc[series["inside"] < _INSIDE, "series"].tolist()
    yield (
        f"Of {int(series['figures'].sum())} figures of {len(series)} core series {percent(inside)} lie "
        f"within the 90 % band; fewer than half do of {_named(low) or 'none'}."
    )
    compared = series[series["like"].notna()]
    yield (
        f"Median growth is within a factor of {FACTOR:g} of the record in {int(compared['like'].sum())} of "
        f"{len(compared)} series that have growth to compare."
    )


def table_of_series(series: pd.DataFrame) -> Table:
    """Return the core series beside the prior."""
    return table(series, _SERIES, "Core series under the prior")


def table_of_figures(points: pd.DataFrame) -> Table:
    """Return the figures of the core beside the prior."""
    shown = points.assign(inside=points["inside"].map({True: "", False: "no"}))
    return table(shown, _FIGURES, "Figures of the core beside the prior")


def table_of_facts(found: Histories) -> Table:
    """Return the share of the draws in which each fact holds."""
    return table(tables.facts(found), _FACTS, "Share of the draws in which each fact holds")


def table_of_unknowns(found: Histories) -> Table:
    """Return the unknowns and their priors."""
    return table(unknowns(found), _UNKNOWNS, "The unknowns")


def _named(names: list[str]) -> str:
    return ", ".join(map(words, names))
