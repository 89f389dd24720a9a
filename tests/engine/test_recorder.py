"""What is written down: the recorder's dataset and the log of events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.engine import Account, Board, Commodity, EventLog, Flow, Ledger, Recorder, Variable

pytestmark = pytest.mark.usefixtures("engine")

DAYS = [date(1932, 1, 31), date(1932, 2, 29)]
NUMBERS = [4, 9]


def run(wanted: Collection[str] | None = None) -> xr.Dataset:
    """Run two months by hand: harvest, delivery and a price."""
    grain = Commodity("grain", "tonnes", "grain")
    ledger = Ledger(
        [grain, Commodity("cloth", "metres", "cloth")],
        [
            Account("grain", "village", "held in the village"),
            Account("grain", "field", "the field", "source"),
            Account("grain", "barn", "held in the barn"),
            Account("cloth", "shop", "on the shelf"),
        ],
        [
            Flow("harvest", "grain", "field", "village", "what is reaped"),
            Flow("delivery", "grain", "village", "barn", "what is delivered"),
        ],
        members=2,
    )
    board = Board([Variable("price", "rubles", "price of grain", 1.0)], members=2)
    ledger.endow("grain", "village", np.array([10.0, 20.0]))
    ledger.endow("cloth", "shop", 3.0)
    recorder = Recorder(ledger, board, len(DAYS), wanted)
    for month, day in enumerate(DAYS):
        ledger.propose("harvest", np.array([5.0, 6.0]) * month)
        ledger.propose("delivery", np.array([4.0, 100.0]))
        board["price"] = board["price"] * 2.0
        ledger.settle()
        board.settle()
        recorder.record(day)
        ledger.close_month()
    ledger.endow("grain", "barn", -1.0)  # what comes later must not change what was written down
    return recorder.dataset(NUMBERS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("grain_village", [[6.0, 7.0], [0.0, 6.0]]),
        ("grain_barn", [[4.0, 8.0], [20.0, 20.0]]),
        ("harvest", [[0.0, 5.0], [0.0, 6.0]]),
        ("delivery", [[4.0, 4.0], [20.0, 0.0]]),
        ("cloth_shop", [[3.0, 3.0], [3.0, 3.0]]),
        ("price", [[2.0, 4.0], [2.0, 4.0]]),
    ],
)
def test_values_by_hand(name: str, expected: list[list[float]]) -> None:
    assert run()[name].values.tolist() == expected


def test_stocks_flows_and_variables_are_named_and_sources_left_out() -> None:
    names = {"grain_village", "grain_barn", "harvest", "delivery", "cloth_shop", "price"}
    assert set(run().data_vars) == names


def test_dimensions_are_member_and_time() -> None:
    dataset = run()
    assert {variable.dims for variable in dataset.data_vars.values()} == {("member", "time")}
    assert dataset["member"].values.tolist() == NUMBERS
    assert dataset["time"].to_index().equals(pd.DatetimeIndex(DAYS))
    assert dataset.sizes == {"member": 2, "time": 2}
    assert set(dataset.coords) == {"member", "time"}
    assert len(dataset.isel(member=0).to_dataframe()) == 2  # one row a month


@pytest.mark.parametrize(
    ("name", "units", "long_name", "kind"),
    [
        ("grain_barn", "tonnes", "held in the barn", "stock at the end of the month"),
        ("cloth_shop", "metres", "on the shelf", "stock at the end of the month"),
        ("delivery", "tonnes a month", "what is delivered", "flow"),
        ("price", "rubles", "price of grain", "variable"),
    ],
)
def test_units_and_meanings(name: str, units: str, long_name: str, kind: str) -> None:
    assert run()[name].attrs == {"units": units, "long_name": long_name, "kind": kind}


@pytest.mark.parametrize("wanted", [["price"], ["delivery", "grain_village"], ["harvest", "price"], []])
def test_only_what_is_wanted_is_recorded_with_the_same_values(wanted: list[str]) -> None:
    part, whole = run(wanted), run()
    assert set(part.data_vars) == set(wanted)
    for name in wanted:
        xr.testing.assert_identical(part[name], whole[name])


def test_the_log_tells_what_happened_in_whom() -> None:
    log = EventLog(4)
    mask = np.array([True, False, False, True])
    log.add(date(1932, 8, 7), "decree", "theft of grain")
    log.add(date(1932, 7, 1), "famine", "hunger", mask)
    log.add(date(1932, 7, 1), "decree", "tax")
    log.add(date(1932, 6, 1), "famine", "nowhere", np.zeros(4, dtype=bool))
    mask[:] = False  # the log keeps its own copy
    table = log.table()
    assert list(table.columns) == ["date", "kind", "text", "share_of_members"]
    assert table["text"].tolist() == ["tax", "hunger", "theft of grain"]
    assert table["share_of_members"].tolist() == [1.0, 0.5, 1.0]
    assert log.table(3)["text"].tolist() == ["tax", "hunger", "theft of grain"]
    assert log.table(1)["text"].tolist() == ["tax", "theft of grain"]
