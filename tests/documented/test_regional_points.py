"""Points of regions: what adds up, what is of a part only, ranges, and versions that are read together."""

from __future__ import annotations

from pathlib import Path

import pytest
from villages import FIGURES, TERRITORIES

from planmodel import record
from planmodel.documented.catalogue import Record, UnknownSeriesError
from planmodel.documented.files import parts_of_the_country
from planmodel.documented.made_of import Region, read_regions
from planmodel.documented.regional_points import INFINITE, RegionalPoint, regional_points
from planmodel.documented.regions import by_region


@pytest.fixture
def own(tmp_path: Path) -> tuple[Record, dict[str, Region]]:
    (tmp_path / "regions.toml").write_text(TERRITORIES, encoding="utf-8")
    (tmp_path / "figures.csv").write_text(FIGURES, encoding="utf-8")
    of = read_regions(tmp_path / "regions.toml", list(parts_of_the_country()))
    return record.add(tmp_path / "figures.csv"), of


def found(own: tuple[Record, dict[str, Region]], *together: list[str]) -> dict[str, RegionalPoint]:
    points = regional_points("grain_taken", own[1], own[0], together=together)
    return {f"{point.region} {point.date} {point.label}": point for point in points}


def test_an_amount_needs_all_parts_and_versions_read_together_may_have_them(
    own: tuple[Record, dict[str, Region]],
) -> None:
    alone, together = found(own), found(own, ["archive", "letter"])
    assert not [name for name in alone if name.startswith("north")]  # the Urals have less than four fifths
    assert set(together) - set(alone) == {"north 1930 archive + letter"}
    added = together["north 1930 archive + letter"]
    assert added.value == pytest.approx(99e-6)
    assert (added.missing, added.evidence) == ((), "own")


def test_a_floor_and_a_ceiling_are_a_range_and_a_floor_alone_is_no_fact(
    own: tuple[Record, dict[str, Region]],
) -> None:
    points = found(own)
    both, alone = points["south 1930 guess"], points["south 1931 guess (floor)"]
    assert [both.low, both.value, both.high] == pytest.approx([8e-6, 10e-6, 12e-6])
    assert both.factual
    assert (alone.high, alone.factual) == (INFINITE, False)
    assert not points["south 1930 decree (plan)"].factual
    assert alone.converted("million tonnes", "tonnes").value == pytest.approx(6.0)
    assert alone.converted("million tonnes", "tonnes").high == INFINITE


def test_beside_a_plain_figure_a_floor_and_a_ceiling_say_no_more(
    own: tuple[Record, dict[str, Region]], tmp_path: Path
) -> None:
    file = tmp_path / "more.csv"
    plain = "grain_taken,guess,1930,9,tonnes,estimate,Ukraine\n"
    file.write_text(FIGURES + plain, encoding="utf-8")
    points = regional_points("grain_taken", own[1], record.add(file))
    guesses = [point for point in points if (point.version, point.date) == ("guess", "1930")]
    assert [point.value for point in guesses] == pytest.approx([9e-6])


def test_points_of_the_record_are_what_its_regions_have() -> None:
    """All figures of a variable by region, as the command shows them, and no other."""
    points = regional_points("collectivised_share")
    assert len(points) > 10
    for point in points:
        one = by_region("collectivised_share", point.date, point.version, point.kind)[point.region]
        assert one.value == point.value
        assert (one.evidence, one.missing) == (point.evidence, point.missing)
        assert point.factual  # a mean of most of the people is a figure of the region


def test_an_amount_of_most_of_a_region_says_of_how_much() -> None:
    points = [point for point in regional_points("grain_harvest") if point.region == "north_caucasus"]
    assert {point.label for point in points} == {"forum_text (92 % of it)", "oskolkov (92 % of it)"}
    assert not any(point.factual for point in points)
    assert all(point.missing == ("Crimean ASSR",) for point in points)


def test_only_figures_that_are_firm_enough() -> None:
    everything, firm = (
        regional_points("grain_harvest"),
        regional_points("grain_harvest", evidence="transcribed"),
    )
    assert 0 < len(firm) < len(everything)
    assert {point.evidence for point in firm} == {"transcribed"}


def test_a_version_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownSeriesError, match="version of grain_harvest"):
        regional_points("grain_harvest", together=[["tauger", "nobody"]])
