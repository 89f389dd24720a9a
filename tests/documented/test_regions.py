"""Regions of the village: what they are made up of, and that their figures make up the Union."""

from pathlib import Path

import pytest

from planmodel import documented
from planmodel.documented.catalogue import UnknownSeriesError
from planmodel.documented.figures import Figures, MissingFigureError
from planmodel.documented.files import parts_of_the_country
from planmodel.documented.made_of import FILE, read_regions, read_wholes
from planmodel.documented.reading import RecordError
from planmodel.documented.regions import by_region, figure_of, regions, wholes

LABELS = [
    "ukraine",
    "north_caucasus",
    "volga",
    "black_earth",
    "consumer_regions",
    "east",
    "kazakhstan",
    "south",
]
# In the borders of 1929-34, or with what lies within them, where the census has others.
NOT_OF_THEIR_BORDERS = (
    *("Moscow oblast", "Leningrad oblast", "Karelian ASSR", "Ivanovo oblast", "Siberia", "Far East"),
    *("Moldavian ASSR", "Tatar ASSR"),
)
CENSUS_1926 = ("census_regions_1926", "borders_of_1926")


def union(variable: str, version: str, date: str, kind: str | None = None) -> float:
    return Figures(documented.catalogue()).at(variable, version, date, kind=kind)


def test_seven_regions_and_a_boundary() -> None:
    assert list(regions()) == LABELS
    assert [name for name, one in regions().items() if one.boundary] == ["south"]


def test_no_district_of_krais_and_oblasts_is_left_out() -> None:
    """What lies directly within the Union, the RSFSR or Ukraine has a region, unless it is a part of one."""
    within = {name for one in regions().values() for name in one.territories}
    parts = parts_of_the_country()
    left = {name for name, (whole, _) in parts.items() if whole in ("USSR pre-1939", "RSFSR", "Ukraine")}
    cities = {name for name, (_, borders) in parts.items() if borders == "City"}
    assert left - within - cities == {
        # of several regions
        *("RSFSR", "RSFSR with Kazakhstan and Kirgizia", "RSFSR without Kazakhstan"),
        *("Lower and Middle Volga, North Caucasus", "Lower Volga and Don"),
        "Twelve cities over 200 000 in 1926",
        # parts of a region, beside which others have no figure
        *("North Caucasus krai of 1935", "Azov-Black Sea krai", "Stalingrad krai", "Saratov krai"),
        *("Kuibyshev krai", "Central Volga", "Moscow periphery", "Kuzbass", "Arctic camps", "Kolyma"),
        *("Kolyma-Indigirka (Dalstroi)", "Chernihiv oblast", "Ukraine, certain regions"),
        "Vinnytsia, Dnipropetrovsk, Odesa, Moldavian ASSR",
    }


def test_people_of_the_regions_are_those_of_the_union() -> None:
    """Both censuses, to the thousand that parts recalled from memory leave open."""
    for date, versions, whole in (
        ("1926-12-17", CENSUS_1926, "census_tables"),
        ("1939-01-17", ("published_1939",), "published_1939"),
    ):
        found = by_region("population", date, versions)
        added = sum(one.value for one in found.values() if one.value is not None)
        assert len(found) == 8
        assert added == pytest.approx(union("population", whole, date), abs=0.001)


def test_weights_are_the_people_of_a_census() -> None:
    """Where the record has a part, in either census: weights were rounded to ten thousand."""
    figures = documented.catalogue().query("variable == 'population'")
    census = figures[figures["date"].isin(["1926-12-17", "1939-01-17"])]
    held = {name: list(some["value"]) for name, some in census.groupby("territory")}
    checked = 0
    for one in regions().values():
        for parts in one.made_of:
            for name, people in parts.items():
                if name not in held or name in NOT_OF_THEIR_BORDERS:
                    continue
                assert min(abs(people - value) for value in held[name]) < 0.006, name
                checked += 1
    assert checked > 70


def test_five_regions_less_belarus_are_the_rsfsr_without_kazakhstan() -> None:
    one = wholes()["RSFSR without Kazakhstan"]
    found = by_region("population", "1939-01-17", "published_1939")
    added = sum(value for name in one.regions if (value := found[name].value) is not None)
    figures = Figures(documented.catalogue())
    asked = ("population", "published_1939", "1939-01-17")
    less = sum(figures.at(*asked, territory=name) for name in one.less)
    assert added - less == pytest.approx(figures.at(*asked, territory="RSFSR"), abs=0.001)


def test_exiled_families_of_the_regions_are_those_of_the_union() -> None:
    found = by_region("deported_peasant_families", "1930..1931", "archival")
    added = sum(one.value for one in found.values() if one.value is not None)
    assert added == pytest.approx(union("deported_peasant_families", "archival", "1930..1931"), abs=1e-9)


