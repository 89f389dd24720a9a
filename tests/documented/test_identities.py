"""The identities hold in the record, and a broken figure is named."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from planmodel import documented
from planmodel.documented.figures import Figures, MissingFigureError
from planmodel.documented.formulas import every, make_formula
from planmodel.documented.identities import FILE, Identity, identities, read_identities
from planmodel.documented.reading import RecordError

SOME = """
["coal: growth"]
statement = "growth = ratio of two years"
tolerance = 0.002
left = "coal_growth.book"
right = "coal.official / coal.official[{before}] - 1"
dates = ["1935"]
"""


def changed(variable: str, version: str, date: str, factor: float) -> pd.DataFrame:
    """Copy the record with one figure multiplied."""
    record = documented.catalogue()
    one = (record["variable"] == variable) & (record["version"] == version) & (record["date"] == date)
    assert one.sum() == 1
    record.loc[one, "value"] *= factor
    return record


def test_everything_is_as_declared() -> None:
    results = documented.check()
    assert results[~results["ok"]].empty
    assert len(results) >= 303
    assert len(identities()) >= 107


def test_names_are_unique_and_reasons_given() -> None:
    names = [identity.name for identity in identities()]
    assert len(names) == len(set(names))
    assert all(identity.tolerance > 0 for identity in identities())
    assert sum(bool(identity.reason) for identity in identities()) >= 20


def test_accounts_cover_every_year() -> None:
    dates = documented.check().groupby("identity")["date"].agg(list)
    assert dates["population account"] == [f"{year}-01-01" for year in range(1928, 1940)]
    assert dates["camp account"] == [f"{year}-01-01" for year in range(1935, 1942)]


def test_the_emigration_of_1933_is_needed() -> None:
    record = documented.catalogue()
    results = documented.check(record[record["variable"] != "net_emigration"])
    failed = results[~results["ok"]]
    assert failed["identity"].tolist() == ["population account"]
    assert failed["date"].tolist() == ["1934-01-01"]
    assert failed["residual"].item() == pytest.approx(0.2, abs=0.002)


@pytest.mark.parametrize(
    ("variable", "version", "date", "factor", "identity"),
    [
        ("births", "andreev_darskii_kharkova", "1931", 1.001, "population account"),
        ("camp_released", "archival", "1936", 1.00001, "camp account"),
        ("colony_inmates", "archival", "1938-01-01", 1.00001, "camps and colonies"),
        ("grain_procurement", "official_average", "1933..1937", 1.1, "procurement averages"),
        ("grain_procurement_share", "lewin", "1935/36", 1.1, "procurement share"),
        ("village_grain_balance", "lewin", "1930/31", 1.01, "village balance"),
        ("goats", "great_soviet_encyclopedia", "1934-01-01", 1.1, "sheep and goats"),
        ("industrial_output_growth", "hodgman", "1936", 1.1, "Hodgman: yearly growth"),
        ("rural_population", "census_tables", "1937-01-06", 1.001, "census tables"),
        ("cattle", "july_count", "1930-07-01", 1.01, "cattle in the source text, July"),
        ("steel", "correlates_of_war", "1934", 1.01, "steel"),
        ("exports", "league_of_nations", "1932", 10.0, "exports"),
        ("urban_households_one_room_share", "book", "1930..1940", 1.1, "dwellings in Moscow"),
        ("demographic_losses", "maksudov_whole", "1931..1953", 1.1, "losses by Maksudov"),
        ("plan_fulfilment_coal", "annual_plan_1936", "1936", 1.01, "coal of 1936"),
    ],
)
def test_a_broken_figure_is_named(
    variable: str, version: str, date: str, factor: float, identity: str
) -> None:
    results = documented.check(changed(variable, version, date, factor))
    failed = results[~results["ok"]]
    assert identity in set(failed["identity"])
    assert (failed["status"] == "FAILS").any()


def test_a_disagreement_that_vanishes_is_reported() -> None:
    results = documented.check(changed("horses", "book", "1928-07-01", 33.5 / 38.4))
    failed = results[~results["ok"]]
    assert failed["identity"].tolist() == ["horses, 1928"]
    assert failed["status"].tolist() == ["AGREES, against the documented reason"]


def test_a_missing_figure_is_an_error_not_a_pass() -> None:
    record = documented.catalogue()
    gap = (record["variable"] == "births") & (record["date"] == "1930")
    with pytest.raises(
        MissingFigureError, match=r"births \(andreev_darskii_kharkova\) has no figure for 1930"
    ):
        documented.check(record[~gap])


def test_a_comparison_without_common_dates_is_an_error() -> None:
    never = Identity("never", "steel = people", 1.0, "steel.official", "population.census")
    with pytest.raises(MissingFigureError, match="no date in common"):
        documented.check(those=[never])


def test_low_and_high_figures_are_not_mistaken_for_one() -> None:
    figures = Figures(documented.catalogue())
    with pytest.raises(MissingFigureError, match="several figures for 1939"):
        figures.at("camp_population", "rosefielde", 1939)
    assert figures.at("camp_population", "rosefielde", 1939, kind="estimate_low") == pytest.approx(8.4)


def test_a_part_that_is_missing_is_an_error_not_a_smaller_sum() -> None:
    record = documented.catalogue()
    record = record[record["territory"] != "Crimean ASSR"]
    with pytest.raises(MissingFigureError, match=r"control_figures_may_1930\) has no figure for 1930/31"):
        documented.check(record)
    none = make_formula("sum(steel.official[1932, parts])", {"date": "1932"})
    with pytest.raises(MissingFigureError, match=r"steel \(official\) has no part of the country for 1932"):
        none(Figures(record))


def test_an_identity_gives_its_table() -> None:
    identity = next(one for one in identities() if one.name == "camps and colonies")
    table = identity.table(Figures(documented.catalogue()))
    assert list(table.columns) == ["date", "left", "right", "residual", "holds"]
    assert table["holds"].all()


@pytest.mark.parametrize(
    ("formula", "reckoned"),
    [
        ("steel.official", lambda at: at("steel", "official", "1932")),
        ("steel.official[{before}]", lambda at: at("steel", "official", "1931")),
        (
            "-(steel.official[1937] / steel.official) ** (1 / 5)",
            lambda at: -((at("steel", "official", "1937") / at("steel", "official", "1932")) ** 0.2),
        ),
        (
            "mean(grain_harvest.postwar_revision[1930 to 1932])",
            lambda at: sum(at("grain_harvest", "postwar_revision", str(y)) for y in (1930, 1931, 1932)) / 3,
        ),
        ("max(0, coal.official - 1e6, steel.official[1932])", lambda at: at("steel", "official", "1932")),
        ("steel.official[1899] or 2.5", lambda at: 2.5),
        (
            "camp_population.rosefielde[1939, estimate_low]",
            lambda at: at("camp_population", "rosefielde", "1939", kind="estimate_low"),
        ),
        (
            "population.age_tables[1934-01-01, USSR pre-1939]",
            lambda at: at("population", "age_tables", "1934-01-01", territory="USSR pre-1939"),
        ),
        (
            "grain_procurement.committee_july_1932[1932/33, Kyiv oblast, plan]",
            lambda at: at(
                "grain_procurement", "committee_july_1932", "1932/33", kind="plan", territory="Kyiv oblast"
            ),
        ),
        (
            "sum(population.published_1939[1926-12-17, Armenia + Georgia])",
            lambda at: sum(
                at("population", "published_1939", "1926-12-17", territory=name)
                for name in ("Armenia", "Georgia")
            ),
        ),
        (
            "sum(population.published_1939[1926-12-17, Azerbaijan + Armenia + Georgia])"
            " - sum(population.published_1939[1926-12-17, parts of Transcaucasia])",
            lambda at: 0,
        ),
        (
            "sum(population.borders_of_1926[1926-12-17, parts])",
            lambda at: pytest.approx(at("population", "census_tables", "1926-12-17")),
        ),
    ],
)
def test_a_formula_is_reckoned(formula: str, reckoned: Callable[..., float]) -> None:
    figures = Figures(documented.catalogue())
    found = make_formula(formula, {"date": "1932", "before": "1931"})(figures)
    assert found == reckoned(figures.at)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1930 to 1932", ["1930", "1931", "1932"]),
        ("1998/99 to 2000/01", ["1998/99", "1999/00", "2000/01"]),
        ("1930-07-01 to 1931-07-01", ["1930-07-01", "1931-07-01"]),
        ("1928..1932", ["1928..1932"]),
    ],
)
def test_a_stretch_of_dates_is_spread(text: str, dates: list[str]) -> None:
    assert every(text) == dates


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('left = "coal_growth.book"', "", "left: must be a text that is not empty"),
        ("tolerance = 0.002", "tolerance = 0", "tolerance: 0 is not a number above 0"),
        ("tolerance = 0.002", "tolerance = true", "tolerance: True is not a number above 0"),
        ("tolerance", "tolerence", "unknown field 'tolerence'; nearest: tolerance"),
        ("{before}", "{befor}", "right: unknown word 'befor'; nearest: before; known: date, year, before"),
        ('"1935"', '"193"', "dates: '193' is not a date; write 1930"),
        ('"1935"', '"1935 to 1934"', "dates: '1935 to 1934' is no stretch"),
        ('"1935"', '"1930 to 1930/31"', "dates: '1930 to 1930/31' is no stretch; write two years"),
        ('"1935"', "1935", "dates: 1935 is neither a date nor a table of texts with date"),
        ('"1935"', '{ before = "1934" }', "is neither a date nor a table of texts with date"),
        ("- 1", "- ", "is no formula"),
        ("- 1", "- coal", "right: 'coal' is not understood; write figures such as steel.official[1932]"),
        ("- 1", "- exit()", "right: 'exit()' is not understood"),
        ("[{before}]", "[1934 to 1935]", "right: coal has several dates; write mean(), sum() or max()"),
        ("[{before}]", "[before]", "right: 'before' is not a date"),
        ("[{before}]", "[1934, Ukrain]", "right: unknown territory 'Ukrain'; nearest: Ukraine"),
        ("[{before}]", "[1934, parts of Ukrain]", "right: unknown territory 'Ukrain'; nearest: Ukraine"),
        ("[{before}]", "[1934, parts of RSFSR]", "right: coal has several territories; write mean()"),
        ("[{before}]", "[1934, plan, Ukraine, Urals]", "more than dates, a kind and territories"),
        ('dates = ["1935"]', "", "right: 'coal.official / coal.official[{before}] - 1' is not one figure"),
        ('["coal: growth"]', "[coal", "identities.toml: "),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "identities.toml"
    file.write_text(SOME, encoding="utf-8")
    assert [one.name for one in read_identities(file)] == ["coal: growth"]
    assert old in SOME
    file.write_text(SOME.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_identities(file)
    assert said in str(caught.value)
    assert str(caught.value).startswith("identities.toml")


def test_every_field_of_the_file_is_told_at_its_head() -> None:
    head = FILE.read_text(encoding="utf-8").partition("# ---")[0]
    for word in ("left", "right", "dates", "tolerance", "reason"):
        assert f"`{word}`" in head
