"""Regions beside the record: scores, pages and sheets, on the villages of docs/own_economy.md."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from browser import MISSING, REASON, browser
from cli_calls import fits, planmodel
from villages import FIGURES, LABELS, SHOWN, TERRITORIES, documented

from planmodel.engine import UserError
from planmodel.report.regional_figures import COUNTRY, multiples_of, regional_section
from planmodel.report.regional_record import regional_quantities, territories_of
from planmodel.report.regional_score import RegionalScore, score_regions
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.scenario.by_region import by_region
from planmodel.show.multiples import scale_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = documented(tmp_path_factory.mktemp("economy"))
    text = 'extends = "by_regions"\ntitle = "With figures"\ndata = ["figures.csv"]\n'
    (folder / "with_figures.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return load_scenario(folder / "with_figures.toml")


@pytest.fixture(scope="module")
def dataset(scenario: Scenario) -> xr.Dataset:
    return History(scenario, range(3), 1).run().dataset


@pytest.fixture(scope="module")
def scored(scenario: Scenario, dataset: xr.Dataset) -> RegionalScore:
    found = score_regions(dataset, scenario, 0.3)
    assert found is not None
    return found


def copy_of(folder: Path, into: Path, **files: str) -> Path:
    shutil.copytree(folder, into / "villages")
    for name, text in files.items():
        (into / "villages" / f"{name}.toml").write_text(text, encoding="utf-8")
    return into / "villages"


# ---- the score ---------------------------------------------------------------------------------------------


def test_each_figure_stands_beside_what_its_region_has(scored: RegionalScore, dataset: xr.Dataset) -> None:
    rows = {(r["region"], r["date"], r["version"]): r for r in scored.points.to_dict("records")}
    assert (
        len(rows) == len(scored.points) == 7
    )  # neither plan, nor the floor alone, nor the half of the north
    taken = dataset["taken_south"].sel(time="1930").sum("time").median()
    row = rows["south", "1930", "archive"]
    assert row["model"] == pytest.approx(float(taken), rel=1e-12)
    assert row["recorded"] == pytest.approx(9.5)
    assert row["error"] == pytest.approx(float(taken) / 9.5 - 1.0)
    both = rows["south", "1930", "guess"]
    assert (both["recorded"], both["low"], both["high"]) == pytest.approx((10.0, 8.0, 12.0))
    span = dataset["taken_south"].sel(time=slice("1929", "1930")).sum("time").median()
    assert rows["south", "1929..1930", "memoirs"]["model"] == pytest.approx(float(span), rel=1e-12)
    day = dataset["people_south"].sel(time="1931-06-30").median()
    assert rows["south", "1931-07-01", "count"]["model"] == pytest.approx(float(day), rel=1e-12)
    assert set(scored.points["evidence"]) == {"own"}


def test_what_is_near_is_counted_by_the_tolerance(scenario: Scenario, dataset: xr.Dataset) -> None:
    for tolerance in (0.01, 0.3, 9.0):
        found = score_regions(dataset, scenario, tolerance)
        assert found is not None
        expected = (found.points["model"] / found.points["recorded"] - 1.0).abs() <= tolerance
        assert found.points["near"].tolist() == expected.tolist()


def test_the_screen_has_the_table_and_the_line(folder: Path) -> None:
    answer = planmodel("score", str(folder / "by_regions.toml"), "--data", str(folder / "figures.csv"))
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    said = " ".join(answer.out.split())
    assert re.search(r"taken +south +1930 +9\.50 +9\.74 +\+3 % +archive +own", answer.out)
    assert "Not compared: 2 plans, and floors or ceilings alone." in said
    assert "By region: 6 of 7 figures near the model (86 %), of 2 series and 2 regions" in said


def test_one_country_takes_no_figures_of_its_parts(folder: Path) -> None:
    message = planmodel("score", str(folder), "--data", str(folder / "figures.csv")).message
    assert (
        "'other_count' of villagers is of Ukraine, villagers of the model of the borders of 1938" in message
    )
    assert regional_quantities(load_scenario(folder)) == []


def test_figures_of_the_country_are_compared_with_the_country(folder: Path, tmp_path: Path) -> None:
    other = copy_of(folder, tmp_path)
    more = "villagers,whole,1931-07-01,990,persons,actual,USSR pre-1939\n"
    (other / "figures.csv").write_text(FIGURES + more, encoding="utf-8")
    scenario = load_scenario(other / "with_figures.toml")
    assert scenario.record == {"villagers": ["whole"]}
    people, *_ = multiples_of(History(scenario, [0]).run().dataset, scenario)
    (whole,) = people.panels[-1].points
    assert (whole.label, whole.y) == ("whole", (990.0,))
    answer = planmodel("score", str(other / "with_figures.toml"))
    assert "All series: 1 of 1 points near the model" in answer.out
    assert "By region: 6 of 7 figures" in answer.out


def test_an_economy_of_one_country_has_no_score_by_region() -> None:
    assert regional_quantities(load_scenario("kuzbass"), judged=True) == []


# ---- what the economy says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        (
            "figures",
            '"people"',
            '"peopel"',
            "by_region: no quantity is called 'peopel'; did you mean 'people'",
        ),
        (
            "figures",
            'variable = "fed"',
            'variable = "fed"\nrecord = "catle"',
            "no variable 'catle'; did you mean 'cattle'",
        ),
        (
            "figures",
            'variable = "fed"',
            'variable = "fed"\nrecord = "cattle"',
            "'million head' in the record, '1'",
        ),
        ("figures", '"letter"', '"leter"', "version of grain_taken"),
        ("figures", "title", "titel", "by_region.1.titel"),
        ("regions", "[north]", "[nord]", r"regions.toml: nord: no such region; allowed: north, south"),
        ("regions", '"Ukraine"', '"Ukrane"', "Ukrane"),
    ],
)
def test_what_does_not_fit_is_one_line(
    folder: Path, tmp_path: Path, name: str, before: str, after: str, told: str
) -> None:
    text = {"figures": SHOWN, "regions": TERRITORIES}[name]
    assert before in text
    wrong = copy_of(folder, tmp_path, **{name: text.replace(before, after)})
    with pytest.raises(UserError, match=told):
        regional_quantities(load_scenario(wrong / "with_figures.toml"))


def test_regions_of_the_village_are_those_of_the_record_by_their_label(folder: Path, tmp_path: Path) -> None:
    wrong = copy_of(folder, tmp_path)
    (wrong / "regions.toml").unlink()
    for name in ("villages.csv", "regions.csv", "villages.py", "baseline.toml"):
        text = (
            (wrong / name).read_text(encoding="utf-8").replace("north", "ukraine").replace("south", "volga")
        )
        (wrong / name).write_text(text, encoding="utf-8")
    found = territories_of(load_scenario(wrong / "by_regions.toml").declared)
    assert list(found) == ["ukraine", "volga"]
    assert "Lower Volga" in found["volga"].territories


def test_files_of_regions_are_no_scenarios(folder: Path) -> None:
    answer = planmodel("scenarios", "--economy", str(folder))
    assert answer.status == 0
    assert "by_regions" in answer.out
    assert not re.search(r"^regions\b", answer.out, re.M)


def test_parts_that_no_region_has_are_told(scenario: Scenario) -> None:
    economy = scenario.declared
    both = economy.quantity("grain_barns")
    mixed = by_region(economy, both.__class__("grain", "", "tonnes", "stock", ("grain_barns", "grain_store")))
    assert mixed is not None
    assert (mixed.lacking, mixed.at("north").parts) == (("grain_store",), ("grain_barns_north",))
    assert by_region(economy, "grain_store") is None
    over = both.__class__("share", "", "1", "ratio", ("taken",), over=("grain_store",))
    assert by_region(economy, over) is None
    assert [by_region(economy, name).level for name in ("people", "fed")] == [False, True]  # type: ignore[union-attr]


def test_what_is_no_quantity_of_the_country_is_shown_of_regions(folder: Path, tmp_path: Path) -> None:
    other = copy_of(folder, tmp_path)
    table = (other / "villages.csv").read_text(encoding="utf-8").replace("mean by people", "")
    (other / "villages.csv").write_text(table, encoding="utf-8")
    equations = (other / "villages.py").read_text(encoding="utf-8")
    equations = equations.replace("share, fed", "share").replace("share * fed", "share")
    (other / "villages.py").write_text(equations, encoding="utf-8")
    text = (other / "economy.toml").read_text(encoding="utf-8").replace('"fed", ', "")
    (other / "economy.toml").write_text(text, encoding="utf-8")
    scenario = load_scenario(other / "by_regions.toml")
    *_, fed = multiples_of(History(scenario, [0]).run().dataset, scenario)
    assert [panel.title for panel in fed.panels] == list(LABELS)
    assert fed.common


def test_the_soviet_economy_shows_nothing_by_region_as_one_country() -> None:
    economy = registry.economy()
    if economy.axes.get("region"):  # it has regions
        return
    assert regional_quantities(load_scenario("baseline"), judged=True) == []


# ---- drawing -----------------------------------------------------------------------------------------------


def test_a_plot_a_region_and_the_country(scenario: Scenario, dataset: xr.Dataset) -> None:
    people, taken, fed = multiples_of(dataset, scenario)
    for one in (people, taken, fed):
        assert [panel.title for panel in one.panels] == [*LABELS, COUNTRY]
    assert [one.common for one in (people, taken, fed)] == [False, False, True]
    south = taken.panels[1]
    assert south.x == pytest.approx([1928.5, 1929.5, 1930.5, 1931.5], abs=0.01)
    yearly = dataset["taken_south"].groupby("time.year").sum().median("member")
    np.testing.assert_allclose(south.middle, yearly.values, rtol=1e-12)
    low, high = scale_of(fed.panels)
    assert low == 0.0
    assert high > max(panel.highest for panel in fed.panels)


def test_every_documented_point_is_drawn_with_its_version(scenario: Scenario, dataset: xr.Dataset) -> None:
    _, taken, _ = multiples_of(dataset, scenario)
    north, south, country = ({one.label: one for one in panel.points} for panel in taken.panels)
    assert set(north) == {"archive + letter"}
    assert set(south) == {"archive", "guess", "guess (floor)", "decree (plan)", "memoirs, 1929..1930 a year"}
    assert country == {}  # figures of parts are none of the country
    assert [south[name].hollow for name in ("archive", "guess (floor)", "decree (plan)")] == [
        False,
        True,
        True,
    ]
    assert south["guess"].style == south["guess (floor)"].style != south["archive"].style  # by version
    memoirs = south["memoirs, 1929..1930 a year"]
    assert memoirs.y == pytest.approx((25.0,))  # a total of two years, as its yearly mean
    assert memoirs.span == pytest.approx((1.0,), abs=0.01)
    assert memoirs.x == pytest.approx((1930.0,), abs=0.01)
    drawn = sum(len(one.y) for panel in taken.panels for one in panel.points)
    assert (
        drawn == FIGURES.count("grain_taken,") - 3
    )  # half of the north; two halves; a floor with its ceiling


def test_a_part_of_a_year_is_in_the_score_but_not_drawn(folder: Path, tmp_path: Path) -> None:
    other = copy_of(folder, tmp_path)
    more = "grain_taken,letter,1930-07-01..1930-09-30,2.5,tonnes,actual,Ukraine\n"
    (other / "figures.csv").write_text(FIGURES + more, encoding="utf-8")
    scenario = load_scenario(other / "with_figures.toml")
    dataset = History(scenario, [0]).run().dataset
    _, taken, _ = multiples_of(dataset, scenario)
    assert taken.said == ("Not drawn: 1 figures of parts of a year; planmodel score has them.",)
    scored = score_regions(dataset, scenario, 0.3)
    assert scored is not None
    assert "letter" in set(scored.points["version"])


def test_one_country_has_no_section(folder: Path) -> None:
    scenario = load_scenario(folder)
    dataset = History(scenario, [0]).run().dataset
    assert regional_section(dataset, scenario) == ()


# ---- pages -------------------------------------------------------------------------------------------------


class Pictures(HTMLParser):
    """Alternative texts of the pictures in the section by region."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.alt: list[str] = []
        self._here = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "section":
            self._here = about["id"] == "by_region"
        if tag == "img" and self._here:
            self.alt.append(about["alt"] or "")


