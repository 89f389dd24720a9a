"""The plan document of a year as tables for a screen, and as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd
import xarray as xr

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.report.plan_document import CONTROL, QUARTERS, plans, published
from planmodel.scenario.economy import Economy
from planmodel.show.content import Block, Column, Text, table
from planmodel.show.numbers import NONE, number, percent, short, words

_HEADS = {
    CONTROL: "control",
    "first_quarter": "1st quarter",
    "second_quarter": "2nd",
    "third_quarter": "3rd",
    "fourth_quarter": "4th",
}


def plan_blocks(
    dataset: xr.Dataset,
    economy: Economy,
    year: int,
    member: int = 0,
    quarters: bool = False,
    record: Record = BUILT_IN,
) -> list[Block]:
    """Return the plan document of a year beside the plans that the record has of it."""
    found = plans(dataset, economy, year, member)
    stood = (CONTROL, *QUARTERS) if quarters else (CONTROL, QUARTERS[-1])
    heads = _HEADS if quarters else {**_HEADS, QUARTERS[-1]: "at last"}
    found["line"] = found["title"] + ", " + found["unit"]
    columns = {"line": Column("")}
    columns |= {name: Column(heads[name], number, right=True) for name in stood}
    columns |= {
        "outcome": Column("outcome", number, right=True),
        "of_control": Column("of control", percent, right=True),
        "of_plan": Column("of plan", percent, right=True),
    }
    blocks: list[Block] = [table(found, columns, f"Plan and outcome of {year} in the model")]
    said = published(found, economy, year, record)
    if said.empty:
        return [*blocks, Text(f"The record has no plan of {year} for any of these.", quiet=True)]
    own_unit = said["unit"] == said["title"].map(dict(zip(found["title"], found["unit"], strict=True)))
    said["line"] = said["title"].where(own_unit, said["title"] + ", " + said["unit"])
    said["version"] = said["version"].map(words)
    said["made"] = [_range(low, high) for low, high in zip(said["low"], said["high"], strict=True)]
    columns = {
        "line": Column(""), "version": Column("plan"), "date": Column("for"),
        "planned": Column("planned", number, right=True), "made": Column("outcome", right=True),
        "of_published": Column("model of it", percent, right=True),
    }  # fmt: skip
    return [
        *blocks,
        table(said, columns, f"Plans as published that {year} falls in, and its outcome (record)"),
    ]


def _range(low: float, high: float) -> str:
    """Return the outcome that the record has, from its lowest to its highest figure."""
    if not math.isfinite(low):
        return NONE
    return number(low) if low == high else f"{short(low)} to {short(high)}"


def plan_json(
    dataset: xr.Dataset, economy: Economy, year: int, member: int = 0, record: Record = BUILT_IN
) -> str:
    """Return the plan document of a year, and the plans that the record has of it, as JSON."""
    found = plans(dataset, economy, year, member)
    said = published(found, economy, year, record)
    whole = {"year": year, "member": member, "model": _rows(found), "record": _rows(said)}
    return json.dumps(whole, indent=1, allow_nan=False)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as mappings; what is no number is none."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]
