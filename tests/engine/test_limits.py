"""Limits of plausibility: judged whatever is recorded, marked by member, without effect on the run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from planmodel.engine import (
    Account,
    Clock,
    Commodity,
    Component,
    DeclarationError,
    Flow,
    Phase,
    Simulation,
    Variable,
    every,
)
from planmodel.engine.clock import Process
from planmodel.engine.limits import MARKS, Limit

pytestmark = pytest.mark.usefixtures("engine")


class Pond(Component):
    """Rises by its number each month; cold in its last month."""

    name = "pond"
    commodities = (Commodity("water", "litres", "water"),)
    accounts = (Account("water", "sky", "sky", kind="source"), Account("water", "pond", "pond"))
    flows = (Flow("rain", "water", "sky", "pond", "rain"),)
    variables = (Variable("warmth", "1", "warmth", 1.0),)

    def processes(self) -> Iterable[Process]:
        yield every(self.clock, "day", self.rise)

    def rise(self) -> None:
        self.ledger.propose("rain", np.arange(3.0))
        self.board["warmth"] = np.array([1.0, 5.0, 1.0]) if self.month == 6 else self.zeros + 1.0


def marks(limits: list[Limit], end: date = date(1930, 12, 31), wanted: list[str] | None = None) -> list[int]:
    clock = Clock(date(1930, 1, 1), end, [Phase("day"), Phase("record")])
    dataset = Simulation((Pond,), clock, [4, 5, 6], limits=limits, wanted=wanted).play()
    found: list[int] = dataset.coords[MARKS].values.tolist()
    return found


def limit(name: str, part: str, low: float, high: float, **more: object) -> Limit:
    return Limit(name, (part,), low, high, "1", "planted", **more)  # type: ignore[arg-type]


def test_a_stock_a_flow_and_a_variable_are_judged_by_month() -> None:
    assert marks([limit("depth", "water_pond", 0.0, 15.0)]) == [0, 0, 1]
    assert marks([limit("depth", "water_pond", 0.5, 99.0)]) == [1, 0, 0]
    assert marks([limit("rain", "rain", 0.0, 1.0)]) == [0, 0, 1]
    assert marks([limit("warmth", "warmth", 0.0, 4.0)]) == [0, 1, 0]


def test_years_are_added_up_or_averaged() -> None:
    assert marks([limit("rain", "rain", 0.0, 12.0, span="year")]) == [0, 0, 1]
    assert marks([limit("warmth", "warmth", 0.0, 4.0, span="mean")]) == [0, 0, 0]
    assert marks([limit("warmth", "warmth", 0.0, 1.3, span="mean")]) == [0, 1, 0]
    assert marks([limit("depth", "rain", 0.0, 10.0, span="year", over=("warmth",))]) == [0, 0, 1]


def test_each_limit_has_a_bit_of_its_own() -> None:
    both = [limit("depth", "water_pond", 0.0, 15.0), limit("warmth", "warmth", 0.0, 0.5)]
    assert marks(both) == [2, 2, 3]


def test_the_marks_do_not_hang_on_what_is_recorded() -> None:
    assert marks([limit("depth", "water_pond", 0.0, 15.0)], wanted=["warmth"]) == [0, 0, 1]


def test_a_run_without_a_whole_year_judges_no_year() -> None:
    clock = Clock(date(1930, 1, 1), date(1930, 11, 30), [Phase("day"), Phase("record")])
    limits = [limit("rain", "rain", 0.0, 0.5, span="year"), limit("warmth", "warmth", 0.0, 9.0)]
    coordinate = Simulation((Pond,), clock, [4, 5, 6], limits=limits).play().coords[MARKS]
    assert coordinate.values.tolist() == [0, 0, 0]
    assert coordinate.attrs["flag_meanings"] == "rain warmth"
    assert coordinate.attrs["judged"] == "warmth"


def test_rounding_is_no_leaving() -> None:
    assert marks([limit("warmth", "warmth", 1.0 + 1e-12, 9.0)]) == [0, 0, 0]


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(DeclarationError, match="'fish', which nobody declares"):
        marks([limit("fish", "fish", 0.0, 1.0)])
