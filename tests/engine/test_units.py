"""Units: one spelling in the tables, and equations run on them; what is refused, and where."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import EQUATIONS, TABLE, blocks
from typer.testing import CliRunner

from planmodel.cli import app
from planmodel.engine.dimensions import Checker, hold_to_dimensions
from planmodel.engine.errors import DeclarationError, UserError
from planmodel.engine.nouns import NOUNS, NUMBERS
from planmodel.engine.units import STANDARD, UnitError, factor
from planmodel.scenario import registry
from planmodel.scenario.folder import check_dimensions

FELDMAN = registry.economies()["feldman_domar"]
APART = {  # equations whose units do not meet, and are right: no more than these
    "soviet": {
        "kolkhoz_market.set_market_price",
        "price_scissors.reckon_cost_of_living",
        "accumulation.reckon_construction_cost",
    },
    "labour_process": {"work.made"},
}

# ---- the ready economies -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", registry.economies())
def test_the_equations_of_every_ready_economy_meet_in_their_units(name: str) -> None:
    economy = registry.economy(name)
    check_dimensions(economy)
    assert set(economy.units_apart) == APART.get(name, set())


def test_what_is_apart_without_need_is_refused() -> None:
    economy = registry.economy("kuzbass")
    with pytest.raises(DeclarationError, match=r"'mines\.mine' is no equation whose units do not meet"):
        hold_to_dimensions(economy.shared, {"mines.mine"})


# ---- planted faults ----------------------------------------------------------------------------------------

PEOPLE = """
bread, variable, eaters, persons, 4, , , , , , , , , people at table, ,
bread, variable, loaves, 1, 4, , , , , , , , , a number, ,
bread, parameter, hands, persons/tonne, 2, 1, 3, , h, , , , , hands for a tonne, invented, assumption
bread, parameter, yearly, tonnes/year, 2, 1, 3, , y, , , , , bread of a year, invented, assumption
bread, parameter, waste, 1/year, 0.1, 0, 1, , w, , , , , bread lost in a year, invented, assumption
bread, parameter, taste, 1, 0.5, 0, 1, , t, , , , , an elasticity, invented, assumption
bread, constant, weight, kg, 2, , , , , , , , , weight of a loaf, invented, assumption
"""

WRONG = {  # body of an equation, and what is said of it
    "eaters=hands * bread_store + bread_north": "'hands * bread_store + bread_north' adds or compares "
    "what is not alike: 'hands * bread_store' is in persons, 'bread_north' is in tonnes",
    "eaters=bread_store": "'eaters=bread_store' is in tonnes, but the variable 'eaters' is in persons",
    "eaters=hands": "'eaters=hands' is in persons/tonne, but the variable 'eaters' is in persons",
    "loaves=bread_store**taste": "'bread_store ** taste' asks for pure numbers: "
    "'bread_store' is in tonnes, 'taste' is in 1",
    "loaves=taste**hands": "'taste ** hands' asks for pure numbers: 'taste' is in 1, "
    "'hands' is in persons/tonne",
    "loaves=bread_store**2": "'loaves=bread_store ** 2' is in tonnes^2, but the variable 'loaves' is in 1",
    "loaves=np.exp(bread_store)": "'np.exp(bread_store)' asks for pure numbers: 'bread_store' is in tonnes",
    "loaves=np.where(bread_store > 1.0, 1.0, 0.0)": "'bread_store > 1.0' adds or compares what is not "
    "alike: 'bread_store' is in tonnes, '1.0' is in 1",
    "loaves=1.0 * (bread_store if month == 1 else eaters)": "'bread_store if month == 1 else eaters' adds "
    "or compares what is not alike: 'month == 1' is in 1, 'bread_store' is in tonnes, 'eaters' is in persons",
    "spoilt=yearly": "'spoilt=yearly' is in tonnes/year, but the flow 'spoilt' is in tonnes",
    "spoilt=bread_store * waste": "waste' is in tonnes/year, but the flow 'spoilt' is in tonnes",
    "spoilt=bread_store * taste / 12.0": "is in 12 tonnes, but the flow 'spoilt' is in tonnes",
    "spoilt=np.minimum(bread_store, weight)": "weight)' adds or compares what is not alike: "
    "'bread_store' is in tonnes, 'weight' is in 0.001 tonnes",
    "spoilt=total(people_town, 'town') * 0.0 + eaters": "is in persons, but the flow 'spoilt' is in tonnes",
}
RIGHT = (
    "spoilt=yearly / 12.0",
    "spoilt=bread_store * waste / 12.0",
    "spoilt=np.maximum(bread_store - yearly * (1.0 / 12.0), 0.0)",
    "spoilt=(bread_store / np.maximum(bread_north, 1e-9)) ** taste * bread_store",
    "eaters=np.where(bread_store > 0.0, hands * bread_store, eaters)",
    "loaves=np.sqrt(bread_store**2) / bread_north + (bread_store > bread_north)",
    "loaves=1.0 if month == 1 else bread_store / bread_north",
)
SPOILT = "bread, flow, spoilt, , , , , , , bread.store, bread.eaten, , , bread spoilt, ,\n"


def faults(tmp_path: Path, result: str) -> list[str]:
    names = ("eaters", "hands", "bread_store", "bread_north", "yearly", "waste", "taste", "weight", "month")
    reads = ", ".join(dict.fromkeys((*names, *(["people_town"] if "people" in result else []))))
    equation = f"\n\n@bread.equation('record')\ndef planted({reads}):\n    return dict({result})\n"
    made = blocks(tmp_path, EQUATIONS + equation, TABLE + PEOPLE + SPOILT)
    assert made[0].shared is not None
    return [f.text for f in Checker(made[0].shared).check() if f.equation == "bread.planted"]


@pytest.mark.parametrize("result", WRONG)
def test_units_that_do_not_meet_are_told_with_place_and_both_sides(tmp_path: Path, result: str) -> None:
    (fault,) = faults(tmp_path, result)
    assert "equations.py:" in fault
    assert "equation 'bread.planted'" in fault
    assert WRONG[result] in fault


@pytest.mark.parametrize("result", RIGHT)
def test_units_that_meet_are_left_alone(tmp_path: Path, result: str) -> None:
    assert faults(tmp_path, result) == []


SEVERAL = """

