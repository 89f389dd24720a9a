"""Figures of the record made into points, and the model asked many things at once."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planmodel import documented
from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.figures import documented_figures
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare
from planmodel.calibration.schema import Calibration
from planmodel.calibration.schema_of_targets import Errors, Target
from planmodel.calibration.targets import Point, align, less_firm
from planmodel.calibration.unknowns import Key
from planmodel.engine import UserError
from planmodel.runs.history import History, run_fully
from planmodel.runs.observe import Observation, observe, observer_of
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.scenario.configurations import ready_files
from planmodel.scenario.indicators import unfit

INDICATORS = registry.economy().indicators

FIT: dict[str, Any] = {"centre": {"patience": {}}}


def points_of(**targets: Any) -> dict[str, Point]:
    calibration = Calibration.model_validate({"name": "test", "fit": FIT, "targets": targets})
    return {f"{p.target}/{p.label}": p for p in align(calibration)}


def test_a_figure_keeps_its_value_date_and_version() -> None:
    found = points_of(steel={"version": "official"})
    for year, value in documented.values_by_year("steel", "official").items():
        if year < 1940:  # later figures are of the enlarged territory
            point = found[f"steel/{year}"]
            assert point.low == point.high == value
            assert point.asked == Observation("steel", date(year, 1, 1), date(year, 12, 31))
            assert point.version == "official"
    assert "steel/1940" not in found


def test_the_first_version_with_a_figure_is_taken() -> None:
    found = points_of(grain_harvest={"version": ["davies_wheatcroft_mid", "postwar_revision"]})
    assert found["grain_harvest/1932"].version == "davies_wheatcroft_mid"
    assert found["grain_harvest/1937"].version == "postwar_revision"


def calibration_of(evidence: str | None, **targets: Any) -> Calibration:
    said = {"name": "test", "fit": FIT, "targets": targets, "evidence": evidence}
    return Calibration.model_validate(said)


def test_only_figures_that_are_firm_enough_are_fitted_to() -> None:
    targets: dict[str, Any] = {
        "grain_harvest": {"version": ["davies_wheatcroft_mid", "dronin_bellinger_revised"]},
        "steel": {"version": "official", "bias": 0.1},
        "grown": {"model": "steel", "date": "1932", "value": 6.0, "error": 0.1, "source": "ours",
                  "evidence": "reading"},
    }  # fmt: skip
    everything = align(calibration_of(None, **targets))
    asked = calibration_of("transcribed", **targets)
    firm = align(asked)
    assert {p.target for p in firm} == {"grain_harvest"}
    record = documented.series("grain_harvest", "dronin_bellinger_revised")
    assert {p.version for p in firm} == {"dronin_bellinger_revised"}  # it takes the place of what is recalled
    assert all(p.low in set(record["value"]) for p in firm)
    lost = less_firm(asked, firm)
    assert {f"{p.target} {p.label}" for p in everything if p.target != "grain_harvest"} <= set(lost)
    assert less_firm(calibration_of(None, **targets), everything) == []
    _, points, cube = prepare(asked)
    assert points.less_firm == tuple(lost)
    assert "bias.steel" not in {key.dotted for key in cube.keys}
    assert {p.target for p in align(calibration_of("recalled", **targets))} == {"grain_harvest", "steel"}


def test_a_ratio_whose_base_is_not_firm_enough_is_left_out() -> None:
    target = {"version": "official", "transform": "ratio", "base": "1928"}
    some = {"real_wage": {"version": "book"}}
    asked = calibration_of("transcribed", **{"steel": target, **some})
    assert {p.target for p in align(asked)} == {"real_wage"}
    assert "steel 1932" in less_firm(asked, align(asked))
    with pytest.raises(UserError, match=r"targets\.steel\.base: no figure for '1899'"):
        align(calibration_of("transcribed", **{"steel": {**target, "base": "1899"}, **some}))


def test_years_without_any_figure_are_refused_whatever_the_evidence() -> None:
    target = {"version": "official", "years": [1850]}
    with pytest.raises(UserError, match=r"targets\.steel\.years: no figure for 1850"):
        align(calibration_of("transcribed", steel=target))


def test_evidence_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(UserError, match="evidence: no figure of the targets is transcribed; allowed"):
        align(calibration_of("transcribed", steel={"version": "official"}))
    with pytest.raises(ValueError, match="evidence"):
        calibration_of("certain", steel={"version": "official"})


def test_error_grows_with_the_spread_between_historians() -> None:
    found = points_of(grain_harvest={"version": "postwar_revision"})
    rows = documented.series("grain_harvest", kinds=["actual", "estimate", "official_claim", "derived"])
    rows = rows[(rows["date"] == "1932") & rows["territory"].str.startswith("USSR")]
    spread = np.std(np.log(rows["value"].to_numpy()), ddof=1)
    errors = Errors()
    row = documented.series("grain_harvest", "postwar_revision")
    mark = row.loc[row["date"] == "1932"].iloc[0]
    recalled = errors.recalled if mark["evidence"] == "recalled" else 0.0
    expected = np.sqrt(getattr(errors, mark["confidence"]) ** 2 + recalled**2 + spread**2)
    assert found["grain_harvest/1932"].error == pytest.approx(expected)


def test_a_number_for_words_counts_less_than_one_from_memory() -> None:
    """Both figures are contested and of one series: what differs is 0.5 in print and 0.5 for "below 1932"."""
    errors = Errors(spread=0.0, reading=0.25)
    target = Target(version="book")
    found = {f.label: f.error for f in documented_figures("here", "real_wage", target, errors)}
    assert found["1932"] == pytest.approx(errors.contested)
    assert found["1933"] == pytest.approx(np.hypot(errors.contested, 0.25))
    assert Errors().reading >= Errors().recalled


def test_low_and_high_estimates_make_a_range_and_one_of_them_a_bound() -> None:
    found = points_of(real_wage={"version": "book"})
    assert (found["real_wage/1937"].low, found["real_wage/1937"].high) == (0.56, 0.60)
    assert (found["real_wage/1933"].low, found["real_wage/1933"].high) == (-np.inf, 0.5)
    assert found["real_wage/1932"].low == found["real_wage/1932"].high == 0.5


def test_growth_compares_with_the_figure_before() -> None:
    found = points_of(grown={"series": "steel", "version": "official", "transform": "growth"})
    steel = documented.values_by_year("steel", "official")
    assert "grown/1928" not in found
    point = found["grown/1933"]
    assert point.low == pytest.approx(steel[1933] / steel[1932])
    assert point.over == Observation("steel", date(1932, 1, 1), date(1932, 12, 31))


def test_ratio_compares_with_its_base() -> None:
    swing = {"series": "collectivised_share", "version": "book", "transform": "ratio", "base": "1930-03-01"}
    found = points_of(swing=swing)
    point = found["swing/1930-10-01"]
    assert point.low == pytest.approx(0.217 / 0.593)
    assert point.relative
    assert "swing/1930-03-01" not in found


def test_rates_of_a_year_of_a_span_and_between_days() -> None:
    found = points_of(
        a={"series": "gross_investment_growth", "model": "investment", "version": "official",
           "transform": "rate"},
        b={"series": "construction_employment_change_over_period", "model": "construction_employment",
           "version": "trud_1936", "transform": "rate"},
    )  # fmt: skip
    year = found["a/1937"]
    assert year.low == pytest.approx(1.0 - 0.079)
    assert year.over == Observation("investment", date(1936, 1, 1), date(1936, 12, 31))
    span = found["a/1928..1940"]
    assert span.power == pytest.approx(1 / 12)
    assert span.over == Observation("investment", date(1928, 1, 1), date(1928, 12, 31))
    days = found["b/1932-06-01..1933-06-01"]
    assert days.high == pytest.approx(0.69)  # "a fall of more than 31 percent" is a ceiling
    assert days.low == -np.inf
    assert days.asked.start == days.asked.end == date(1933, 6, 1)


def test_shares_are_absolute_and_levels_relative() -> None:
    found = points_of(collectivised_share={"version": "book"}, steel={"version": "official"})
    assert not found["collectivised_share/1929-10-01"].relative
    assert found["steel/1932"].relative


@pytest.mark.parametrize("name", sorted(ready_files("calibrations")))
def test_ready_calibrations_have_enough_series_and_figures(name: str) -> None:
    calibration = load_calibration(name)
    _, points, cube = prepare(calibration)
    assert len({p.target for p in points.points}) >= 40
    assert len(points) >= (100 if name == "accumulation" else 300)  # of one part of the economy
    assert len(cube.keys) >= 25


def test_archival_and_book_differ_in_what_they_believe() -> None:
    archival, book = (load_calibration(name) for name in ("archival", "book"))
    assert archival.ranges() == book.ranges()
    assert archival.latent == book.latent
    assert archival.targets["grain_harvest"] != book.targets["grain_harvest"]
    assert isinstance(book.targets["births"], Target)
    assert not book.targets["births"].use


@pytest.fixture(scope="module")
def short() -> Scenario:
    return load_scenario("one_country").until(date(1930, 12, 31))


KEYS = [Key("cropping.harvest_1928", 64.0, 80.0), Key("livestock.cattle_slaughter", 0.0, 0.3)]
VALUES = np.array([[68.0, 0.05], [72.0, 0.1], [76.0, 0.2]])


def test_observer_answers_as_observe_does_for_every_indicator(short: Scenario) -> None:
    spans = [
        (date(1929, 1, 1), date(1929, 12, 31)),
        (date(1929, 7, 1), date(1930, 6, 30)),
        (date(1930, 3, 10), date(1930, 3, 10)),
        (date(1929, 3, 10), date(1930, 4, 4)),  # part months
        (date(1928, 1, 1), date(1930, 12, 31)),
        (date(1931, 1, 1), date(1931, 12, 31)),  # after the run
        (date(1928, 1, 1), date(1928, 1, 1)),  # what the run was given
    ]
    asked = [
        Observation(name, *span)
        for name in INDICATORS
        for span in spans
        if not unfit(INDICATORS[name], *span)
    ]
    observer = observer_of(short.declared, short.period.start, short.period.end, asked, folded=True)
    parameters = {"cropping": {"harvest_1928": VALUES[:, 0]}}
    dataset = run_fully(short, [0] * 3, 0, parameters, observer.wanted).dataset
    answers = observer.read(dataset)
    for column, (name, start, end) in enumerate(asked):
        seen = observe(dataset, registry.economy().indicators[name], pd.Timestamp(start), pd.Timestamp(end))
        if seen is None:
            assert np.isnan(answers[:, column]).all(), (name, start)
            assert not observer.covered[column]
        else:
            assert answers[:, column] == pytest.approx(seen, rel=1e-9, abs=1e-12, nan_ok=True), (name, start)


def test_answers_do_not_depend_on_who_runs_beside(short: Scenario) -> None:
    asked = [Observation("grain_harvest", date(1929, 1, 1), date(1929, 12, 31)),
             Observation("cattle", date(1930, 7, 1), date(1930, 7, 1))]  # fmt: skip
    with Evaluator(short, KEYS, asked, workers=1) as evaluate:
        together = evaluate(VALUES)
        alone = np.concatenate([evaluate(VALUES[[row]]) for row in range(3)])
    assert (together == alone).all()
    assert len(np.unique(together[:, 1])) == 3
    many = np.tile(VALUES, (40, 1))
    with Evaluator(short, KEYS, asked, workers=2) as evaluate:
        assert (evaluate(many) == np.tile(together, (40, 1))).all()


def test_a_member_that_breaks_off_does_not_take_others_with_it(
    short: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planmodel.engine import ConservationError

    begin = History.__init__

    def breaks(self: History, scenario: Scenario, *more: Any, **given: Any) -> None:
        if (given["parameters"]["livestock"]["cattle_slaughter"] == 0.1).any():
            raise ConservationError("a leak")
        begin(self, scenario, *more, **given)

    monkeypatch.setattr(History, "__init__", breaks)
    asked = [Observation("cattle", date(1930, 7, 1), date(1930, 7, 1))]
    with Evaluator(short, KEYS, asked, workers=1) as evaluate:
        answers = evaluate(VALUES)
    assert np.isnan(answers[:, 0]).tolist() == [False, True, False]


def test_the_range_of_industry_in_1937_is_that_of_the_record() -> None:
    target = load_calibration("archival").targets["industrial_output_in_1937"]
    figures = [
        documented.values_by_year("industrial_output_growth", v)[1937] for v in ("hodgman", "official")
    ]
    assert target.between == figures
    assert target.firm


def test_plans_are_compared_as_growth_and_investment_as_paid_has_a_ceiling() -> None:
    calibration = load_calibration("archival")
    found = {(p.target, p.year): p for p in align(calibration)}
    for name, model in (("investment", "investment"), ("commissioned", "completed_works")):
        point = found[f"{name}_plan_to_plan", 1937]
        assert point.over == Observation(model, date(1928, 10, 1), date(1932, 12, 31))
        assert point.asked == Observation(model, date(1933, 1, 1), date(1937, 12, 31))
    assert found["commissioned_plan_to_plan", 1937].low == pytest.approx(17.4 / 9.4)
    assert found["investment_plan_to_plan", 1937].low == pytest.approx(19.9 / 8.8)
    fell = found["investment_at_current_prices_growth", 1933]
    assert (fell.low, fell.high) == (-np.inf, 0.0)
    assert found["grain_procurement_in_1932", 1933].low == 18.5
    stocks = [p for p in found.values() if p.target == "state_grain_stocks"]
    assert [(p.asked.start, p.low) for p in stocks] == [(date(1932, 7, 1), 1.4), (date(1933, 7, 1), 1.4)]


def test_what_is_built_and_not_completed_is_unfinished_and_growth_is_of_what_is_paid() -> None:
    dataset = run_fully(load_scenario("baseline")).dataset

    def said(name: str, first: date, last: date) -> float:
        answer = observe(dataset, INDICATORS[name], first, last)
        assert answer is not None
        return float(answer[0])

    before, after = date(1930, 1, 1), date(1933, 1, 1)  # in the morning
    built, done = (said(name, before, date(1932, 12, 31)) for name in ("investment", "completed_works"))
    waiting = said("unfinished_construction", after, after)
    assert built - done == pytest.approx(waiting - said("unfinished_construction", before, before))
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (1932, 1933)]
    paid = [said("investment_at_current_prices", *year) for year in years]
    assert said("investment_at_current_prices_growth", *years[1]) == pytest.approx(paid[1] / paid[0] - 1.0)
