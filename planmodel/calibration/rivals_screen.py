"""What rivals and their forecasts show: tables, and sentences that say them, for screen and page alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from planmodel.calibration.facts import NUMBER
from planmodel.calibration.foretelling import WINDOW
from planmodel.calibration.rivals import Row
from planmodel.calibration.rivals_folder import long_table, short_table
from planmodel.calibration.screen import TRIAL
from planmodel.show.content import Block, Column, Columns, Note, Text, table
from planmodel.show.numbers import fixed, percent, signed_percent, words

_HALF = 0.5  # share of the draws below which a fact is said not to hold, or not to be foretold
_APART = 10.0  # log evidence: below it two forms are said to do alike

ABOUT_RIVALS = (
    "Evidence: logarithm of the mean likelihood over the whole prior; lowest: misfit of the best draw. Best, "
    "mean, centre: how many facts the best draw, the mean of all draws and the mean of the good ones hold. "
    f"All: share of draws that hold every fact; 5 %, 10 %: the same of {NUMBER} draws within so much of the "
    "width of the priors around the centre."
)
BETWEEN_SEEDS = (
    "Between seeds the evidence of one form differs by several units, more with few particles: a lead of "
    f"less than {_APART:.0f} says nothing."
)
_RIVALS: Columns = {
    "rival": "rival",
    "log_evidence": Column("evidence", lambda v: fixed(v, 1)),
    "lowest_misfit": Column("lowest", lambda v: fixed(v, 1)),
    "best_holds": "best",
    "mean_holds": "mean",
    "centre_holds": "centre",
    "all_facts": Column("all", percent),
    "all_facts_near_5": Column("5 %", percent),
    "all_facts_near_10": Column("10 %", percent),
}
_GROWTH: Columns = {
    "indicator": "growth of",
    "year": Column("year", lambda v: fixed(v, 0)),
    "low": Column("5 %", signed_percent),
    "median": Column("median", signed_percent),
    "high": Column("95 %", signed_percent),
    "lowest": Column("lowest", percent),
}


def tables_of_rivals(rows: Sequence[Row]) -> Mapping[str, pd.DataFrame]:
    """Return one row a rival, and one a rival and fact."""
    return {"rivals": short_table(rows), "facts": long_table(rows, "by_fact")}


def tables_of_forecasts(rows: Sequence[Row]) -> Mapping[str, pd.DataFrame]:
    """Return one row a rival, and one a rival and later fact, year of facts, year of growth."""
    return {
        "forecast": short_table(rows),
        "forecast_facts": long_table(rows, "by_fact"),
        "forecast_years": long_table(rows, "by_year"),
        "forecast_growth": long_table(rows, "growth"),
    }


def by_evidence(rows: Sequence[Row], name: str = "log_evidence") -> list[Row]:
    """Return rows ordered by a logarithm of likelihoods, the best first."""
    return sorted(rows, key=lambda row: -float(row[name]))


def blocks_of_rivals(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield the rivals by evidence, how to read them, and which facts each does not hold."""
    ordered = by_evidence(rows)
    of = f"of {ordered[0]['facts']} facts" if ordered else ""
    yield table(short_table(ordered), _RIVALS, f"Rivals by log evidence; facts held, {of}")
    yield Text(ABOUT_RIVALS, quiet=True)
    yield Note(BETWEEN_SEEDS)
    for row in ordered:
        yield Text(f"{row['rival']}: {sentence_of_rival(row, ordered[0])}")
    yield from _doubts(rows)


def sentence_of_rival(row: Row, first: Row) -> str:
    """Say what a rival loses to the first, and which facts it does not hold."""
    lead = first["log_evidence"] - row["log_evidence"]
    if row is first:
        said = "has the highest evidence"
    elif lead < _APART:
        said = f"is {fixed(lead, 1)} below {first['rival']}, which says nothing"
    else:
        said = f"loses {fixed(lead, 1)} to {first['rival']}"
    missed = [f"{words(f['fact'])} ({percent(f['draws'])})" for f in row["by_fact"] if f["draws"] < _HALF]
    held = "every fact holds in at least half of its draws"
    return f"{said}; {'in fewer than half of its draws hold: ' + ', '.join(missed) if missed else held}."


def blocks_of_forecasts(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield who foretells best, how each fact fares, and the growth that the first of the file foretells."""
    ordered = by_evidence(rows, "log_foretold")
    until = rows[0]["until"]
    yield table(
        _summary(ordered), _summary_columns(ordered), f"Fitted to figures up to {until}: what comes after"
    )
    yield Text(
        "Foretold: logarithm of the mean likelihood of the later figures. Years: share of draws that hold "
        "all facts of that year.", quiet=True
    )  # fmt: skip
    for row in ordered:
        yield Text(f"{row['rival']}: {sentence_of_forecast(row)}")
    yield table(long_table(rows[:1], "growth"), _GROWTH, f"Growth that {rows[0]['rival']} foretells")
    yield Text(
        f"Lowest: share of draws in which growth is lowest in this year, of {until} to {until + WINDOW - 1}.",
        quiet=True,
    )
    yield Note(BETWEEN_SEEDS)
    yield from _doubts(rows)


def sentence_of_forecast(row: Row) -> str:
    """Say plainly what a rival does not foretell."""
    missed = [f"{words(f['fact'])} ({percent(f['inside'])})" for f in row["by_fact"] if f["inside"] < _HALF]
    if not row["by_fact"]:
        return "no fact comes later."
    if not missed:
        return "each later fact holds in at least half of the draws."
    kept = len(row["by_fact"]) - len(missed)
    return f"not foretold, in fewer than half of the draws: {', '.join(missed)}; foretold: {kept} others."


def _summary(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame([
        {"rival": row["rival"], "log_foretold": row["log_foretold"],
         **{str(year["year"]): year["hold"] for year in row["by_year"]}}
        for row in rows
    ])  # fmt: skip


def _summary_columns(rows: Sequence[Row]) -> Columns:
    years = {str(year["year"]): Column(str(year["year"]), percent) for year in rows[0]["by_year"]}
    return {"rival": "rival", "log_foretold": Column("foretold", lambda v: fixed(v, 1)), **years}


def _doubts(rows: Sequence[Row]) -> Iterator[Block]:
    if any(row["trial"] for row in rows):
        yield Note(TRIAL)
    broken = [row["rival"] for row in rows if not row["whole"]]
    if broken:
        yield Note(f"Broken off before the whole likelihood was reached: {', '.join(broken)}.")
