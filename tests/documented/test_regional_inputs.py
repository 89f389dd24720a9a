"""What the village needs to know of its regions: shares add up, what is documented is in the record."""

from pathlib import Path

import pytest

from planmodel import documented
from planmodel.documented.figures import Figures
from planmodel.documented.regional_inputs import FILE, quantities, read_quantities
from planmodel.documented.regions import by_region, regions
from planmodel.engine.errors import DeclarationError

AMOUNTS = [name for name, one in quantities().items() if one.adds == "sum"]
YEARS = (1928, 1929, 1930, 1931)
ROUNDED = 1e-4  # five digits of the table


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures(documented.catalogue())


@pytest.mark.parametrize("name", AMOUNTS)
def test_shares_add_up_to_one_with_and_without_the_boundary(name: str) -> None:
    one = quantities()[name]
    assert list(one.of) == list(regions())
    assert sum(one.shares().values()) == pytest.approx(1.0, abs=1e-12)
    within = one.shares(within=True)
    assert "south" not in within
    assert sum(within.values()) == pytest.approx(1.0, abs=1e-12)
    assert one.union is not None
    assert sum(one.values.values()) == pytest.approx(one.union, rel=2e-3)


def test_yields_make_the_mean_of_the_union_and_the_years_make_the_mean() -> None:
    """What closes the mean of the Union, the East, comes near the Urals, which are printed."""
    mean = quantities()["grain_yield"]
    area = quantities()["grain_area"].shares()
    assert sum(area[name] * value for name, value in mean.relative().items()) == pytest.approx(1.0, rel=2e-3)
    for name, value in mean.values.items():
        years = [quantities()[f"grain_yield_{year}"].values[name] for year in YEARS[:3]]
        assert value == pytest.approx(sum(years) / 3, rel=ROUNDED)
    assert mean.of["east"].value == pytest.approx(0.8835, rel=0.05)


@pytest.mark.parametrize("year", YEARS)
def test_yields_are_those_of_the_record(year: int, figures: Figures) -> None:
    table = quantities()[f"grain_yield_{year}"]
    recorded = by_region("grain_yield", str(year), "ivnitsky")
    for name in ("ukraine", "north_caucasus", "volga", "black_earth", "kazakhstan"):
        assert table.of[name].value == pytest.approx(recorded[name].value, rel=ROUNDED)
        assert table.of[name].evidence == recorded[name].evidence
    assert table.union == pytest.approx(figures.at("grain_yield", "ivnitsky", year), rel=ROUNDED)
    east, urals = table.of["east"], figures.at("grain_yield", "ivnitsky", year, territory="Urals")
    assert east.low <= urals * 1.001
    assert urals * 0.999 <= east.high
    assert east.evidence == "assumption"


def test_plans_are_those_of_the_record(figures: Figures) -> None:
    recorded = by_region("grain_procurement", "1930/31", "control_figures_may_1930", "plan")
    table = quantities()["grain_plan_1930"]
    documented_here = {name for name, entry in table.of.items() if entry.evidence == "transcribed"}
    assert documented_here == {name for name, one in recorded.items() if one.value is not None}
    for name in documented_here:
        assert table.of[name].value == pytest.approx(recorded[name].value, rel=ROUNDED)
    may = by_region("grain_procurement", "1932/33", "decree_6_may_1932", "plan")
    table = quantities()["grain_plan_1932"]
    for name in ("ukraine", "black_earth", "kazakhstan"):
        assert table.of[name].value == pytest.approx(may[name].value, rel=ROUNDED)
    for name in ("north_caucasus", "volga", "east"):  # what is printed is a floor
        assert 0.6 * table.of[name].value < sum(row["value"] for row in may[name].rows) < table.of[name].value
    ukraine = figures.at(
        "grain_procurement", "kosior_october_1931", "1931/32", kind="plan", territory="Ukraine"
    )
    assert quantities()["grain_plan_1931"].of["ukraine"].value == pytest.approx(ukraine, rel=ROUNDED)


