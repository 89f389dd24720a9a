"""Equations as functions: what they read and write, axes, variants; what is refused, and where."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small import EQUATIONS, TABLE, blocks, simulation

from planmodel.engine.errors import DeclarationError, EquationError

pytestmark = pytest.mark.usefixtures("engine")


def test_equations_run_and_the_books_close(tmp_path: Path) -> None:
    made = simulation(blocks(tmp_path)).play()
    assert made["sent_north"].values[0] == pytest.approx(2.5)
    assert made["sent_south"].values[0] == pytest.approx(7.5)
    assert made["baked"].values[0, 6] == 20.0
    np.testing.assert_allclose(
        np.diff(made["bread_north"].values[0]), (2.5 - made["eaten_north"][0].values)[1:]
    )
    assert "years_of_hunger" not in made  # state, no result


def test_an_axis_keeps_its_order_and_a_name_of_one_label_its_row(tmp_path: Path) -> None:
    made = simulation(blocks(tmp_path))
    made.workspace.act("bread.want")
    made.board.settle()
    wanted = made.workspace.read("need_town", "bread")
    assert wanted.shape == (2, 2)
    np.testing.assert_array_equal(wanted[1], made.board["need_south"])


TWO_AXES = """
bread, axis, meal, , noon night, , , , , , , , , meals, ,
bread, constant, eaters_north_noon, 1, 0.1, , , , , , , , , eaters, invented, assumption
bread, constant, eaters_north_night, 1, 0.2, , , , , , , , , eaters, invented, assumption
bread, constant, eaters_south_noon, 1, 0.4, , , , , , , , , eaters, invented, assumption
bread, constant, eaters_south_night, 1, 0, , , , , , , , , eaters, invented, assumption
"""
SUMS = """

@bread.auxiliary
def eaters(eaters_town_meal):
    return total(eaters_town_meal, "town", "meal")


@bread.auxiliary
def eaters_by_meal(eaters_town_meal):
    return total(eaters_town_meal, "meal", "town")
