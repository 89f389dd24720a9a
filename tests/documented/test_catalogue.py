"""The record: what it holds, and that a malformed file is refused with its place."""

import datetime as dt
import sys
from pathlib import Path

import pytest

from planmodel import documented
from planmodel.documented.dates import parse_date
from planmodel.documented.files import HERE
from planmodel.documented.reading import Variables, read_record, read_variables
from planmodel.documented.vocabulary import COLUMNS, NATIONAL

GOOD = "steel,official,1930,5.8,million tonnes,actual,a book,p. 1,transcribed,high,USSR pre-1939,"
DESCRIBED = """
[steel]
title = "Steel"
unit = "million tonnes"
theme = "industry"
measure = "flow"
description = "Crude steel."
"""


@pytest.fixture
def described(tmp_path: Path) -> Variables:
    path = tmp_path / "variables.toml"
    path.write_text(DESCRIBED, encoding="utf-8")
    return read_variables(path)


def written(folder: Path, *rows: str, name: str = "industry.csv") -> Path:
    folder.joinpath(name).write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return folder


def test_the_record_is_as_large_as_promised() -> None:
    record, described = documented.catalogue(), documented.variables()
    assert len(described) >= 90
    assert len(record) >= 1500
    assert set(record["variable"]) == set(described.index)


def test_every_row_has_the_unit_of_its_variable() -> None:
    record = documented.catalogue()
    units = documented.variables()["unit"]
    assert (record["unit"] == record["variable"].map(units)).all()


def test_no_figure_is_given_twice() -> None:
    assert not documented.catalogue().duplicated(["variable", "version", "date", "territory", "kind"]).any()


def test_every_figure_says_where_it_is_from() -> None:
    record = documented.catalogue()
    assert (record[["source", "place"]].map(len) > 3).all().all()
    recalled = record[record["evidence"] == "recalled"]
    assert recalled["place"].str.contains(r"to be checked|mean of|added|published with").all()


def test_a_number_that_stands_for_words_is_no_transcription() -> None:
    """All of them are bounds or plans: words alone give no size."""
    record = documented.catalogue()
    readings = record[record["evidence"] == "reading"]
    assert len(readings) == 16
    assert set(readings["kind"]) == {"estimate_low", "estimate_high", "plan"}
    words = record["note"].str.contains("says only|says several|Stated as the|Said to be|wording is|set here")
    in_words = record["version"].str.endswith("in_words") | words
    assert in_words.sum() >= 9
    assert set(record.loc[in_words, "evidence"]) == {"reading"}


def test_camps_alone_are_not_camps_and_colonies() -> None:
    """Colonies are counted from 1935; the figure of 1934 is that of the camps and stands there alone."""
    both = documented.series("camp_and_colony_inmates")
    assert both["date"].min() == documented.series("colony_inmates")["date"].min() == "1935-01-01"
    camps = documented.series("camp_inmates", "archival")
    assert camps.loc[camps["date"] == "1934-01-01", "value"].item() == 0.510307


def test_the_names_the_model_relies_on_exist() -> None:
    names = (
        "grain_harvest grain_procurement grain_procurement_share grain_export "
        "grain_export_agricultural_year village_grain_balance sown_area grain_sown_area "
        "collectivised_share kolkhoz_households kolkhozes cattle cows horses pigs sheep_and_goats "
        "sheep goats tractors potato_harvest population urban_population rural_population births "
        "deaths excess_deaths net_migration_to_towns wage_earners industrial_wage_earners "
        "average_money_wage real_wage steel pig_iron coal crude_oil electricity cement cotton_cloth "
        "sugar industrial_output currency_in_circulation turnover_tax budget_revenue "
        "defence_outlays exports imports camp_inmates colony_inmates camp_and_colony_inmates "
        "special_settlers procurement_price industrial_goods_price kolkhoz_market_price raw_cotton "
        "sugar_beet "
    )
    assert set(names.split()) <= set(documented.variables().index)


