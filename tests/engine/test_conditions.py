"""The grammar of conditions: what holds where, and that nothing else is read, run or raised."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.engine import Array
from planmodel.engine.conditions import DEEPEST, LONGEST, ConditionError, condition

VALUES: dict[str, float | Array] = {
    "town_nutrition": np.array([0.7, 0.9, 0.79, 0.0]),
    "procured": np.array([1.0, 2.0, 0.0, 0.0]),
    "plan": np.array([2.0, 2.0, 0.0, 4.0]),
    "month": 12.0,
    "year": 1932.0,
}
HOLDS = {
    "town_nutrition < 0.8 and month == 12": [1, 0, 1, 1],
    "not (year >= 1933) and procured / plan < 0.9": [1, 0, 0, 1],
    "town_nutrition <= 0.79 or procured == plan": [1, 1, 1, 1],
    "town_nutrition + 0.1 * procured > 0.75": [1, 1, 1, 0],
    "-town_nutrition > -0.75": [1, 0, 0, 1],
    "procured != plan": [1, 0, 0, 1],
    "month == 11": [0, 0, 0, 0],
    "  year - 2 * (procured + 1) == 1928": [1, 0, 0, 0],
    "not town_nutrition < 0.8": [0, 1, 0, 0],
    # What is divided by nothing is no number: no comparison of it holds, not even that it is another one.
    "procured / plan != 7": [1, 1, 0, 1],
    "plan / procured > 1": [1, 0, 0, 0],
    "not plan / procured > 1": [0, 1, 1, 1],
}


@pytest.mark.parametrize(("text", "expected"), HOLDS.items(), ids=HOLDS)
def test_it_holds_where_it_says(text: str, expected: list[int]) -> None:
    with np.errstate(all="raise"):  # as in a run
        found = condition(text, VALUES).holds(VALUES, 4)
    assert found.dtype == bool
    assert found.tolist() == [bool(one) for one in expected]


def test_a_member_alone_is_as_among_others() -> None:
    read = condition("procured / plan < 0.9 or town_nutrition * 3 > 2.4", VALUES)
    together = read.holds(VALUES, 4)
    for member in range(4):
        alone = {name: np.broadcast_to(v, 4)[member : member + 1] for name, v in VALUES.items()}
        assert read.holds(alone, 1)[0] == together[member]


def test_what_it_reads_is_known() -> None:
    read = condition("town_nutrition < 0.8 and not month > procured / plan", VALUES)
    assert read.names == {"town_nutrition", "month", "procured", "plan"}


def test_limits_are_those_that_are_said() -> None:
    assert condition("month == 1".ljust(LONGEST), VALUES)
    with pytest.raises(ConditionError, match="has 301 characters; allowed: up to 300"):
        condition("month == 1".ljust(LONGEST + 1), VALUES)
    assert condition("not " * (DEEPEST - 1) + "month == 1", VALUES)
    assert condition("month" + " + 1" * (DEEPEST - 1) + " > 1", VALUES)
    with pytest.raises(ConditionError, match="nested too deep; allowed: 12 levels"):
        condition("month" + " + 1" * DEEPEST + " > 1", VALUES)


WORDS = [*"<>()+-*/x.,[{'#~@;", "month", "town_nutrition", "plan", "and", "or", "not", ">=", "==", "!=", "0"]
WORDS += [
    "0.8",
    "1e9",
    "__class__",
    "lambda",
    "if",
    "else",
    "in",
    "is",
    "None",
    "await",
    "**",
    ":=",
    "0x",
    "1_0",
]
WORDS += ["yield", "é", "\n", "\x00", "\\"]
TEXTS = (
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=60).map("".join)
    | st.text(max_size=400)
)


@given(TEXTS)
@settings(max_examples=1500, deadline=None)
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            read = condition(text, VALUES)
        except ConditionError as error:
            said = str(error)
            assert "allowed:" in said or "did you mean" in said
            return
        found = read.holds(VALUES, 4)
    assert found.shape == (4,)
    assert found.dtype == bool
    assert read.names <= set(VALUES)


NUMBERS = st.recursive(
    st.sampled_from(["month", "plan", "procured", "3", "0.5"]),
    lambda some: st.tuples(some, st.sampled_from("+-*/"), some).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=5,
)
MASKS = st.recursive(
    st.tuples(NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS).map(" ".join),
    lambda some: (
        st.tuples(some, st.sampled_from(["and", "or"]), some).map(lambda t: f"({' '.join(t)})")
        | some.map(lambda one: f"(not {one})")
    ),
    max_leaves=4,
)


@given(MASKS)
@settings(max_examples=300, deadline=None)
def test_what_is_read_is_what_python_would_make_of_it(text: str) -> None:
    """Where all is finite: an independent reckoning, number by number."""
    try:
        read = condition(text, VALUES)
    except ConditionError:
        return  # no quantity, or a constant zero
    found = read.holds(VALUES, 4)
    for member in range(4):
        here = {name: float(np.broadcast_to(v, 4)[member]) for name, v in VALUES.items()}
        try:
            expected = eval(text, {"__builtins__": {}}, here)
        except ZeroDivisionError:
            continue
        assert found[member] == expected
