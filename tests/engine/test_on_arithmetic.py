"""What equations say with NumPy's and SciPy's functions is reckoned with our own, wherever it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small import EQUATIONS, TABLE, blocks, simulation

from planmodel.engine import arithmetic as ours
from planmodel.engine.errors import EquationError
from planmodel.engine.simulation import Simulation

BENT = """
from scipy.special import ndtr

from planmodel.engine.equations import helper


@helper
def deeper(base, exponent):
    return base ** exponent


@helper
def deep(base, exponent):
    return 1.0 + deeper(base, exponent)


@bread.auxiliary
def bent(ovens, appetite):
    log = np.log(ovens)
    grown = np.exp(-appetite) * np.log1p(ovens) - np.expm1(-appetite)
    grown **= appetite
    return grown + ovens ** appetite + deep(ovens, appetite) + ndtr(log - appetite)


@bread.auxiliary
def bent_in_towns(need_town, appetite):
    return np.exp(-total(need_town, "town")) + deep(need_town, appetite)


@bread.auxiliary
def products(ovens, appetite):
    return (appetite - ovens) ** 2 + (appetite - ovens) ** 3


@bread.procedure("record")
def free(ovens, appetite):
    return dict(left=ovens ** appetite)


@bread.equation("record")
def record(bent, bent_in_towns):
    return dict(kept=bent, kept_town=bent_in_towns)
"""
ROWS = """\
bread, variable, kept, 1, , , , , , , , , , what is bent, ,
bread, variable, left, 1, , , , , , , , , , what a procedure makes, ,
bread, variable, kept_{town}, 1, , , , , , , , , , what is bent in {town}, ,
"""
MEMBERS = tuple(range(1, 301))
OVENS = np.random.default_rng(3).uniform(1.0, 20.0, len(MEMBERS))
APPETITE = np.random.default_rng(4).uniform(0.01, 1.0, len(MEMBERS))


def made(folder: Path, equations: str = BENT, ovens: Any = OVENS) -> Simulation:
    parts = blocks(folder, EQUATIONS + equations, TABLE + ROWS)
    return simulation(parts, MEMBERS, parameters={"bread": {"ovens": ovens, "appetite": APPETITE}})


def bent() -> np.ndarray:
    grown = ours.exp(-APPETITE) * ours.log1p(OVENS) - ours.expm1(-APPETITE)
    grown = ours.power(grown, APPETITE)
    deep = 1.0 + ours.power(OVENS, APPETITE)
    return grown + ours.power(OVENS, APPETITE) + deep + ours.ndtr(ours.log(OVENS) - APPETITE)


def test_an_equation_by_itself_and_in_the_text_of_its_phase(tmp_path: Path) -> None:
    run = made(tmp_path)
    assert np.array_equal(run.workspace.read("bent"), bent())
    run.workspace.act("bread.want")
    run.board.settle()
    need = np.array([OVENS * 1.0 / 4.0, OVENS * 3.0 / 4.0])
    in_towns = ours.exp(-(need[0] + need[1])) + (1.0 + ours.power(need, APPETITE))
    assert np.array_equal(run.workspace.read("bent_in_towns"), in_towns)
    dataset = made(tmp_path).play()
    assert np.array_equal(dataset["kept"].values[:, 0], bent())
    assert np.array_equal(dataset["kept_south"].values[:, 0], in_towns[1])


def test_libraries_would_have_made_other_bits() -> None:
    """What the tests here would not see otherwise: these points tell the two apart."""
    deep = 1.0 + OVENS**APPETITE
    assert not np.array_equal(deep, 1.0 + ours.power(OVENS, APPETITE))


def test_to_two_and_three_are_products_also_below_zero(tmp_path: Path) -> None:
    d = APPETITE - OVENS
    assert np.array_equal(made(tmp_path).workspace.read("products"), d * d + d * d * d)


def test_a_procedure_is_run_as_it_is_written(tmp_path: Path) -> None:
    assert np.array_equal(made(tmp_path).play()["left"].values[:, 0], OVENS**APPETITE)


def test_the_module_of_an_equation_stays_as_it_is(tmp_path: Path) -> None:
    parts = blocks(tmp_path, EQUATIONS + BENT, TABLE + ROWS)
    bread = next(b for b in parts if b.name == "bread")
    one = next(f for f in bread.functions if f.name == "bent")
    space = one.declared.__globals__
    assert one.function.__globals__ is space
    assert space["bent"] is one.declared
    assert not {"_exp", "_power", "_outer"} & space.keys()
    assert space["deeper"](2.0, 0.5) == 2.0**0.5


def test_what_has_no_value_is_named_by_what_the_equation_says(tmp_path: Path) -> None:
    text = BENT.replace("log = np.log(ovens)", "log = np.log(ovens - ovens)")
    with pytest.raises(EquationError) as caught:
        made(tmp_path, text).play()
    assert "members 1, 2, 3 and 297 more: divide by zero encountered in np.log(ovens - ovens)" in str(
        caught.value
    )
    assert "arithmetic" not in str(caught.value)
