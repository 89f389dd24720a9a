"""The figures of the book with what answers to them: all of them, in order, and no input judged by itself."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pandas as pd
import pytest

from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.tables import spans, tables
from planmodel.engine import UserError
from planmodel.experiments.results import Record
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.alike import hold_alike, is_relative
from planmodel.texts.answers import from_numbers, why_not
from planmodel.texts.cells import CELLS, COLUMNS, Cell, cells_of_book, read_lines
from planmodel.texts.loading import BOOK, cells_of, find_text, load_text, texts
from planmodel.texts.sizes import count_still, sizes_from

FOLDER = find_text(BOOK)
NUMBERS = Path(__file__).parents[2] / "docs" / "texts"
GUARDED = ("given", "read", "base", "apart", "debate")
ALL = [(number, cell) for number in texts() for cell in cells_of(find_text(number))]


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    return cells_of(FOLDER)


def of_table(cells: list[Cell], key: str) -> list[Cell]:
    return [cell for cell in cells if cell.line.table == key]


# ---- all of them, in order ---------------------------------------------------------------------------------


def test_every_figure_of_every_table_stands_once_in_the_order_of_the_book(cells: list[Cell]) -> None:
    assert list(dict.fromkeys(cell.line.table for cell in cells)) == list(tables())
    assert len(tables()) == 41
    for key, table in tables().items():
        rows = [id(row) for cell in of_table(cells, key) for row in cell.rows]
        assert sorted(rows) == sorted(id(row) for row in table.figures), key


def test_lines_lie_in_the_table(cells: list[Cell]) -> None:
    for cell in cells:
        own = spans(tables()[cell.line.table].lines)
        assert any(a <= x and y <= b for x, y in spans(cell.lines) for a, b in own), (cell.what, cell.lines)


def test_two_ends_of_a_figure_are_one_and_one_end_alone_is_open(cells: list[Cell]) -> None:
    flour = next(cell for cell in cells if cell.variable == "ration_price_wheat_flour")
    assert (flour.low, flour.high, flour.scale, flour.printed) == (0.35, 0.6, 100.0, "kopeks a kilogram")
    worst = next(cell for cell in cells if cell.variable == "grain_harvest" and cell.dates == "1936")
    assert math.isinf(worst.low)
    assert worst.bound == "at most"


def test_what_has_no_answer_says_why(cells: list[Cell]) -> None:
    for cell in cells:
        assert cell.line.model or cell.line.note or cell.line.mark == "base", cell.what


# ---- every expression resolves -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", texts())
def test_runs_record_what_expressions_name(number: str) -> None:
    experiment = load_text(find_text(number))
    runs = experiment.about.runs
    for cell in cells_of(experiment.folder):
        if cell.line.expression is None:
            continue
        for name in [cell.line.run] if cell.line.run else runs:
            economy = load_scenario(runs[name].scenario).declared
            assert cell.line.expression.parts(economy) <= set(runs[name].variables or ()), cell.what


def test_figures_of_the_record_in_expressions_are_there() -> None:
    record = Record()
    for number, cell in ALL:
        if cell.line.expression is None:
            continue
        for node in ast.walk(ast.parse(cell.line.model, mode="eval")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                asked = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
                assert record.value(*asked) != 0.0, (number, asked)


# ---- no input judged by itself -----------------------------------------------------------------------------


def test_what_the_model_is_given_never_counts() -> None:
    indicators = registry.economy().indicators
    for number, cell in ALL:
        if cell.line.expression is None or why_not(cell):
            continue
        named = [indicators[name] for name in cell.line.expression.names if name in indicators]
        assert not [one.name for one in named if one.given], (number, cell.what)
        assert not cell.line.expression.parameters or "/ parameter" in cell.line.model, (number, cell.what)


@pytest.mark.parametrize("key", tables())
def test_tables_from_which_sizes_were_read_are_no_test_or_say_why(key: str, cells: list[Cell]) -> None:
    mine = [cell for cell in of_table(cells, key) if cell.line.model]
    if not mine or not sizes_from(tables()[key].lines):
        assert key not in count_still()
        return
    guarded = [cell.line.mark in GUARDED for cell in mine]
    assert all(guarded) != (key in count_still()), key
    if key not in ("norms_and_piece_rates", "currency", "moscow_prices"):
        assert any(guarded), key


def test_what_is_the_same_in_all_draws_does_not_count() -> None:
    """A figure that the draws do not move is an input, whatever its expression says."""
    for number in texts():
        table = from_numbers(cells_of(find_text(number)), pd.read_csv(NUMBERS / f"{number}.csv"))
        mine = table[(table["run"] == "archival") & (table["counted"] == "") & table["median"].notna()]
        still = mine[mine["draws_high"] - mine["draws_low"] <= 1e-9 * mine["median"].abs()]
        assert still.empty, list(still["title"])


def test_levels_count_only_at_prices_alike(cells: list[Cell]) -> None:
    economy = registry.economy()
    for cell in cells:
        name = cell.line.model
        if name in economy.indicators and not why_not(cell):
            relative = is_relative(BUILT_IN, cell.variable)
            hold_alike(cell.what, BUILT_IN, cell.variable, cell.version, name, economy.prices(name), relative)


def test_branches_of_investment_are_inputs(cells: list[Cell]) -> None:
    shares = of_table(cells, "investment_by_branch")
    assert {cell.line.mark for cell in shares if cell.line.model} == {"given"}
    assert "start_share_transport" in sizes_from(tables()["investment_by_branch"].lines)


# ---- a wrong file ------------------------------------------------------------------------------------------

HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("table,lines", "tabel,lines", "the columns are not table, lines, what"),
        (",given,", ",taken,", "mark 'taken' is not allowed; allowed: given, read, base"),
        ("fertiliser,,,,,,,,,,,,,no", "fertilizer,,,,,,,,,,,,,no", "fertiliser: no line for fertiliser"),
        (
            "migration_to_towns,,,,,,,,,,,net_migration_to_towns,,",
            "migration_to_towns,,,,,,,,,,,net_migration(,,",
            "model: 'net_migration(' is no expression; allowed: names",
        ),
        (
            "migration_to_towns,,,,,,,,,,,net_migration_to_towns,,",
            "migration_to_towns,,,,,,,,,,,,,",
            "neither model nor note",
        ),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (FOLDER / CELLS).read_text("utf-8")
    assert old in text
    file = tmp_path / CELLS
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as error:
        cells_of_book(read_lines(file), file)
    assert str(error.value).startswith(str(file))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