def test_known_figures() -> None:
    assert documented.values_by_year("steel", "official")[1932] == pytest.approx(5.927)
    assert documented.values_by_year("grain_harvest", "davies_wheatcroft_mid") == {
        1930: 75.0,
        1931: 61.0,
        1932: 57.5,
        1933: 73.5,
    }
    peak = documented.series("collectivised_share", "book")
    assert peak.loc[peak["date"] == "1930-03-01", "value"].item() == pytest.approx(0.593)
    assert set(documented.versions("camp_inmates")) == {"archival"}


def test_estimates_from_before_the_archives_are_another_variable() -> None:
    assert "archival" not in documented.versions("camp_population")
    assert documented.series("camp_population")["confidence"].isin(["contested", "high"]).all()


def test_series_are_sorted_and_can_be_narrowed() -> None:
    rows = documented.series("coal", ["official", "first_plan_1929"])
    assert rows["start"].is_monotonic_increasing
    assert set(rows["version"]) == {"official", "first_plan_1929"}
    assert set(documented.series("coal", kinds=["plan"])["kind"]) == {"plan"}


def test_calendar_years_leave_out_plans_regions_and_days() -> None:
    assert set(documented.values_by_year("turnover_tax", "budget_report_1939")) == {1938}
    assert documented.values_by_year("turnover_tax", "narkomfin_report")[1932] == pytest.approx(17.6121)
    with pytest.raises(documented.UnknownSeriesError, match="no figure for a calendar year"):
        documented.values_by_year("camp_inmates", "archival")
    with pytest.raises(ValueError, match="several figures for 1939"):
        documented.values_by_year("camp_population", "rosefielde")


def test_the_cached_record_cannot_be_changed_from_outside() -> None:
    record = documented.catalogue()
    record["value"] = 0.0
    assert documented.values_by_year("steel", "official")[1932] == pytest.approx(5.927)


def test_hash_follows_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = documented.sha256()
    assert before == documented.sha256()
    assert len(before) == 64
    tmp_path.joinpath("record").mkdir()
    for path in [HERE / "variables.toml", HERE / "territories.csv", *HERE.glob("record/*.csv")]:
        tmp_path.joinpath(path.relative_to(HERE)).write_bytes(path.read_bytes())
    monkeypatch.setattr(sys.modules["planmodel.documented.files"], "HERE", tmp_path)
    assert documented.sha256() == before
    changed = tmp_path / "record" / "trade.csv"
    changed.write_text(changed.read_text(encoding="utf-8").replace("0.5749", "0.5750"), encoding="utf-8")
    assert documented.sha256() != before