def test_exile_is_that_of_the_record() -> None:
    origin = by_region("deported_peasant_families", "1930..1931", "archival")
    for name, entry in quantities()["deported_families"].of.items():
        assert entry.value == pytest.approx(origin[name].value, rel=ROUNDED)
    arrivals = by_region("settler_arrivals", "1930..1931", "archival")
    for name, entry in quantities()["settler_arrivals"].of.items():
        assert entry.value == pytest.approx(sum(row["value"] for row in arrivals[name].rows), rel=ROUNDED)


def test_people_are_those_of_the_census_less_towns() -> None:
    people = by_region("population", "1926-12-17", ("census_regions_1926", "borders_of_1926"))
    for name, entry in quantities()["rural_population"].of.items():
        value = people[name].value
        assert value is not None
        assert 0.75 < entry.value / value < 0.95  # Ukraine 0.81, Central Black Earth 0.90


def test_the_order_of_the_drive() -> None:
    due = quantities()["drive_due"].values
    assert due["north_caucasus"] == due["volga"] < due["ukraine"] <= due["east"] < due["consumer_regions"]


def test_what_is_no_amount_has_no_shares() -> None:
    with pytest.raises(DeclarationError, match="'drive_due' has no shares: its regions do not add up"):
        quantities()["drive_due"].shares()
    with pytest.raises(DeclarationError, match="'moving_herds' has no number of the Union"):
        quantities()["moving_herds"].relative()


def edited(tmp_path: Path, name: str, region: str, column: str, value: str) -> Path:
    """Copy the table with one cell changed."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    heads = [cell.strip() for cell in lines[0].split(",")]
    (at,) = [i for i, line in enumerate(lines) if [c.strip() for c in line.split(",")[:2]] == [name, region]]
    cells = lines[at].split(",")
    cells[heads.index(column)] = f" {value} "
    path = tmp_path / "regional_inputs.csv"
    path.write_text("\n".join([*lines[:at], ",".join(cells), *lines[at + 1 :]]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "region", "column", "value", "said"),
    [
        ("cattle", "ukraine", "value", "9.6", "'cattle': the regions make 71.5; allowed: 70.5, the Union's"),
        ("cattle", "ukraine", "value", "9", "'cattle': the regions make 70.9; allowed: 70.5, the Union's"),
        ("cattle", "ukraine", "value", "20", "value = 20; allowed: 6.45 to 10.75, its bounds"),
        ("cattle", "ukraine", "value", "many", "value = 'many'; allowed: a number from 0"),
        ("cattle", "ukraine", "value", "-1", "value = '-1'; allowed: a number from 0"),
        ("cattle", "ukraine", "region", "ukrain", "region = 'ukrain'. Did you mean 'ukraine'?"),
        ("cattle", "ukraine", "region", "volga", "'cattle' of volga is given twice"),
        ("cattle", "ukraine", "unit", "head", "unit = 'head'; allowed: million head"),
        ("cattle", "ukraine", "low", "", "low = '', high = '10.75'; allowed: both for an assumption"),
        ("cattle", "kazakhstan", "evidence", "assumption", "allowed: both for an assumption"),
        ("cattle", "ukraine", "evidence", "certain", "evidence = 'certain'; allowed: transcribed, recalled"),
        ("cattle", "ukraine", "kind", "count", "kind = 'count'; allowed: actual, plan"),
        (
            "cattle",
            "union",
            "adds",
            "total",
            "adds = 'total'; allowed: sum, nothing, or one of mean by rural_",
        ),
        ("cattle", "union", "adds", "mean by pigs", "adds = 'mean by pigs'; allowed: sum"),
        ("cattle", "union", "value", "", "'cattle': no number of the union to which the regions add up"),
        ("cattle", "union", "name", "cows", "'cows': no row of ukraine, north_caucasus"),
    ],
)
def test_a_malformed_table_is_refused(
    tmp_path: Path, name: str, region: str, column: str, value: str, said: str
) -> None:
    with pytest.raises(DeclarationError) as refused:
        read_quantities(edited(tmp_path, name, region, column, value))
    assert "regional_inputs.csv" in str(refused.value)
    assert said in str(refused.value)
