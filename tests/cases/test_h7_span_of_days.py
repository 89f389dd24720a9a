"""A flow over a span of days takes part months by their days; a day has no flow."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planmodel.calibration.schema import Calibration
from planmodel.calibration.targets import align
from planmodel.engine import UserError
from planmodel.runs.checks import Claim
from planmodel.runs.observe import observe
from planmodel.scenario.indicators import Indicator
from planmodel.sensitivity.schema import Output

ENDS = pd.date_range("1928-01-31", "1934-12-31", freq="ME")
MONTHLY = np.linspace(1.0, 3.0, len(ENDS))
RUN = xr.Dataset({"x": (("member", "time"), MONTHLY[None])}, coords={"member": [0], "time": ENDS})
FLOW = Indicator("x", "x", "", "flow", ("x",))
AVERAGE = Indicator("x", "x", "", "average", ("x",))
DAYS = st.dates(date(1928, 1, 1), date(1934, 12, 31))


def asked(indicator: Indicator, first: date, last: date) -> float:
    seen = observe(RUN, indicator, pd.Timestamp(first), pd.Timestamp(last))
    assert seen is not None
    return float(seen[0])


@given(DAYS, DAYS, DAYS)
def test_a_span_is_the_sum_of_its_parts(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    if middle - first < timedelta(days=1) or last - middle < timedelta(days=2):
        return
    parts = asked(FLOW, first, middle) + asked(FLOW, middle + timedelta(days=1), last)
    assert parts == pytest.approx(asked(FLOW, first, last))


def test_a_year_of_days_is_a_year() -> None:
    year = asked(FLOW, date(1932, 6, 1), date(1933, 5, 31))
    for first, last in (
        (date(1932, 6, 15), date(1933, 6, 14)),
        (date(1932, 6, 1), date(1933, 6, 1)),
    ):
        assert asked(FLOW, first, last) == pytest.approx(year, rel=0.02)


@given(st.integers(0, len(ENDS) - 1), st.integers(0, len(ENDS) - 1))
def test_whole_months_are_added_up_to_the_bit(a: int, b: int) -> None:
    low, high = sorted((a, b))
    first, last = ENDS[low].replace(day=1).date(), ENDS[high].date()
    plain = 0.0
    for value in MONTHLY[low : high + 1]:
        plain += value
    assert asked(FLOW, first, last) == plain
    assert asked(AVERAGE, first, last) == plain / (high - low + 1)


def test_a_day_has_no_flow_at_any_door() -> None:
    wrong = "is a flow and has no value on a day; allowed: a span, such as 1932 or 1932-06-01..1932-06-30"
    day = pd.Timestamp(1932, 6, 1)
    with pytest.raises(UserError) as caught:
        observe(RUN, FLOW, day, day)
    assert str(caught.value) == f"'x' {wrong}"
    said: dict[str, Any] = {"of": "births", "dates": "1932-06-01"}
    with pytest.raises(ValidationError, match=f".dates: 1932-06-01: 'births' {wrong}"):
        Claim.model_validate({**said, "above": 0.0})
    with pytest.raises(ValidationError, match=f".dates: 1932-06-01: 'births' {wrong}"):
        Output.model_validate(said)
    target = {"date": "1932-06-01", "value": 5.0, "error": 0.1, "source": "test", "evidence": "assumption"}
    with pytest.raises(UserError) as caught:
        align(calibration(births=target))
    assert str(caught.value) == f"targets.births: 1932-06-01: 'births' {wrong}"


@pytest.mark.parametrize("bound", [{"value": 0.0}, {"value": -1.0}, {"between": [-1.0, 2.0]}, {"above": 0.0}])
def test_a_target_without_a_logarithm_is_refused(bound: dict[str, Any]) -> None:
    target = {"date": "1932", "error": 0.1, "source": "test", "evidence": "assumption", **bound}
    with pytest.raises(UserError) as caught:
        align(calibration(births=target))
    figure = next(iter(bound.values()))
    figure = figure[0] if isinstance(figure, list) else figure
    assert str(caught.value) == (
        f"targets.births: {figure:g} for 1932 is not above zero, and its error is relative; "
        'allowed: figures above zero, or scale = "absolute"'
    )
    assert len(align(calibration(births={**target, "scale": "absolute"}))) == 1


def calibration(**targets: Any) -> Calibration:
    return Calibration.model_validate(
        {"name": "test", "fit": {"centre": {"patience": {}}}, "targets": targets}
    )