@bread.equation("record")
def plan(planned_town, people_town):
    return dict(planned_town={})
"""
PLANNED = """
bread, variable, planned_north, million persons, 4, , , , , , , , , figure of a plan, ,
bread, variable, planned_south, persons, 4, , , , , , , , , figure of a plan, ,
"""


def several(tmp_path: Path, written: str) -> list[str]:
    table = TABLE.replace("people_south, million persons", "people_south, persons") + PLANNED
    made = blocks(tmp_path, EQUATIONS + SEVERAL.format(written), table)[0].shared
    assert made is not None
    return [fault.text for fault in Checker(made).check()]


def test_nothing_is_added_over_an_axis_whose_rows_are_of_several_units(tmp_path: Path) -> None:
    assert any("adds over 'town', whose rows are of several units" in text for text in several(tmp_path, "0"))


def test_rows_of_several_units_are_run_each_for_itself(tmp_path: Path) -> None:
    def of_plan(written: str) -> list[str]:
        return [text for text in several(tmp_path, written) if "'bread.plan'" in text]

    assert of_plan("planned_town + people_town") == []
    north, south = of_plan("planned_town**2")
    assert "the variable 'planned_town' is in million persons" in north
    assert "the variable 'planned_town' is in persons" in south


def test_variants_of_an_auxiliary_are_in_one_unit(tmp_path: Path) -> None:
    variants = """

@bread.auxiliary
def at_hand(bread_store):
    return bread_store


@bread.auxiliary(without="seasons")
def at_hand(eaters):
    return eaters
