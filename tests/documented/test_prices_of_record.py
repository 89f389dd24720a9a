"""Prices of the record: what says them, what is refused, and what is like what."""

from __future__ import annotations

from pathlib import Path

import pytest

from planmodel import documented
from planmodel.documented import prices
from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.reading import Variables, read_record, read_variables
from planmodel.documented.vocabulary import COLUMNS, NATIONAL

DESCRIBED = """
[output]
title = "Output"
unit = "{unit}"
{prices}
theme = "industry"
measure = "index"
description = "Output."
"""
ROW = "output,official,1930,5.8,index 1928=1,actual,a book,p. 1,transcribed,high,USSR pre-1939,"
ALLOWED = (
    "allowed: current, constant, original cost, plan, unclear, none, or the year of constant prices, such as "
    "1928 or 1926/27"
)


def described(folder: Path, unit: str, said: str) -> Variables:
    path = folder / "variables.toml"
    path.write_text(DESCRIBED.format(unit=unit, prices=said), encoding="utf-8")
    return read_variables(path)


@pytest.mark.parametrize(
    ("unit", "said", "message"),
    [
        (
            "billion roubles",
            'prices = "current"',
            "prices: the unit 'billion roubles' says them (current); allowed: to leave them out",
        ),
        ("index 1928=1", "", f"prices is missing: an index says those of its values; {ALLOWED}"),
        ("index 1928=1", 'prices = "fixed"', f"prices: 'fixed' is not valid; {ALLOWED}"),
        ("1", 'prices = { official = "1926-27" }', f"prices: '1926-27' is not valid; {ALLOWED}"),
    ],
)
def test_money_and_indices_say_their_prices_once(tmp_path: Path, unit: str, said: str, message: str) -> None:
    with pytest.raises(documented.RecordError) as caught:
        described(tmp_path, unit, said)
    assert str(caught.value) == f"variables.toml, [output]: {message}"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('{ hodgman = "constant" }', "that of hodgman is said, but the version has no figure"),
        ('{ official = "1926/27", other = "1928" }', "that of other is said, but the version has no figure"),
        ('{ official_claims = "1926/27" }', "that of official is not said"),
    ],
)
def test_prices_by_version_are_of_all_its_versions(tmp_path: Path, said: str, problem: str) -> None:
    variables = described(tmp_path, "index 1928=1", f"prices = {said}")
    (tmp_path / "industry.csv").write_text("\n".join([",".join(COLUMNS), ROW]) + "\n", encoding="utf-8")
    with pytest.raises(documented.RecordError) as caught:
        read_record(tmp_path, variables, NATIONAL)
    assert str(caught.value) == f"variable output: prices: {problem}"


def test_all_money_and_all_indices_of_the_record_say_their_prices() -> None:
    described = documented.variables()
    money = described["unit"].str.contains("rouble|GBP")
    index = described["unit"].str.startswith("index ")
    assert money.sum() > 60
    assert (described.loc[money | index, "prices"] != "").all()
    assert set(described.loc[described["unit"] == "million tonnes", "prices"]) == {""}


def test_prices_are_those_of_a_version() -> None:
    prices_of = BUILT_IN.prices
    assert prices_of("gross_investment_growth", "moorsteen_powell") == "1928"
    assert prices_of("gross_investment_growth", "kuibyshev_1930") == "unclear"
    assert prices_of("industrial_fixed_capital", "official") == "original cost"
    assert prices_of("gross_investment", "official") == "constant"
    assert prices_of("investment_outlay_first_plan", "kuzmin") == "unclear"
    assert prices_of("steel", "official") == ""


@pytest.mark.parametrize(
    ("one", "other", "levels", "growth"),
    [
        ("current", "current", True, True),
        ("1928", "1928", True, True),
        ("1926/27", "1928", False, True),
        ("constant", "1928", False, True),
        ("current", "1928", False, False),
        ("original cost", "1928", False, False),
        ("original cost", "original cost", True, True),
        ("plan", "1926/27", False, False),
        ("unclear", "unclear", False, False),
        ("none", "", True, True),
        ("", "1928", False, False),
    ],
)
def test_constant_prices_are_bridged_by_growth_and_nothing_else_is(
    one: str, other: str, levels: bool, growth: bool
) -> None:
    assert prices.alike(one, other, relative=False) == prices.alike(other, one, relative=False) == levels
    assert prices.alike(one, other, relative=True) == prices.alike(other, one, relative=True) == growth
