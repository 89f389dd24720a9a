"""What rivals and their forecasts show: tables, and sentences that say them, for screen and page alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import pandas as pd

from planmodel.calibration.facts import NUMBER
from planmodel.calibration.foretelling import WINDOW
from planmodel.calibration.rivals import Row
from planmodel.calibration.rivals_folder import long_table, short_table
from planmodel.calibration.screen import TRIAL
from planmodel.show.content import Block, Column, Columns, Note, Table, Text, table
from planmodel.show.numbers import fixed, percent, signed_percent, whole, words

_HALF = 0.5  # share of the draws below which a fact is said not to hold, or not to be foretold
# Log evidence: below it two forms are said to do alike. One form had -98 in a trial of 60 draws, and -122 in
# one of 40.
_APART, _APART_IN_TRIALS = 10.0, 30.0

ABOUT_RIVALS = (
    "Evidence: logarithm of the mean likelihood over the whole prior; lowest: misfit of the best draw. Best, "
    "mean, good: how many facts the best draw, the mean of all draws and the mean of the good ones hold. "
    f"All: share of draws that hold every fact; 5 %, 10 %: the same of {NUMBER} draws within so much of the "
    "width of the priors around the mean of the good."
)
ABOUT_FORECASTS = (
    "Foretold: logarithm of the mean likelihood of the later figures. Years: share of draws that hold all "
    "facts of that year."
)
_one = partial(fixed, places=1)
_RIVALS: Columns = {
    "rival": "rival",
    "log_evidence": Column("evidence", _one),
    "lowest_misfit": Column("lowest", _one),
    "best_holds": "best",
    "mean_holds": "mean",
    "centre_holds": "good",
    "all_facts": Column("all", percent),
    "all_facts_near_5": Column("5 %", percent),
    "all_facts_near_10": Column("10 %", percent),
}
_GROWTH: Columns = {
    "indicator": "growth of",
    "year": Column("year", whole),
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


def between_seeds(rows: Sequence[Row]) -> str:
    """Say how far evidence can be believed."""
    return (
        "Between seeds the evidence of one form differs by several units, and by tens with few draws: a lead "
        f"of less than {_apart(rows):.0f} says nothing here."
    )


def _apart(rows: Sequence[Row]) -> float:
    return _APART_IN_TRIALS if any(row["trial"] for row in rows) else _APART


def by_evidence(rows: Sequence[Row], name: str = "log_evidence") -> list[Row]:
    """Return rows ordered by a logarithm of likelihoods, the best first."""
    return sorted(rows, key=lambda row: -float(row[name]))


def blocks_of_rivals(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield the rivals by evidence, how to read them, and which facts each does not hold."""
    ordered = by_evidence(rows)
    yield table_of_rivals(ordered)
    yield Text(ABOUT_RIVALS, quiet=True)
    yield Note(between_seeds(rows))
    for row in ordered:
        yield Text(f"{row['rival']}: {sentence_of_rival(row, ordered[0])}")
    yield from _doubts(rows)


def sentence_of_rival(row: Row, first: Row) -> str:
    """Say what a rival loses to the first, and which facts it does not hold."""
    lead = first["log_evidence"] - row["log_evidence"]
    if row is first:
        said = "has the highest evidence"
    elif lead < _apart([row, first]):
        said = f"is {fixed(lead, 1)} below {first['rival']}, which says nothing"
    else:
        said = f"loses {fixed(lead, 1)} to {first['rival']}"
    missed = [f"{words(f['fact'])} ({percent(f['draws'])})" for f in row["by_fact"] if f["draws"] < _HALF]
    held = "every fact holds in at least half of its draws"
    return f"{said}; {'in fewer than half of its draws hold: ' + ', '.join(missed) if missed else held}."


def blocks_of_forecasts(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield who foretells best, how each fact fares, and the growth that the first of the file foretells."""
    ordered = by_evidence(rows, "log_foretold")
    yield table_of_forecasts(ordered)
    yield Text(ABOUT_FORECASTS, quiet=True)
    for row in ordered:
        yield Text(f"{row['rival']}: {sentence_of_forecast(row)}")
    if rows[0]["growth"]:
        yield table_of_troughs(ordered)
        yield table_of_growth(rows[0])
        until = rows[0]["until"]
        yield Text(f"Lowest: share of draws, of the years {until} to {until + WINDOW - 1}.", quiet=True)
    yield Note(between_seeds(rows))
    yield from _doubts(rows)


def sentence_of_forecast(row: Row) -> str:
    """Say plainly what a rival does not foretell."""
    missed = [f"{words(f['fact'])} ({percent(f['inside'])})" for f in row["by_fact"] if f["inside"] < _HALF]
    if not row["by_fact"]:
        return "no fact comes later."
    if not missed:
        return "each later fact holds in at least half of the draws."
    kept = len(row["by_fact"]) - len(missed)
    said = "1 other is" if kept == 1 else f"{kept or 'no'} others are"
    return f"not foretold (in fewer than half of the draws): {', '.join(missed)}; {said}."


def table_of_troughs(rows: Sequence[Row]) -> Table:
    """Return in which year the growth of the first of what facts name is lowest, by share of draws."""
    growth = long_table(rows, "growth").dropna(subset="lowest")
    name = str(growth["indicator"].iloc[0])
    wide = growth[growth["indicator"] == name].pivot(index="rival", columns="year", values="lowest")
    wide = wide.loc[[row["rival"] for row in rows]].rename(columns=str).reset_index()
    years = {str(year): Column(str(year), percent) for year in wide.columns[1:]}
    columns: Columns = {"rival": "rival", **years}
    caption = f"Year of the lowest growth of {words(name)}, share of draws"
    return table(wide, columns, caption)


def table_of_forecasts(rows: Sequence[Row]) -> Table:
    """Return how likely the later figures were, and in which share of draws the facts of a year hold."""
    frame = pd.DataFrame([
        {"rival": row["rival"], "log_foretold": row["log_foretold"],
         **{str(year["year"]): year["hold"] for year in row["by_year"]}}
        for row in rows
    ])  # fmt: skip
    years = {str(year["year"]): Column(str(year["year"]), percent) for year in rows[0]["by_year"]}
    columns: Columns = {"rival": "rival", "log_foretold": Column("foretold", _one), **years}
    return table(frame, columns, f"Fitted to figures up to {rows[0]['until']}: what comes after")


def table_of_rivals(rows: Sequence[Row]) -> Table:
    """Return how rivals fit, and how many facts they hold."""
    return table(short_table(rows), _RIVALS, f"Rivals by log evidence; facts held, of {rows[0]['facts']}")


def table_of_growth(row: Row) -> Table:
    """Return the growth that a rival foretells."""
    return table(long_table([row], "growth"), _GROWTH, f"Growth that {row['rival']} foretells")


def _doubts(rows: Sequence[Row]) -> Iterator[Block]:
    if any(row["trial"] for row in rows):
        yield Note(TRIAL)
    broken = [row["rival"] for row in rows if not row["whole"]]
    if broken:
        yield Note(f"Broken off before the whole likelihood was reached: {', '.join(broken)}.")
