"""Fulfilment of plans, in levels and in increments."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dots import draw_dot_panels
from planmodel.experiments.results import Quantity, Record, Results
from planmodel.experiments.tables import (
    compare_series,
    join,
)

LEVELS = {"first_plan": "1932", "second_plan": "1937"}
INCREMENTS = {"first_plan": ("1928", "1932"), "third_plan": ("1937", "1940")}
PRODUCTS = ("coal", "electricity", "steel", "cotton_cloth", "sugar")
ALONE = ("pig_iron", "sheet_metal", "woollen_cloth", "paper", "oil", "footwear", "tractors", "coke")
PLANS = {
    "first_plan": "First Plan, 1932", "second_plan": "Second Plan, 1937", "third_plan": "Third Plan, to 1940",
    "revision_1930": "First Plan as revised in 1930, to 1932",
    "annual_plan_1936": "Yearly plan of 1936", "annual_plan_1937": "Yearly plan of 1937",
}  # fmt: skip
ADDED = ": share of the increment"


def against_target(record: Record, product: str, version: str) -> Quantity:
    """Output of the model over the target that official output and documented fulfilment imply."""
    year = LEVELS[version]
    target = record.value(product, "official", year) / record.value(
        f"plan_fulfilment_{product}", version, year
    )
    return lambda results, _: results.need(product, year) / target


def against_increment(record: Record, product: str, version: str) -> Quantity:
    """What the model adds over the increment that was planned, taken from the record in the same way."""
    first, last = INCREMENTS[version]
    added = record.value(product, "official", last) - record.value(product, "official", first)
    planned = added / record.value(f"plan_increment_fulfilment_{product}", version, last)
    return lambda results, _: (results.need(product, last) - results.need(product, first)) / planned


def of_yearly_plan(product: str) -> Quantity:
    """Output over the model's own plan of the year as it stood at last: judged on its last day."""
    return lambda results, dates: results.need(f"fulfilment_{product}", f"{int(dates) + 1}-01-01")


def industry(record: Record) -> Quantity:
    """Output of industry in 1932 over that planned in 1928."""
    planned = 1.0 + record.value("industrial_output_change_over_period", "conference_1929", "1928..1932")
    return lambda results, dates: (
        results.need("industrial_output", dates) / planned if dates == "1932" else None
    )


def industry_added(record: Record) -> Quantity:
    planned = record.value("industrial_output_change_over_period", "conference_1929", "1928..1932")
    return lambda results, dates: (results.need("industrial_output", dates) - 1.0) / planned


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    held = set(record.names())
    tables = []
    for version, panel in PLANS.items():
        if version == "first_plan":
            whole = {"model": industry(record), "title": "Industry", "panel": panel, "dates": ["1932"]}
            tables.append(compare_series(model, record, "plan_fulfilment_industry", **whole))
        for product in (*PRODUCTS, *ALONE):
            name, title = f"plan_fulfilment_{product}", product.replace("_", " ").capitalize()
            if name not in held or version not in record.versions(name):
                continue
            quantity = None
            if product in PRODUCTS:
                yearly = version not in LEVELS
                quantity = of_yearly_plan(product) if yearly else against_target(record, product, version)
            more = {"model": quantity, "title": title, "panel": panel}
            tables.append(compare_series(model if quantity else None, record, name, version, **more))
        if version == "first_plan":
            more = {"model": industry_added(record), "title": "Industry", "panel": panel + ADDED}
            tables.append(
                compare_series(model, record, "plan_increment_fulfilment_industry", version, **more)
            )
        for product in (*PRODUCTS, *ALONE):
            name, title = f"plan_increment_fulfilment_{product}", product.replace("_", " ").capitalize()
            if name not in held or version not in record.versions(name):
                continue
            known = product in PRODUCTS and version in INCREMENTS
            quantity = against_increment(record, product, version) if known else None
            more = {"model": quantity, "title": title, "panel": panel + ADDED}
            tables.append(compare_series(model if quantity else None, record, name, version, **more))
    return join(*tables)


def draw(table: pd.DataFrame) -> Figure:
    return draw_dot_panels(table, "Fulfilment of the three plans, with increments")
