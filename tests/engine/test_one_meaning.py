"""A function of an economy has its name to itself: who has it too is refused, with the places of both."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from small import EQUATIONS, write

from planmodel.engine.errors import DeclarationError
from planmodel.engine.folder import load_blocks
from planmodel.engine.tables import COLUMNS

# Nobody reads the name: nothing else would refuse it.
CUT = '''

@bread.auxiliary
def plan_cut(hunger):
    """What the plan is cut by."""
    return hunger
'''
REMEMBER = '''

@plan.equation("eat")
def remember(hunger):
    """What was cut, kept from month to month."""
    return dict(kept_cut=hunger)
'''
NUMBER = {
    "unit": "1",
    "value": "0.5",
    "low": "0",
    "high": "1",
    "source": "invented",
    "evidence": "assumption",
}
ROWS: dict[str, dict[str, str]] = {
    "variable": {"unit": "1"},
    "state": {"unit": "1"},
    "parameter": NUMBER,
    "constant": NUMBER,
    "by_month": NUMBER | {"value": "*:1"},
    "stock": {"name": "plan.cut"},
    "flow": {"from": "bread.ovens", "to": "bread.store"},
    "lag": {"value": "2", "from": "hunger", "when": "bake"},
    "lever": NUMBER,
    "input": {"unit": "1"},
}


def row_of(kind: str, **cells: str) -> str:
    """Write a row of a table."""
    values = {"block": "plan", "kind": kind, "name": "plan_cut", "meaning": "cut"} | cells
    return ", ".join(values.get(column, "") for column in COLUMNS)


def load(folder: Path, *rows: str, text: str = CUT, plan: str = REMEMBER) -> None:
    """Load the economy of bread with a function more, and a second chapter with rows more."""
    head = "from planmodel.engine.equations import Block\n\nplan = Block('plan')\n"
    write(folder, EQUATIONS + text)
    (folder / "plan.py").write_text(head + plan, encoding="utf-8")
    table = [", ".join(COLUMNS), row_of("variable", name="kept_cut", unit="1"), *rows]
    (folder / "plan.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    load_blocks(folder, ("equations", "plan"), date(2000, 1, 1))


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_of_another_chapter_is_refused_that_has_the_name_of_a_function(
    kind: str, tmp_path: Path
) -> None:
    row = row_of(kind, **ROWS[kind])
    line = (EQUATIONS + CUT[: CUT.index("def ")]).count("\n") + 1
    where = f"{tmp_path}/equations.py:{line}, auxiliary 'bread.plan_cut': {tmp_path}/plan.csv:3, "
    message = rf"^{re.escape(where)}{kind.replace('_', ' ')} 'plan.cut', has this name too; .*another name"
    with pytest.raises(DeclarationError, match=message):
        load(tmp_path, row)


def test_a_variable_is_refused_that_an_equation_writes(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="variable 'plan_cut', has this name too"):
        load(tmp_path, row_of("variable", unit="1"), plan=REMEMBER.replace("kept_cut", "plan_cut"))


@pytest.mark.parametrize(
    ("name", "row"),
    [("need_north", "need_{town}"), ("need_town", "need_{town}"), ("people_town", "people_north")],
)
def test_rows_along_an_axis_have_names_one_by_one_and_together(name: str, row: str, tmp_path: Path) -> None:
    """Who asks for the array would get what the function says: the rows would be hidden, and nothing said."""
    message = rf"'bread\.{name}': .*equations\.csv:\d+, \w+ '{re.escape(row)}', has this name too"
    with pytest.raises(DeclarationError, match=message):
        load(tmp_path, text=CUT.replace("plan_cut", name))


def test_two_functions_of_one_name_are_refused_with_both_places(tmp_path: Path) -> None:
    message = (
        r"plan\.py:\d+, auxiliary 'plan\.plan_cut': .*equations\.py:\d+, auxiliary 'bread\.plan_cut' has"
    )
    with pytest.raises(DeclarationError, match=message):
        load(tmp_path, plan=REMEMBER + CUT.replace("@bread", "@plan"))


def test_what_no_equation_reads_by_its_bare_name_may_have_it(tmp_path: Path) -> None:
    """A draw is read as ``drawn_...``, a switch by no equation; variants share the name of their place."""
    load(tmp_path, row_of("draw", when="year"))
    load(tmp_path, row_of("switch"))
    load(tmp_path, text=CUT + CUT.replace("auxiliary", 'auxiliary(without="seasons")'))