"""


def test_a_sum_over_two_axes_adds_in_the_order_of_their_labels(tmp_path: Path) -> None:
    made = simulation(blocks(tmp_path, EQUATIONS + SUMS, TABLE + TWO_AXES)).workspace
    by_town, by_meal = (0.1 + 0.2) + 0.4, (0.1 + 0.4) + 0.2
    assert by_town != by_meal
    assert (made.read("eaters") == by_town).all()
    assert (made.read("eaters_by_meal") == by_meal).all()


def test_the_rank_of_a_claim_follows_the_lever(tmp_path: Path) -> None:
    parts = blocks(tmp_path)
    given: Any = {"parameters": {"bread": {"ovens": 1.0}}, "initial": {"bread": {"store": 0.0}}}
    for lever, north in ((0.0, 0.25), (1.0, 0.25)):
        made = simulation(parts, **given)
        made.levers["rationing"] = lever
        dataset = made.play()
        assert dataset["sent_north"].values[0, 0] == pytest.approx(north)
    made = simulation(parts, **given)
    made.levers["rationing"] = 1.0
    made.ledger.endow("bread", "store", 0.5)
    made.board["need_north"], made.board["need_south"] = np.full(2, 0.5), np.full(2, 0.5)
    made.board.settle()
    made.workspace.act("bread.send")
    made.ledger.settle()
    assert made.ledger.moved("sent_north")[0] == 0.5
    assert made.ledger.moved("sent_south")[0] == 0.0


def test_a_variant_takes_the_place_where_the_mechanism_is_off(tmp_path: Path) -> None:
    parts = blocks(tmp_path)
    without = simulation(parts, switches={"seasons": False}).play()
    assert (without["baked"].values == 10.0).all()


def test_a_lag_gives_what_was_and_at_first_the_first(tmp_path: Path) -> None:
    made = simulation(blocks(tmp_path))
    lag = made.workspace.names.lags["need_north_before"]
    for n in range(5):
        made.board["need_north"] = np.full(2, float(n))
        made.board.settle()
        lag.note()
        assert lag.value()[0] == max(n - 2, 0)


def test_an_announcement_is_logged_once_where_it_is_true(tmp_path: Path) -> None:
    made = simulation(blocks(tmp_path))
    made.ledger.endow("bread", "store", np.array([100.0, 5.0]))
    made.workspace.act("bread.want")
    made.board.settle()
    for _ in range(2):
        made.workspace.act("bread.send")
        made.ledger.settle()
        made.workspace.act("bread.note")
        made.board.settle()
        made.ledger.close_month()
    assert [e.members.tolist() for e in made.events.events if e.members is not None] == [[False, True]]
    assert made.events.events[0].text == "need is not met"


def test_a_member_alone_is_the_member_in_a_chunk(tmp_path: Path) -> None:
    parts = blocks(tmp_path)
    ovens = np.array([3.0, 7.0, 11.0])
    together = simulation(parts, (0, 1, 2), parameters={"bread": {"ovens": ovens}}).play()
    alone = simulation(parts, (1,), parameters={"bread": {"ovens": 7.0}}).play()
    for name in together.data_vars:
        np.testing.assert_array_equal(together[name].values[1], alone[name].values[0])


REFUSED = {
    "a misspelt read": (
        "def bake(ovens, running)", "def bake(ovns, ovens, running)",
        r"equations.py:34, equation 'bread.bake': nothing is called 'ovns'. Did you mean 'ovens'\?",
    ),
    "a second writer": (
        "dict(need_town=ovens * people_town / people)",
        "dict(need_town=ovens * people_town / people, baked=ovens)",
        "equation 'bread.want': writes 'baked' in 'bake', as does .*'bread.bake'",
    ),
    "a literal": (
        "baked=ovens * running", "baked=ovens * running * 1.05",
        "equations.py:36, equation 'bread.bake': '1.05' is a number of the economy in a formula",
    ),
    "an axis that is not added over": (
        "dict(hunger=short,", "dict(hunger=short * need_town,",
        "equation 'bread.note': 'hunger' has no axis 'town', but its value has",
    ),
    "an unknown axis": (
        'total(moved_sent_town, "town")', 'total(moved_sent_town, "twon")', "adds over no axis",
    ),
    "a misspelt result": (
        "dict(baked=",
        "dict(backed=",
        r"writes 'backed', which is no flow and no variable. Did you mean 'baked'\?",
    ),
    "an unknown phase": ('equation("eat")\ndef eat', 'equation("eet")\ndef eat', r"Did you mean 'eat'\?"),
    "an if on members": (
        "0 if rationing else 1", "0 if bread_store else 1", "'bread_store' differs between members",
    ),
    "an index": (
        "bread_town * appetite)",
        "bread_town * appetite[0])",
        "'appetite.0.' is not within the rules",
    ),
    "a loop": (
        '    """Ovens bake by season."""\n',
        '    """Ovens bake by season."""\n    for _ in ():\n        pass\n',
        "is not an assignment to a name",
    ),
    "a call": ("ovens * running)", "round(ovens) * running)", "calls what is no helper"),
    "a function of NumPy that is not known": (
        "baked=ovens * running", "baked=np.tan(ovens) * running", "calls np.tan; allowed:",
    ),
    "no names": (
        "return dict(baked=ovens * running)",
        "return ovens * running",
        "does not end with return dict",
    ),
    "a default": ("def bake(ovens, running)", "def bake(ovens, running=1)", "without defaults or stars"),
    "a variant of nothing": (
        '@bread.auxiliary(without="seasons")\ndef running', '@bread.auxiliary(without="seasons")\ndef runing',
        "replaces nothing",
    ),
    "two of one name": (
        '@bread.auxiliary(without="seasons")', "@bread.auxiliary", "the name is that of line 16",
    ),
    "an auxiliary that reads itself": (
        "def people(people_town):", "def people(people_town, people):", "reads itself",
    ),
    "a flow before the first month": (
        "dict(hunger=0.0 * bread_store)",
        "dict(baked=0.0 * bread_store)",
        "moves 'baked' before the first month",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_equation_is_refused_with_its_place(what: str, tmp_path: Path) -> None:
    old, new, message = REFUSED[what]
    assert EQUATIONS.count(old) >= 1
    with pytest.raises(DeclarationError, match=message):
        simulation(blocks(tmp_path, EQUATIONS.replace(old, new, 1))).play()


WRONG_ROWS = {
    "a kind": (
        "bread, sink, bread.eaten",
        "bread, zink, bread.eaten",
        r"equations.csv:7: .*Did you mean 'sink'\?",
    ),
    "a block": ("bread, lever", "bred, lever", r"no block is called 'bred'. Did you mean 'bread'\?"),
    "a number": ("tonnes/month, 10, 1, 20", "tonnes/month, ten, 1, 20", "value = 'ten' is no number"),
    "a default outside its bounds": ("tonnes/month, 10, 1, 20", "tonnes/month, 30, 1, 20", "outside"),
    "evidence": (
        "what ovens bake, invented, assumption",
        "what ovens bake, invented, sure",
        "evidence 'sure'",
    ),
    "ends of a flow": ("bread.ovens, bread.store, ,", "bread.ovens, store, ,", "allowed: commodity.account"),
    "an axis": ("sent_{town}", "sent_{twon}", "no axis is called 'twon'"),
    "a month": ("*:1 7:2", "*:1 13:2", "'13:2' is no month and number"),
    "a column": ("block, kind,", "block, kynd,", "no column is called 'kynd'"),
    "cells": ("bread, lag,", "bread, lag, more,", "17 cells, but 16 columns"),
    "a name twice": (
        "bread, switch, seasons",
        "bread, constant, people_south, persons, 1, , , , , , , , , , ,\nbread, switch, seasons",
        "declared twice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_ROWS)
def test_a_wrong_row_is_refused_with_its_place(what: str, tmp_path: Path) -> None:
    old, new, message = WRONG_ROWS[what]
    assert TABLE.count(old) >= 1
    with pytest.raises(DeclarationError, match=message):
        simulation(blocks(tmp_path, table=TABLE.replace(old, new, 1)))


def test_an_equation_that_makes_no_number_is_named_with_month_and_member(tmp_path: Path) -> None:
    broken = EQUATIONS.replace("baked=ovens * running", "baked=np.log(ovens - 12.0) * running")
    made = simulation(blocks(tmp_path, broken), parameters={"bread": {"ovens": np.array([13.0, 5.0])}})
    with pytest.raises(EquationError, match=r"bread\.bake, January 2000, member 1: .*log\(ovens - 12\.0\)"):
        made.play()


def test_the_period_is_that_of_the_clock(tmp_path: Path) -> None:
    assert simulation(blocks(tmp_path), until=date(2000, 3, 31)).play().sizes["time"] == 3


def test_a_lever_gives_way_to_a_variable_of_its_name(tmp_path: Path) -> None:
    """The variable that follows a lever has its name; the lever is then read with a prefix."""
    table = TABLE + "bread, lever, hunger, , 0.7, 0, 1, , , , , , , hunger, ,\n"
    read = simulation(blocks(tmp_path, table=table)).workspace.read
    assert read("hunger", "bread").tolist() == [0.0, 0.0]
    assert read("lever_hunger", "bread") == 0.7


def test_years_of_a_run_begin_with_its_first_day(tmp_path: Path) -> None:
    made = simulation(blocks(tmp_path))
    assert made.workspace.read("years_run", "bread") == 0.0
    made.clock.environment.run(until=made.clock.day(date(2000, 12, 31)))
    assert made.workspace.read("years_run", "bread") == 365 / 365.25
