"""One observer: of many figures as of one, in memory and in files, and as the days of a span say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.netcdf import netcdf_bytes
from planmodel.runs.chunks import add_up, chunks
from planmodel.runs.history import run_fully
from planmodel.runs.months import month_ends
from planmodel.runs.observe import Observation, Observer, by_year, observe, observer_of
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.totals import Joined, monthly
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.indicators import Indicator, unfit

SHORT = load_scenario("baseline").until(date(1931, 12, 31))
INDICATORS = registry.economy().indicators
SPANS = [
    (date(1929, 1, 1), date(1929, 12, 31)),
    (date(1929, 7, 1), date(1930, 6, 30)),
    (date(1930, 3, 10), date(1930, 3, 10)),
    (date(1930, 4, 1), date(1930, 4, 1)),
    (date(1929, 3, 10), date(1930, 4, 4)),  # part months
    (date(1929, 1, 1), date(1931, 12, 31)),
    (date(1932, 1, 1), date(1932, 12, 31)),  # after the run
    (date(1928, 1, 1), date(1928, 1, 1)),  # what the run was given
]
ASKED = [(i, *span) for i in INDICATORS.values() for span in SPANS if not unfit(i, *span)]


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    return run_fully(SHORT, [0, 1, 2], 3).dataset


def test_many_are_answered_as_each_alone_in_memory_and_in_a_file(dataset: xr.Dataset, tmp_path: Path) -> None:
    observer = Observer(month_ends(dataset), ASKED)
    answers = observer.read(dataset)
    file = tmp_path / "results.nc"
    file.write_bytes(netcdf_bytes(dataset[observer.wanted]))
    with xr.open_dataset(file, engine="h5netcdf") as stored:  # where time comes first
        np.testing.assert_array_equal(observer.read(stored), answers)
    for column, one in enumerate(ASKED):
        seen = observe(dataset, *one)
        assert (seen is not None) == observer.covered[column], one
        if seen is not None:
            np.testing.assert_array_equal(seen, answers[:, column])
    assert 100 < observer.covered.sum() < len(ASKED)


def test_an_indicator_of_many_members_is_the_sum_of_its_parts_less_what_is_taken_off() -> None:
    """Also where members are not looked at all together, and by month or by member in memory."""
    rows = np.random.default_rng(1).uniform(size=(3, 5, 300))
    indicator = Indicator(name="x", title="", unit="1", measure="stock", parts=("a", "b"), less=("c",))
    expected = ((rows[0] + rows[1]) - rows[2]).T
    for kept in (rows, np.asfortranarray(rows)):
        held = {name: xr.Variable(("member", "time"), kept[i].T) for i, name in enumerate("abc")}
        np.testing.assert_array_equal(monthly(Joined(held), indicator), expected)
        np.testing.assert_array_equal(monthly(Joined(held), indicator, ("b",)), rows[1].T)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("members", [[0], [0, 1, 2], list(range(9))])
def test_what_is_added_up_without_a_record_is_what_is_read_from_one(members: list[int]) -> None:
    observer = Observer(month_ends(run_fully(SHORT, [0], 3).dataset), ASKED)
    recorded = observer.read(run_fully(SHORT, members, 3).dataset)
    chunk = next(chunks(resolve(SHORT, Laid({}), seed=3, numbers=members), len(members)))
    assert any(name in SHORT.declared.accounted for name in observer.wanted)
    np.testing.assert_array_equal(observer.read_sums(add_up(chunk, observer.sums), len(members)), recorded)


def test_fits_differ_from_reports_in_the_last_bits_only(dataset: xr.Dataset) -> None:
    named = [Observation(i.name, start, end) for i, start, end in ASKED]
    folded = observer_of(SHORT.declared, SHORT.period.start, SHORT.period.end, named, folded=True)
    plain = Observer(month_ends(dataset), ASKED).read(dataset)
    np.testing.assert_allclose(folded.read(dataset), plain, rtol=1e-12)


def test_months_count_by_their_days(dataset: xr.Dataset) -> None:
    births = INDICATORS["births"]
    seen = observe(dataset, births, date(1930, 2, 15), date(1930, 4, 10))
    months = sum(dataset[part].sel(time=slice("1930-02", "1930-04")).values for part in births.parts)
    assert seen == pytest.approx(months @ np.array([14 / 28, 1.0, 10 / 30]))


def test_a_stock_is_on_a_line_between_month_ends(dataset: xr.Dataset) -> None:
    cattle = INDICATORS["cattle"]
    before, after = (
        sum(dataset[part].sel(time=day).values for part in cattle.parts)
        for day in ("1930-03-31", "1930-04-30")
    )
    seen = observe(dataset, cattle, date(1930, 4, 11), date(1930, 4, 11))  # ten days after the evening of 31
    assert seen == pytest.approx(before + (after - before) / 3)


def test_years_are_those_of_the_indicator(dataset: xr.Dataset) -> None:
    procured = INDICATORS["grain_procurement"]
    assert procured.first_month == 7
    seen = by_year(dataset, procured, [1929, 1931])
    months = np.sum([dataset[p].sel(time=slice("1929-07", "1930-06")).values for p in procured.parts], axis=0)
    assert seen[:, 0] == pytest.approx(months.sum(axis=1))
    assert np.isnan(seen[:, 1]).all()  # ends in 1932


def test_a_run_of_one_month_says_nothing_of_stocks() -> None:
    time = pd.DatetimeIndex([pd.Timestamp(1930, 1, 31)])
    held = xr.Dataset({"coal": (("member", "time"), [[3.0], [4.0]])}, coords={"member": [0, 1], "time": time})
    coal = Indicator("coal", "coal", "t", "stock", ("coal",))
    for day in (date(1930, 1, 1), date(1930, 1, 16), date(1930, 1, 31)):
        assert observe(held, coal, day, day) is None
