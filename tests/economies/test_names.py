"""The package outside economies/ knows no economy by the names of its quantities: economy.toml says them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import planmodel
from planmodel.scenario import registry
from planmodel.scenario.economy import Economy

PACKAGE = Path(planmodel.__file__).parent
# The documented record is one of the USSR: its variables, identities and doubts are named there.
RECORD = "documented"
# Accounts of the whole model that experiments of the literature draw up; they are called by these alone.
ACCOUNTS = {"experiments/rural_trade.py", "experiments/two_sectors.py", "experiments/wedges.py"}
# Nouns of units, which all economies share: persons, households, hours.
UNITS = {"engine/nouns.py", "engine/units.py"}
# Words that mean something else where they stand.
HOMONYMS = {
    "accumulation",  # a ready calibration
    "at_most",  # a column of boxes
    "centre",  # of a region of sizes
    "confidence",  # a column of the record
    "entry",  # a kind of row in a scheme of accounts
    "members",  # of an ensemble
    "plan",  # a kind of figure in the record
    "reserve",  # a function of storage
    "starts",  # of a search
    "state",  # a kind of row
    "works",  # a section of a scenario
}


def names(economy: Economy) -> set[str]:
    """All that an economy calls by a name: quantities, parameters, levers, accounts, blocks."""
    return {
        *economy.quantities(),
        *economy.levers(),
        *economy.switches(),
        *economy.inputs(),
        *(commodity.name for commodity in economy.commodities()),
        *(block.name for block in economy.blocks),
        *(name for group in economy.parameters().values() for name in group),
        *(account for group in economy.stocks().values() for account in group),
    }


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of the strings of a module that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


@pytest.mark.parametrize("name", registry.economies())
def test_no_module_names_quantities_of_an_economy(name: str) -> None:
    known = names(registry.economy(name)) - HOMONYMS
    if name != registry.DEFAULT:  # a single word ("first") says nothing of where it is from
        known = {one for one in known if "_" in one}
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE)
        if place.parts[0] in ("economies", "skeleton", RECORD) or str(place) in ACCOUNTS | UNITS:
            continue
        for line, text in literals(file):
            assert text not in known, f"{place}:{line}: '{text}' is a name of {name}"


def test_the_accounts_that_are_left_are_called_by_experiments_alone() -> None:
    modules = {place.removesuffix(".py").replace("/", ".") for place in ACCOUNTS}
    for file in PACKAGE.rglob("*.py"):
        if str(file.relative_to(PACKAGE)) in ACCOUNTS:
            continue
        text = file.read_text(encoding="utf-8")
        assert not any(f"planmodel.{module} " in text for module in modules), file