@pytest.mark.parametrize(
    ("variable", "version", "kinds", "said"),
    [
        ("grain_harvst", None, None, "nearest: grain_harvest"),
        ("steel", "offical", None, "nearest: official"),
        ("steel", None, ["planned"], "known: actual, plan"),
    ],
)
def test_unknown_names_get_the_nearest(
    variable: str, version: str | None, kinds: list[str] | None, said: str
) -> None:
    with pytest.raises(documented.UnknownSeriesError, match=said):
        documented.series(variable, version, kinds)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1930", dt.date(1930, 1, 1), dt.date(1930, 12, 31)),
        ("1930-07-01", dt.date(1930, 7, 1), dt.date(1930, 7, 1)),
        ("1930/31", dt.date(1930, 7, 1), dt.date(1931, 6, 30)),
        ("1928..1932", dt.date(1928, 1, 1), dt.date(1932, 12, 31)),
        ("1932-06-01..1933-06-01", dt.date(1932, 6, 1), dt.date(1933, 6, 1)),
    ],
)
def test_dates(text: str, start: dt.date, end: dt.date) -> None:
    period = parse_date(text)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    "text", ["", "30", "1930/32", "1932..1928", "1930..1931-01-01", "1930-02-30", "1930-7-1"]
)
def test_wrong_dates(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a(n agricultural year| date)"):
        parse_date(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("5.8", "5,8", "industry.csv, line 3: 13 cells, expected 12"),
        ("5.8", "many", "industry.csv, line 3, column value: 'many' is not a number"),
        ("5.8", "nan", "industry.csv, line 3, column value: 'nan' is not a finite number"),
        ("1930", "Oct 1930", "industry.csv, line 3, column date: 'Oct 1930' is not a date"),
        ("1930", "1928..1932", "industry.csv, line 3, column date: .* does not say what a span means"),
        ("million tonnes", "million metres", "industry.csv, line 3, column unit: steel is measured in"),
        ("million tonnes", "Mt", "industry.csv, line 3, column unit: unknown unit 'Mt'"),
        ("actual", "aktual", "industry.csv, line 3, column kind: .* nearest: actual"),
        ("transcribed", "guessed", "industry.csv, line 3, column evidence: unknown evidence 'guessed'"),
        ("transcribed", "reading", "industry.csv, line 3, column note: must not be empty: a reading says"),
        ("high", "hi", "industry.csv, line 3, column confidence: unknown confidence 'hi'"),
        ("a book", "", "industry.csv, line 3, column source: must not be empty"),
        ("steel", "steal", "industry.csv, line 3, column variable: .* nearest: steel"),
        ("pre-1939", "pre-1940", "industry.csv, line 3, column territory: .* nearest: USSR pre-1939"),
        ("USSR pre-1939", "", "industry.csv, line 3, column territory: unknown territory ''"),
    ],
)
def test_a_malformed_row_names_file_line_and_column(
    tmp_path: Path, described: Variables, old: str, new: str, said: str
) -> None:
    first = GOOD.replace("1930", "1929")
    with pytest.raises(documented.RecordError, match=said):
        read_record(written(tmp_path, first, GOOD.replace(old, new, 1)), described, NATIONAL)


def test_a_good_file_is_read(tmp_path: Path, described: Variables) -> None:
    (row,) = read_record(written(tmp_path, GOOD), described, NATIONAL)
    assert (row["value"], row["start"], row["end"]) == (5.8, "1930-01-01", "1930-12-31")


def test_a_duplicate_names_both_places(tmp_path: Path, described: Variables) -> None:
    with pytest.raises(
        documented.RecordError, match=r"line 3: steel / official .* given in industry.csv, line 2"
    ):
        read_record(written(tmp_path, GOOD, GOOD.replace("5.8", "5.9")), described, NATIONAL)


def test_a_row_in_the_wrong_file_is_refused(tmp_path: Path, described: Variables) -> None:
    with pytest.raises(
        documented.RecordError, match=r"trade.csv, line 2, column variable: steel belongs to .*industry"
    ):
        read_record(written(tmp_path, GOOD, name="trade.csv"), described, NATIONAL)


def test_wrong_columns_are_refused(tmp_path: Path, described: Variables) -> None:
    tmp_path.joinpath("industry.csv").write_text("variable,year,value\n", encoding="utf-8")
    with pytest.raises(documented.RecordError, match=r"industry.csv, line 1: the columns must be"):
        read_record(tmp_path, described, NATIONAL)


def test_a_described_variable_needs_a_figure(tmp_path: Path, described: Variables) -> None:
    with pytest.raises(documented.RecordError, match="steel is described but has no figure"):
        read_record(written(tmp_path), described, NATIONAL)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('measure = "flow"', 'measure = "flux"', r"\[steel\]: unknown measure 'flux'"),
        ('unit = "million tonnes"', 'unit = "Mt"', r"\[steel\]: unknown unit 'Mt'"),
        ('title = "Steel"', "", r"\[steel\]: title is missing"),
        ('title = "Steel"', 'title = "Steel"\ntitel = "x"', r"unknown field 'titel'; nearest: title"),
        ('title = "Steel"', "title = Steel", "variables.toml: "),
    ],
)
def test_a_malformed_description_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "variables.toml"
    path.write_text(DESCRIBED.replace(old, new), encoding="utf-8")
    with pytest.raises(documented.RecordError, match=said):
        read_variables(path)


