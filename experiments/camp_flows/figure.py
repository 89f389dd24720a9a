"""Inmates of camps on 1 January, and each year's arrivals and departures, model beside archives."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.engine import Array
from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Quantity, Record, Results
from planmodel.experiments.tables import compare_series, join, model_path
from planmodel.scenario import registry
from planmodel.scenario.indicators import Indicator

# In the order of the account: what comes in, then what goes out. The record's name, the model's, the title.
FLOWS = (
    ("camp_arrivals_from_outside", "camp_arrivals_from_outside", "Arrivals from outside"),
    ("camp_recaptured", "camp_recaptured", "Caught again"),
    ("camp_released", "camp_released", "Released"),
    ("camp_escapes", "camp_escapes", "Escaped"),
    ("camp_departures_to_outside", "camps_elsewhere", "Taken elsewhere"),
    ("camp_deaths", "camp_deaths", "Died"),
)
INTO = 2
PEOPLE, BEYOND = "million persons", "1941"
ALONE, GAP = "Not in the model", "account_gap"
# What the archives count and the model has not: these move people between camps or are of unknown kind.
WITHOUT_COUNTERPART = (
    ("camp_arrivals_from_other_camps", "Arrived from other camps"),
    ("camp_departures_to_other_camps", "Left for other camps"),
    ("camp_arrivals_other", "Other arrivals"),
    ("camp_departures_other", "Other departures"),
)

INMATES = Indicator("inmates", "Inmates, mean of the year", PEOPLE, "average", ("people_camp_inmates",))


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    stocks = {
        "camp_inmates": "Camps on 1 January",
        "colony_inmates": "Colonies on 1 January",
        "special_settlers": "Special settlers on 1 January",
    }
    flows = {name: (title, _flow(name, own, title)) for name, own, title in FLOWS}
    return join(
        *(_archives(model, record, name, title, name) for name, title in stocks.items()),
        *(_archives(model, record, name, title, answer) for name, (title, answer) in flows.items()),
        _archives(model, record, "camp_death_rate", "Deaths over inmates", _death_rate),
        _archives(
            model, record, "camp_and_colony_deaths", "Died, camps and colonies", "camp_and_colony_deaths"
        ),
        *(
            compare_series(None, record, name, "archival", title=title, panel=ALONE, everywhere=True)
            for name, title in WITHOUT_COUNTERPART
        ),
        model_path(
            model, _gap, name=GAP, title="Account of the model: does not close", unit=PEOPLE, dates=YEARS
        ),
    )


def _flow(name: str, own: str, title: str) -> Indicator:
    indicators = registry.economy().indicators
    parts = indicators[own].parts if own in indicators else (own,)
    return Indicator(name, title, PEOPLE, "flow", parts)


def _archives(model: Results, record: Record, name: str, title: str, answer: Quantity) -> pd.DataFrame:
    """Return path and points; those of the enlarged territory of 1940 are shown and not counted."""
    unit = record.unit(name)
    points = compare_series(model, record, name, "archival", model=answer, title=title)
    everywhere = compare_series(
        model,
        record,
        name,
        "archival",
        model=answer,
        title=title,
        everywhere=True,
        counted="enlarged territory",
    )
    later = everywhere[~everywhere["dates"].isin(points["dates"]) & (everywhere["dates"] != BEYOND)]
    return join(model_path(model, answer, name=name, title=title, unit=unit), points, later)


def _death_rate(model: Results, year: str) -> Array | None:
    deaths, inmates = model.observe("camp_deaths", year), model.observe(INMATES, year)
    return None if deaths is None or inmates is None else deaths / inmates


def _gap(model: Results, year: str) -> Array | None:
    """Return inmates on 1 January and arrivals, less departures and inmates on the next 1 January."""
    first, last = (model.observe("camp_inmates", f"{int(year) + more}-01-01") for more in (0, 1))
    if first is None or last is None:
        return None
    left = first - last
    for i, (_, own, _) in enumerate(FLOWS):
        moved = model.need(own, year)
        left = left + moved if i < INTO else left - moved
    return left


def draw(table: pd.DataFrame) -> Figure:
    shown = table[table["quantity"] != GAP]
    return draw_panels(shown, "Camps of the NKVD: stocks and flows", columns=3, height=2.6)
