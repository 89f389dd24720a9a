"""The typed series: order, one figure a date, units by name."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel import documented
from planmodel.documented.typed import SeriesError, TypedSeries, recorded
from planmodel.documented.typed import given as given_by
from planmodel.documented.vocabulary import COMPARABLE, FACTUAL, KINDS, UNITS, Kind
from planmodel.engine.units import UnitError, convert, factor, known
from planmodel.scenario import registry

INDICATORS = registry.economy().indicators

YEARS = st.dictionaries(st.integers(1920, 1945).map(str), st.floats(-1e6, 1e6), min_size=1)


@given(YEARS, st.randoms())
def test_order_of_lines_is_of_no_account(values: dict[str, float], random: object) -> None:
    lines = list(values.items())
    random.shuffle(lines)  # type: ignore[attr-defined]
    first, second = given_by("x", "1", values), given_by("x", "1", dict(lines))
    assert first == second
    assert [figure.label for figure in first] == sorted(values)
    assert (first.first.year, first.last.year) == (int(min(values)), int(max(values)))


@given(YEARS)
def test_a_date_twice_is_refused(values: dict[str, float]) -> None:
    series = given_by("x", "1", values)
    with pytest.raises(SeriesError, match=f"several figures for {min(values)}"):
        TypedSeries("x", "1", series.figures + series.figures[:1])


@given(YEARS)
def test_units_convert_there_and_back(values: dict[str, float]) -> None:
    series = given_by("x", "million persons", values)
    there = series.to("thousand persons")
    for before, after in zip(series, there.to("million persons"), strict=True):
        assert after.value == pytest.approx(before.value, rel=1e-15)
    assert series.to("million persons") is series


@given(st.integers(-10_000_000, 10_000_000))
def test_whole_thousands_convert_exactly(thousands: int) -> None:
    assert convert(float(thousands), "thousand persons", "persons") == thousands * 1000.0
    assert convert(thousands / 1000, "million persons", "thousand persons") == pytest.approx(thousands)


def test_what_must_not_convert_does_not() -> None:
    for unit, other in (
        ("billion roubles of 1928", "billion roubles"),
        ("billion roubles of 1926/27", "billion roubles of 1928"),
        ("billion gold roubles", "billion roubles"),
        ("index 1928=1", "index 1936=1"),
        ("index 1928=1", "1"),
        ("thousand", "1"),
        ("million head", "million persons"),
        ("million tonnes", "million persons"),
    ):
        for pair in ((unit, other), (other, unit)):
            with pytest.raises(UnitError, match="does not convert into"):
                factor(*pair)
    with pytest.raises(UnitError, match="'bananas' is no unit that is known here"):
        factor("bananas", "1")
    assert factor("million tonnes", "tonnes") == 1_000_000
    assert factor("roubles a month", "roubles a year") == 12


def test_every_unit_of_record_and_model_is_known() -> None:
    units = {*UNITS, *(indicator.unit for indicator in INDICATORS.values())}
    for declared in (registry.economy(), *registry.smaller().values()):
        units |= {series.unit for series in declared.inputs().values()}
    assert [unit for unit in sorted(units) if not known(unit)] == []


def test_a_low_and_a_high_estimate_make_a_range_where_it_is_asked_for() -> None:
    with pytest.raises(SeriesError, match=r"10\.4 \(estimate_high, .*8\.4 \(estimate_low"):
        recorded("camp_population", "rosefielde")
    (figure,) = [f for f in recorded("camp_population", "rosefielde", ranges=True) if f.label == "1939"]
    assert (figure.low, figure.high) == (8.4, 10.4)
    assert figure.value == pytest.approx(9.4)


def test_every_figure_that_a_run_is_compared_with_makes_one_series() -> None:
    for variable in sorted(set(INDICATORS) & set(documented.variables().index)):
        for version in documented.versions(variable):
            series = recorded(variable, version, kinds=FACTUAL, territories=COMPARABLE, ranges=True)
            assert all(figure.start <= figure.middle <= figure.end for figure in series)
    assert next(f for f in recorded("steel", "official") if f.label == "1932").middle == date(1932, 7, 1)


def test_the_words_for_kinds_are_one_list() -> None:
    assert set(KINDS) == set(get_args(Kind))