def test_what_is_kept_of_the_record_is_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["planmodel.documented.files"]
    monkeypatch.setenv("PLANMODEL_CACHE", str(tmp_path))
    read = module.read_files.__wrapped__
    first = read()
    (kept,) = (tmp_path / "record").iterdir()
    monkeypatch.setattr(module, "read_record", None)  # not read again
    assert list(read()) == list(first)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1])  # damaged: read again
    with pytest.raises(TypeError):
        read()
    monkeypatch.undo()
    monkeypatch.setenv("PLANMODEL_CACHE", str(tmp_path))
    assert list(read()) == list(first)
    assert kept.read_bytes() == whole


def test_figures_are_kept_by_their_evidence() -> None:
    everything = documented.series("grain_harvest")
    for least, kept in (
        ("transcribed", ["transcribed"]),
        ("recalled", ["transcribed", "recalled"]),
        ("reading", ["transcribed", "recalled", "reading"]),
    ):
        expected = everything[everything["evidence"].isin(kept)].reset_index(drop=True)
        assert documented.series("grain_harvest", evidence=least).equals(expected)
    assert len(documented.series("grain_harvest", evidence="transcribed")) < len(everything)
    with pytest.raises(
        documented.UnknownSeriesError, match="unknown evidence 'transcibed'; nearest: transcribed"
    ):
        documented.series("grain_harvest", evidence="transcibed")


def planned(variable: str, version: str) -> float:
    (row,) = documented.catalogue().query("variable == @variable and version == @version").to_dict("records")
    assert row["kind"] == "plan"
    return float(row["value"])


def test_recalled_targets_agree_with_what_was_transcribed_of_them() -> None:
    """Fulfilment, rises and shares that the scanned book gives of the same plans."""
    made = {
        name: documented.values_by_year(name, "official")
        for name in ("steel", "pig_iron", "electricity", "sugar")
    }
    fulfilled = {
        ("electricity", "second_plan", 1937): 0.96,
        ("pig_iron", "second_plan", 1937): 0.91,
        ("pig_iron", "first_plan_1929", 1932): 0.62,
        ("steel", "first_plan_1929", 1932): 0.57,
        ("sugar", "first_plan_1929", 1932): 0.32,
    }
    for (name, version, year), share in fulfilled.items():
        assert made[name][year] / planned(name, version) == pytest.approx(share, abs=0.01)
    rise = planned("sugar", "third_plan") - made["sugar"][1937]
    assert rise == pytest.approx(planned("sugar_increase", "third_plan"), abs=0.001)
    assert planned("steel", "first_plan_1929") - made["steel"][1928] == pytest.approx(6.15, abs=0.05)


def test_directives_were_cut_and_quarterly_plans_are_a_part_of_the_year() -> None:
    for name in ("coal", "pig_iron", "electricity", "crude_oil", "grain_harvest"):
        assert planned(name, "second_plan") < 0.85 * planned(name, "directives_1932")
    for name in ("coal", "steel", "pig_iron"):
        share = planned(name, "quarterly_plan_1933_1") / planned(name, "annual_plan_1933")
        assert 0.19 < share < 0.25  # the first quarter is the weakest: 23.7 % of the plan of heavy industry


def test_plans_of_the_three_five_years_are_there_by_product() -> None:
    plans = documented.catalogue().query("kind == 'plan'")
    held = {version: set(group["variable"]) for version, group in plans.groupby("version")}
    assert {"coal", "steel", "pig_iron", "electricity", "sugar", "planned_investment"} <= (
        held["first_plan_1929"] & held["second_plan"] & held["third_plan"]
    )