"""
    made = blocks(tmp_path, EQUATIONS + variants, TABLE + PEOPLE + SPOILT)[0].shared
    assert made is not None
    (told,) = [f.text for f in Checker(made).check() if f.equation == "bread.at_hand"]
    assert told.endswith("returns persons; what it replaces returns tonnes")


# ---- an economy elsewhere, and the command -----------------------------------------------------------------


def elsewhere(tmp_path: Path, old: str = "", new: str = "") -> Path:
    folder = tmp_path / "two_sectors"
    shutil.copytree(FELDMAN, folder)
    for file in (folder / "equations.py", folder / "equations.csv"):
        text = file.read_text()
        file.write_text(text.replace(old, new) if old else text)
    return folder


def test_an_economy_outside_the_package_is_checked_when_it_is_read(tmp_path: Path) -> None:
    registry.economy(str(elsewhere(tmp_path / "right")))
    with pytest.raises(UserError, match=r"equations\.py:\d+, equation 'machines\.wear_out'") as error:
        registry.economy(str(elsewhere(tmp_path / "year", "wear / 12.0", "wear")))
    assert "but the flow 'worn_number' is in billion roubles" in str(error.value)
    with pytest.raises(UserError, match=r"equations\.csv:\d+: parameter 'kept': 'permille' is no unit"):
        registry.economy(str(elsewhere(tmp_path / "row", "kept                   , 1 ", "kept, permille")))


def test_validate_tells_how_many_equations_meet(tmp_path: Path) -> None:
    run = CliRunner()
    assert (
        "feldman_domar: 3 equations meet in their units"
        in run.invoke(app, ["validate", "feldman_domar"]).output
    )
    assert (
        "not checked, as procedures: accumulation.open_sites"
        in run.invoke(app, ["validate", "soviet"]).output
    )


# ---- spelling ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("tons", "is no unit that is known here. Did you mean 'tonnes'?"),
        ("Mt", "here it is written 'million tonnes'"),
        ("roubles a year", "here it is written 'roubles/year'"),
        ("kcal/day/person", "here it is written 'kcal/person/day'"),
        ("million persons/tractors", "here it is written 'million persons/tractor'"),
        ("1928 = 1", "here it is written 'index 1928=1'"),
        ("", "has no unit; allowed: 1 for a pure number"),
    ],
)
def test_a_row_whose_unit_is_not_canonical_is_refused(tmp_path: Path, written: str, said: str) -> None:
    table = TABLE.replace("ovens, tonnes/month", f"ovens, {written}")
    with pytest.raises(DeclarationError, match=r"equations\.csv:11: parameter 'ovens'") as error:
        blocks(tmp_path, EQUATIONS, table)
    assert said in str(error.value)


def test_an_economy_adds_nouns_of_its_own(tmp_path: Path) -> None:
    sacks = TABLE.replace("tonnes", "sacks").replace("tonne", "sack")
    with pytest.raises(DeclarationError, match="'sacks' is no unit"):
        blocks(tmp_path, EQUATIONS, sacks)
    noun = "bread, unit, sacks, , 50 kg, , , , , , , , , sacks of flour, ,\n"
    made = blocks(tmp_path, EQUATIONS, sacks + noun)[0].shared
    assert made is not None
    assert made.units.factor("thousand sacks", "tonnes") == 50
    with pytest.raises(DeclarationError, match=r"declared twice, or is in docs/units\.md already: tonnes"):
        blocks(tmp_path, EQUATIONS, TABLE + noun.replace("sacks,", "tonnes,"))


@given(
    st.sampled_from([noun.plural for noun in NOUNS]),
    st.sampled_from(("", *NUMBERS)),
    st.lists(st.sampled_from([noun.singular for noun in NOUNS]), max_size=3),
)
def test_what_is_spelled_out_is_canonical_and_of_the_same_size(
    above: str, number: str, below: list[str]
) -> None:
    unit = " ".join((number, above)).strip() + "".join(f"/{noun}" for noun in below)
    canonical = STANDARD.spelled(unit)
    STANDARD.check(canonical)
    assert factor(unit, canonical) == 1


@pytest.mark.parametrize("written", ["percent", "%"])
def test_percent_is_a_hundredth(written: str) -> None:
    assert STANDARD.spelled(written) == "percent"
    assert factor(written, "1") == Fraction(1, 100)
    assert factor(f"{written} a year", "1/year") == Fraction(1, 100)
    with pytest.raises(UnitError, match="does not convert into"):
        factor(written, "index 1928=1")


def test_the_page_has_every_noun() -> None:
    page = (Path(__file__).parents[2] / "docs/units.md").read_text(encoding="utf-8")
    assert [noun.plural for noun in NOUNS if f"`{noun.plural}`" not in page] == []


def test_a_price_level_is_an_index_and_no_amount() -> None:
    assert factor("index 1928=1", "roubles/rouble of 1928") == 1
    with pytest.raises(UnitError, match="does not convert into"):
        factor("index 1936=1", "roubles/rouble of 1928")
    with pytest.raises(UnitError, match="does not convert into"):
        factor("1", "roubles/rouble of 1928")
