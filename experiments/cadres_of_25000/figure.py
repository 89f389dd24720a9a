"""The 25,000ers: with them, without them, and with many times as many."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.results import Record, Results
from planmodel.experiments.variants import Plot, Row, draw_variants, tabulate_variants

BOOK = ("collectivised_share", "book")
DAYS = (
    "1930-01-01", "1930-01-20", "1930-02-20", "1930-03-01", "1930-03-10", "1930-04-01", "1930-05-01",
    "1930-06-01", "1930-10-01", "1931-01-01", "1931-07-01",
)  # fmt: skip
PLOTS = (
    Plot("Households in kolkhozes", "share_in_kolkhozes", BOOK),
    Plot("Pressure on individual households", "pressure"),
    Plot("Discontent", "discontent"),
    Plot("Say of the centre's workers in the tempo", "control"),
)
ROWS = (
    *(Row("share in kolkhozes", "share_in_kolkhozes", day, record=BOOK) for day in DAYS),
    Row("workers in the villages, thousand", "cadres_in_villages", "1930-02-28", said="25 called"),
    Row("rural party members for each", "officials", "1930-02-28", "cadres_in_villages", said="outnumbered"),
    Row("say of the centre's workers", "control", "1930-02-28"),
    Row("discontent", "discontent", "1930-02-28"),
    Row("households that joined, million", "households_joined", "1929-10-01..1930-07-31"),
    Row("households that left again, million", "households_left", "1930"),
    Row("drives called off by July 1930", "truces", "1930-07-31", said="1"),
)


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    return tabulate_variants(results, record, ROWS, PLOTS)


def draw(table: pd.DataFrame) -> Figure:
    return draw_variants(table, "The 25,000ers and the tempo of collectivisation, 1929-31")
