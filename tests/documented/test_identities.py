"""The identities hold in the record, and a broken figure is named."""

import pandas as pd
import pytest

from planmodel import documented
from planmodel.documented.figures import Figures, MissingFigureError, same
from planmodel.documented.identities import IDENTITIES, Identity


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
    assert len(results) >= 250


def test_names_are_unique_and_reasons_given() -> None:
    names = [identity.name for identity in IDENTITIES]
    assert len(names) == len(set(names))
    assert all(identity.tolerance > 0 for identity in IDENTITIES)
    assert sum(bool(identity.reason) for identity in IDENTITIES) >= 20


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
    never = Identity("never", "steel = coal", 1.0, same(("steel", "official"), ("population", "census")))
    with pytest.raises(MissingFigureError, match="no date in common"):
        documented.check(identities=[never])


def test_low_and_high_figures_are_not_mistaken_for_one() -> None:
    figures = Figures(documented.catalogue())
    with pytest.raises(MissingFigureError, match="several figures for 1939"):
        figures.at("camp_population", "rosefielde", 1939)
    assert figures.at("camp_population", "rosefielde", 1939, kind="estimate_low") == pytest.approx(8.4)


def test_an_identity_gives_its_table() -> None:
    identity = next(one for one in IDENTITIES if one.name == "camps and colonies")
    table = identity.table(Figures(documented.catalogue()))
    assert list(table.columns) == ["date", "left", "right", "residual", "holds"]
    assert table["holds"].all()
