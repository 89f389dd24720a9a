"""Parts of the country: declared, and never taken for the whole."""

from pathlib import Path

import pytest

from planmodel import documented
from planmodel.documented.figures import Figures
from planmodel.documented.files import HERE, parts_of_the_country
from planmodel.documented.reading import read_territories
from planmodel.documented.typed import recorded
from planmodel.documented.vocabulary import COMPARABLE, FACTUAL, NATIONAL


def mixed() -> list[tuple[str, str]]:
    """Name the versions that speak of the whole country and of its parts."""
    record = documented.catalogue()
    record["whole"] = record["territory"].isin(NATIONAL)
    kinds = record.groupby(["variable", "version"])["whole"].nunique()
    return [(str(variable), str(version)) for variable, version in kinds[kinds == 2].index]


def test_every_territory_is_declared_and_every_declared_one_has_a_figure_or_parts() -> None:
    used = set(documented.catalogue()["territory"])
    parts = parts_of_the_country()
    assert used <= {*NATIONAL, *parts}
    assert set(parts) - used <= {within for within, _ in parts.values()}


def test_there_are_versions_of_the_whole_and_of_parts() -> None:
    assert {("grain_procurement", "control_figures_may_1930"), ("collectivised_share", "davies")} <= set(
        mixed()
    )


@pytest.mark.parametrize(("variable", "version"), mixed())
def test_nothing_of_the_whole_country_is_of_a_part(variable: str, version: str) -> None:
    for kinds in (None, FACTUAL):
        try:
            series = recorded(variable, version, kinds=kinds, ranges=True)
        except ValueError:
            continue  # plan and actual of one date: refused, not mixed
        assert set(series.territories) <= set(NATIONAL)
    assert set(
        recorded(variable, version, kinds=FACTUAL, territories=COMPARABLE, ranges=True).territories
    ) <= set(COMPARABLE)
    national = documented.series(variable, version, territories=documented.whole_country(variable, version))
    found = Figures(documented.catalogue()).dated(variable, version)
    assert set(found) <= set(national["date"])
    assert set(found.values()) <= set(national["value"])


def test_values_by_year_leave_out_parts() -> None:
    assert documented.values_by_year("grain_harvest", "tauger") == {1932: 50.1}  # not Ukraine's 8.5
    with pytest.raises(documented.UnknownSeriesError, match="no figure for a calendar year"):
        documented.values_by_year("excess_deaths", "kulchytsky")


def test_a_part_can_be_asked_for() -> None:
    (figure,) = recorded("grain_harvest", "tauger", territories=("Ukraine",))
    assert figure.value == 8.5
    assert set(documented.series("grain_yield", territories=["Kazakhstan"])["territory"]) == {"Kazakhstan"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Ukraine,USSR pre-1939,", "line 3, column territory: 'Ukraine' is empty or already given"),
        ("USSR pre-1939,,", "line 3, column territory: 'USSR pre-1939' is empty or already given"),
        ("Kyiv oblast,Ukrain,", "Kyiv oblast, column within: unknown territory 'Ukrain'; nearest: Ukraine"),
        ("Kyiv oblast,Ukraine", "line 3: 2 cells, expected 3"),
    ],
)
def test_a_malformed_table_of_territories_is_refused(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "territories.csv"
    path.write_text(f"territory,within,borders\nUkraine,USSR pre-1939,\n{row}\n", encoding="utf-8")
    with pytest.raises(documented.RecordError, match=f"territories.csv, {said}"):
        read_territories(path)
    assert read_territories(HERE / path.name)["Kyiv oblast"][0] == "Ukraine"


def test_the_shift_of_the_plan_is_in_the_record() -> None:
    """The share taken in the North Caucasus rose, and its plan fell less than its harvest."""
    figures = Figures(documented.catalogue())
    there = {"territory": "North Caucasus krai"}
    shares = [
        figures.at("grain_procurement", "forum_text", f"{year}/{year - 1899}", **there)
        / figures.at("grain_harvest", "forum_text", year, **there)
        for year in (1928, 1930)
    ]
    shares.append(figures.at("grain_procurement_share", "oskolkov", "1932/33", **there))
    assert shares == pytest.approx([0.22, 0.38, 0.638], abs=0.005)