ENSEMBLE = """
scenario = "{scenario}"
design = "sobol"
members = 8

[vary."parameters.state.*"]

[keep]
variables = [{names}]
{more}
"""


@pytest.fixture(scope="module")
def pages(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make a run with its page, and ensembles that keep members or statistics of regions."""
    here = tmp_path_factory.mktemp("pages")
    run = planmodel("run", str(folder / "with_figures.toml"), "--members", "3", "--out", str(here / "run"))
    assert run.status == 0, run.err
    kept = {
        "years": (("taken", "taken_north", "taken_south"), ""),
        "statistics": (("fed_north", "fed_south"), "statistics = true"),
        "country": (("taken", "fed"), ""),
    }
    for name, (names, more) in kept.items():
        text = ENSEMBLE.format(
            scenario=folder / "with_figures.toml", names=", ".join(f'"{n}"' for n in names), more=more
        )
        (here / f"{name}.toml").write_text(text, encoding="utf-8")
        answer = planmodel("ensemble", str(here / f"{name}.toml"), "--out", str(here / name))
        assert answer.status == 0, answer.err
    for name in ("run", *kept):
        assert planmodel("report", str(here / name)).status == 0
    return {name: here / name / "report.html" for name in ("run", *kept)}


def test_the_page_of_a_run_draws_and_judges_by_region(pages: dict[str, Path]) -> None:
    text = pages["run"].read_text(encoding="utf-8")
    shown = Pictures(text).alt
    assert len(shown) == 9
    assert [
        words
        for words in shown
        if "Grain taken by the state, tonnes, south" in words and "archive 9.5" in words
    ]
    assert "By region: 6 of 7 figures near the model" in text
    assert text.index("Figures</h2>") < text.index("By region</h2>") < text.index("Model against record</h2>")
    sheets = {file.name for file in (pages["run"].parent / "figures").glob("by_region_*.png")}
    assert sheets == {f"by_region_{name}.png" for name in ("people", "taken", "fed")}


def test_an_ensemble_draws_what_it_kept_by_region(pages: dict[str, Path]) -> None:
    years = Pictures(pages["years"].read_text(encoding="utf-8")).alt
    assert len(years) == 3  # north, south and the country
    assert len(Pictures(pages["statistics"].read_text(encoding="utf-8")).alt) == 2
    assert "By region</h2>" not in pages["country"].read_text(encoding="utf-8")


@pytest.mark.skipif(MISSING, reason=REASON)
@pytest.mark.parametrize(("width", "beside"), [(1280, 3), (390, 1)])
def test_in_a_browser(pages: dict[str, Path], width: int, beside: int) -> None:
    """Regions stand beside each other where there is room, and none is too small to be read."""
    with browser() as window:
        window.open(pages["run"], width)
        assert window.messages() == []
        assert window.run("return document.documentElement.scrollWidth") <= width
        places = window.run(
            "return [...document.querySelectorAll('#by_region .multiples')][0].querySelectorAll('img')"
            ".values().map(i => [i.getBoundingClientRect().top, i.width]).toArray()"
        )
        assert len(places) == 3
        assert sum(top == places[0][0] for top, _ in places) == beside
        assert min(size for _, size in places) >= 270


# ---- a comparison ------------------------------------------------------------------------------------------


def test_a_comparison_has_regions_side_by_side(folder: Path, tmp_path: Path) -> None:
    other = copy_of(folder, tmp_path)
    text = 'extends = "by_regions"\n[parameters.state]\nshare = 0.3\n'
    (other / "mild.toml").write_text(text, encoding="utf-8")
    names = [str(other / name) for name in ("by_regions.toml", "mild.toml", "baseline.toml")]
    answer = planmodel("compare", *names, "--members", "3", "--out", str(tmp_path / "c"), "--no-figures")
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    said = answer.out[answer.out.index("By region") :]
    assert re.search(r"grain taken, tonnes +1931 +mild +[\d.]+ \(0\) +[\d.]+ \(100\)", said)
    assert "baseline" not in said.split("Medians of")[0]  # it is one country
    assert "by_region.csv" in said
    rows = (tmp_path / "c" / "by_region.csv").read_text(encoding="utf-8")
    mild = History(load_scenario(other / "mild.toml"), range(3), 1).run().dataset
    taken = float(mild["taken_south"].sel(time="1931").sum("time").median())
    assert re.search(rf"taken,grain taken,tonnes,south,1931,mild,{taken:.10}"[:-2], rows)
    assert planmodel("report", str(tmp_path / "c")).status == 0
    assert "By region</h2>" in (tmp_path / "c" / "report.html").read_text(encoding="utf-8")


def test_regions_are_set_against_no_country(folder: Path, tmp_path: Path) -> None:
    """Where the first scenario is one country, no region of another has more or less than it."""
    names = [str(folder / name) for name in ("baseline.toml", "by_regions.toml")]
    answer = planmodel("compare", *names, "--members", "3", "--out", str(tmp_path / "c"), "--no-figures")
    assert answer.status == 0, answer.err
    said = answer.out[answer.out.index("By region") :].split("Medians of")[0]
    assert "by_regions" in said
    assert "(" not in said
    rows = pd.read_csv(tmp_path / "c" / "by_region.csv")
    assert set(rows["scenario"]) == {"by_regions"}
    assert rows[["ratio", "more"]].isna().all(axis=None)
    assert rows["median"].notna().all()


def test_countries_alone_are_compared_as_before(folder: Path, tmp_path: Path) -> None:
    other = copy_of(folder, tmp_path)
    text = 'extends = "baseline"\n[parameters.state]\nshare = 0.3\n'
    (other / "mild.toml").write_text(text, encoding="utf-8")
    names = [str(other / name) for name in ("baseline.toml", "mild.toml")]
    answer = planmodel("compare", *names, "--members", "1", "--out", str(tmp_path / "c"), "--no-figures")
    assert answer.status == 0, answer.err
    assert "By region" not in answer.out
    assert not (tmp_path / "c" / "by_region.csv").exists()
