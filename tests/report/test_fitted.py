"""On a screen of any width every number of a table stands whole."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from rich.text import Text

from planmodel.cli import balance
from planmodel.documented import check, series
from planmodel.experiments import paths
from planmodel.experiments.compare import Comparison
from planmodel.report import fans, screen
from planmodel.report.books import balance_tables, transactions_table
from planmodel.report.comparison import compare
from planmodel.report.score import score as count_points
from planmodel.report.score import score_blocks
from planmodel.runs.history import Run, run_fully
from planmodel.scenario import load_scenario
from planmodel.show import content
from planmodel.show.screen import print_table, rich_table

WIDTHS = (40, 47, 60, 72, 80, 100, 132, 200)


def printed(table: Table, width: int) -> str:
    out = io.StringIO()
    print_table(Console(file=out, width=width, highlight=False), table)
    return out.getvalue()


def assert_whole(table: Table, width: int) -> None:
    """Every cell of numbers stands in one line, every word of the others too, and no ellipsis."""
    text = printed(table, width)
    words = text.split()
    assert "…" not in text
    lines = text.splitlines()
    for column in table.columns:
        for cell in (column.header, *column.cells):
            plain = cell.plain if isinstance(cell, Text) else Text.from_markup(str(cell)).plain
            if column.justify == "right":
                for line in plain.split("\n"):
                    assert any(line in shown for shown in lines), (line, width)
            else:
                assert set(plain.split()) <= set(words), (plain, width)


@pytest.fixture(scope="module")
def done() -> Run:
    return run_fully(load_scenario("one_country").until(pd.Timestamp("1930-12-31").date()), [0, 1])


def tables(done: Run) -> Iterator[Table]:
    met = compare(done.dataset, done.scenario)
    found = count_points(done.dataset, met, done.scenario.declared, 0.3)
    shown = (
        screen.comparison_table(done, met),
        screen.events_table(done),
        *score_blocks(found, done.scenario.declared),
        *balance_tables(done.dataset, "grain", 1929),
        transactions_table(done.dataset, 1929),
        balance._list(done.scenario.declared),
        _compared(done),
        _fanned(done),
    )
    yield from (rich_table(block) for block in shown if isinstance(block, content.Table))
    yield from _recorded()


def _compared(done: Run) -> content.Table:
    random = np.random.default_rng(0)
    scenarios = tuple(
        done.scenario.model_copy(update={"name": f"a_scenario_of_a_long_name_{i}"}) for i in range(5)
    )
    compared = done.scenario.declared.compared
    about = {q.name: {"units": q.unit, "long_name": q.title} for q in compared}
    dims = ("scenario", "member", "year")
    data = {
        q.name: (dims, 1e4 * random.random((5, 3, 3)), about[q.name]) for q in done.scenario.declared.compared
    }
    names = [s.name for s in scenarios]
    there = xr.Dataset(data, coords={"scenario": names, "year": [1928, 1929, 1930]})
    return paths.beside(Comparison(scenarios, there).table())


def _fanned(done: Run) -> content.Table:
    kept = done.dataset[["cattle"]]
    return fans.screen_table(fans.fan_table(kept, done.scenario), kept, done.scenario.declared)


def _recorded() -> Iterator[Table]:
    from planmodel.documented.screen import fitting_tables, layouts

    for layout in layouts(series("grain_harvest")):
        yield from fitting_tables(layout, 40)
    table = Table("identity", "date", "left", box=None)
    table.columns[2].justify = "right"
    for row in check().head(20).to_dict("records"):
        table.add_row(str(row["identity"]), str(row["date"]), f"{row['left']:.6g}")
    yield table


def test_every_number_of_every_table_is_whole(done: Run) -> None:
    for table in tables(done):
        for width in WIDTHS:
            assert_whole(table, width)


CELL = st.one_of(
    st.floats(-1e6, 1e6).map(lambda x: f"{x:.3g}"),
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda x: f"{x[0]} to {x[1]}"),
)
WORDS = st.lists(st.text("abcdef_1928", min_size=1, max_size=30), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(20, 200), st.integers(0, 2), st.integers(1, 9), st.booleans())
def test_any_table(data: st.DataObject, width: int, labels: int, numbers: int, edge: bool) -> None:
    table = Table(box=None, pad_edge=edge)
    for i in range(labels):
        table.add_column(f"label {i}", no_wrap=i == 0)
    for i in range(numbers):
        table.add_column(f"number {i}", justify="right")
    for _ in range(data.draw(st.integers(0, 3))):
        words = [data.draw(WORDS) for _ in range(labels)]
        table.add_row(*words, *(data.draw(CELL) for _ in range(numbers)))
    assert_whole(table, width)


def test_a_table_that_fits_is_one_and_no_wider_than_the_screen(done: Run) -> None:
    table = screen.comparison_table(done, compare(done.dataset, done.scenario))
    text = printed(rich_table(table), 80)
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("misfit") == 1
    parts = printed(rich_table(_compared(done)), 80)
    assert parts.count("Grain harvest") > 1  # each with its names
    assert max(map(len, parts.splitlines())) <= 80