def test_a_figure_keeps_version_kind_and_weakest_evidence() -> None:
    consumers = figure_of("consumer_regions", "population", "1926-12-17", CENSUS_1926)
    assert consumers.versions == ["census_regions_1926", "borders_of_1926"]  # Belarus is of the second
    assert consumers.kinds == ["actual"]
    assert consumers.evidence == "recalled"
    assert figure_of("ukraine", "population", "1926-12-17", CENSUS_1926).evidence == "transcribed"


def test_the_first_version_goes_before_the_second() -> None:
    there = ("kazakhstan", "population", "1926-12-17")
    assert figure_of(*there, ("published_1939", "ohayon")).value == 6.073979
    assert figure_of(*there, ("ohayon", "published_1939")).value == 6.2


def test_where_a_part_lacks_a_figure_nothing_is_added() -> None:
    plan = ("grain_procurement", "1930/31", "control_figures_may_1930", "plan")
    east = by_region(*plan)["east"]
    assert east.value is None
    assert east.missing == ("Far East",)
    assert east.partial == pytest.approx(1.0811 + 0.44227 + 1.8838)
    assert east.held == pytest.approx(1 - 2.17 / (6.79 + 2.67 + 9.18 + 2.17))
    assert {row["territory"] for row in east.rows} == {"Urals", "Bashkir ASSR", "Siberia"}
    with pytest.raises(
        MissingFigureError, match="grain_procurement of east for 1930/31: no figure of Far East"
    ):
        figure_of("east", *plan)


def test_a_mean_needs_most_of_the_people() -> None:
    there = ("volga", "collectivised_share", "1930-03-01", "davies")
    with pytest.raises(MissingFigureError, match="no figure of Middle Volga, Tatar ASSR"):
        figure_of(*there)  # the Lower Volga alone
    assert figure_of(*there, least=0.3).value == 0.701
    both = figure_of("volga", "collectivised_share", "1929-10-01", "davies")
    assert both.held == pytest.approx((5.53 + 6.99) / (5.53 + 6.99 + 2.59))
    assert both.value == pytest.approx((5.53 * 0.181 + 6.99 * 0.089) / (5.53 + 6.99))


def test_changes_of_parts_do_not_add_up() -> None:
    found = by_region("cattle_change_over_period", "1929-01-01..1932-07-31", "siberia_mobilisation")
    assert (found["east"].value, found["east"].partial) == (None, None)
    assert figure_of(
        "ukraine", "kolkhoz_harvest_change_over_period", "1932..1933", "selskoe_khozyaistvo_1935"
    )


def test_several_figures_of_a_part_are_refused() -> None:
    asked = ("excess_deaths", "1931..1933", "kotkin")
    with pytest.raises(UnknownSeriesError, match=r"several figures of Kazakhstan .* allowed: one kind"):
        by_region(*asked)
    assert by_region(*asked, "estimate_low")["kazakhstan"].value == 1.2


def test_a_wrong_name_is_told() -> None:
    with pytest.raises(UnknownSeriesError, match="unknown region 'volgo'; nearest: volga; known: ukraine"):
        figure_of("volgo", "population", "1926-12-17", CENSUS_1926)
    with pytest.raises(UnknownSeriesError, match=r"unknown date of population .*; known: 1926-12-17"):
        by_region("population", "1926", CENSUS_1926)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Ukraine" = 29.02', '"Ukrain" = 29.02', "[ukraine], made_of: unknown territory 'Ukrain'"),
        (
            '"Ukraine" = 29.02',
            '"Ukraine" = 0',
            "made_of, Ukraine: 0 is not allowed; allowed: millions above 0",
        ),
        ('"Ukraine" = 29.02', '"Urals" = 6', "[east]: Urals lies within ukraine already"),
        ("boundary = true", 'boundary = "yes"', "[south], boundary: 'yes' is not allowed; allowed: true or"),
        ("boundary = true", "border = true", "[south]: unknown key 'border'; nearest: boundary"),
        ('title = "Kazakhstan"', 'title = ""', "[kazakhstan], title: '' is not allowed; allowed: a text"),
    ],
)
def test_a_malformed_table_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "regions.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_regions(path, list(parts_of_the_country()))
    assert str(refused.value).startswith("regions.toml, [")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"RSFSR without Kazakhstan"', '"RSFSR without"', "[wholes.RSFSR without]: unknown territory"),
        (
            '"black_earth", "consumer',
            '"black_eart", "consumer',
            "regions: unknown name 'black_eart'; nearest",
        ),
        ('less = ["Belarus"]', "", "is not allowed; allowed: regions and less"),
    ],
)
def test_a_malformed_whole_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "regions.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        read_wholes(path, list(parts_of_the_country()), list(regions()))
    assert said in str(refused.value)
