"""Magnitogorsk: the door with and without passports, the dam with and without haste."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.results import Record, Results
from planmodel.experiments.variants import Plot, Row, draw_variants, tabulate_variants

DOOR = ("as decreed", "no passports", "no winter building")
PLOTS = (
    Plot("Workers on the site", "workers", only=DOOR),
    Plot("Departures in the month", "departures", only=DOOR),
    Plot("Mean stay of free workers", "mean_stay", only=DOOR),
    Plot("Hardship: what is missing of food and shelter", "hardship", only=DOOR),
    Plot("Skilled workers", "skill_workers", only=DOOR),
    Plot("A dam holds enough water", "dam_works", only=("as decreed", "no haste")),
)
ROWS = (
    Row("arrivals, mobilised", "arrivals_mobilised", "1930..1933"),
    Row("arrivals, organised recruitment", "arrivals_recruited", "1930..1933"),
    Row("arrivals of themselves (samotek)", "arrivals_samotek", "1930..1933"),
    Row("arrivals, foreigners", "arrivals_foreign", "1930..1933"),
    Row("arrivals, special settlers", "arrivals_settlers", "1930..1933"),
    Row("left so far over workers there", "left_so_far", "1934-01-01", "workers", said="a revolving door"),
    Row("newcomers gone within a month", "gone_in_first_month", "1930..1932", said="many"),
    Row("mean stay, months", "mean_stay", "1930..1932", said="1 to a few months"),
    Row("mean stay, months", "mean_stay", "1933"),
    Row("mean stay, months", "mean_stay", "1935", said="industry at large: nearly 14"),
    Row("skilled workers, thousand", "skill_workers", "1935-12-31"),
    Row("unfree in the workforce", "penal_share", "1934..1935", at="1934..1936",
        record=("magnitogorsk_penal_share", "scott"), said="about"),
    Row("people on the site, thousand", "population_of_site", "1935-12-31", said="150 or more by 1939"),
    Row("first dam: months ahead of its day", "months_ahead", "1935-12-31", said="ahead"),
    Row("a second dam begun", "second_dam_begun", "1935-12-31", said="at once"),
)  # fmt: skip


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    return tabulate_variants(results, record, ROWS, PLOTS)


def draw(table: pd.DataFrame) -> Figure:
    return draw_variants(table, "Magnitogorsk, 1929-35")
