"""The page of a folder: whole, self-contained, escaped, and with the figures of the folder."""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "cli"))
from browser import MISSING, REASON, Browser, browser
from cli_calls import planmodel
from folders import HOSTILE, made

KINDS = ("run", "years", "months", "calibration", "comparison", "analysis")
VOID = {"meta", "link", "img", "br"}
SCRIPT = Path(__file__).parents[2] / "planmodel" / "show" / "page.js"


class Page(HTMLParser):
    """What stands in a page: elements with attributes, text, cells by table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: dict[str, list[str]] = {}
        self.tables: list[list[list[str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.setdefault(self.open[-1] if self.open else "", []).append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One page of each kind: kind -> file in its folder."""
    files = {}
    for kind in KINDS:
        folder = made(kind, tmp_path_factory.mktemp(kind))
        answer = planmodel("report", str(folder))
        assert answer.status == 0, answer.err
        assert "report.html" in answer.out
        files[kind] = folder / "report.html"
    return files


@pytest.fixture(scope="module")
def read(pages: dict[str, Path]) -> dict[str, Page]:
    return {kind: Page(file.read_text(encoding="utf-8")) for kind, file in pages.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_is_there_and_can_be_reached(read: dict[str, Page], kind: str) -> None:
    page = read[kind]
    assert page.open == []  # every element is closed
    parts = [section["id"] for section in page.all("section")]
    wanted = {"question", "scenario", "figures", "balances", "provenance", "rerun"}
    wanted |= {"record", "checks"} if kind in ("run", "years", "months", "calibration") else {"outcome"}
    assert wanted <= set(parts)
    assert [link["href"] for link in page.all("a")] == [f"#{part}" for part in parts]
    assert len(page.all("h1")) == 1
    assert page.all("html") == [{"lang": "en"}]
    assert "width=device-width" in str(page.all("meta"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_fetched(read: dict[str, Page], kind: str) -> None:
    for tag, attributes in read[kind].elements:
        for name in ("src", "href", "srcset", "data", "action", "poster"):
            place = attributes.get(name, "#")
            assert place.startswith(("#", "data:")), f"{tag} {name}={place[:80]}"
    style = "".join(read[kind].words["style"])
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_configuration_says_is_text(read: dict[str, Page], pages: dict[str, Path], kind: str) -> None:
    page = read[kind]
    assert HOSTILE in "".join(page.words["h1"])
    assert HOSTILE in "".join(page.words["title"])
    assert "".join(page.words["script"]) == SCRIPT.read_text(encoding="utf-8")
    assert len(page.all("script")) == 1
    assert all("onerror" not in attributes for _, attributes in page.elements)
    assert "<img src=x" not in pages[kind].read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_figures_have_their_content_in_words(read: dict[str, Page], kind: str) -> None:
    pictures = read[kind].all("img")
    assert pictures
    for picture in pictures:
        assert picture["src"].startswith(("data:image/svg+xml;base64,", "data:image/png;base64,"))
        assert len(picture["alt"]) > 30
        if picture["src"].startswith("data:image/svg"):  # drawn for the page: first, last, highest, lowest
            assert any(letter.isdigit() for letter in picture["alt"])


@pytest.mark.parametrize("kind", KINDS)
def test_tables_are_whole_and_their_headings_are_buttons(read: dict[str, Page], kind: str) -> None:
    page = read[kind]
    assert page.tables
    for rows in page.tables:
        assert {len(row) for row in rows} == {len(rows[0])}
    heads = page.all("th")
    assert all(head == {"scope": "col"} for head in heads)
    assert len(page.all("button")) == len(heads)


def table(page: Page, first: str, second: str) -> list[list[str]]:
    """Return the rows of the table whose first two headings these are."""
    (rows,) = [rows[1:] for rows in page.tables if rows[0][:2] == [first, second]]
    return rows


def test_model_and_record_are_those_of_the_folder(read: dict[str, Page], pages: dict[str, Path]) -> None:
    comparison = pd.read_csv(pages["run"].parent / "comparison.csv")
    shown = {(row[1], row[2], row[3]): row[5:7] for row in table(read["run"], "quantity", "name")}
    assert len(shown) == len(comparison) > 50
    for row in comparison.to_dict("records"):
        recorded, model = shown[row["variable"], row["version"], str(row["date"])]
        assert float(recorded.replace(",", "")) == pytest.approx(row["recorded"], rel=6e-3, abs=1e-9)
        assert float(model.replace(",", "")) == pytest.approx(row["model"], rel=6e-3, abs=1e-9)


def test_the_difference_from_the_baseline_is_shown(read: dict[str, Page]) -> None:
    rows = {row[0]: row[1:] for row in table(read["run"], "key", "baseline")}
    assert rows["parameters.centre.patience"][1] == "1.6"
    assert rows["period.end"] == ["1940-12-31", "1933-12-31"]
    assert rows["decrees.hostile.title"][0] == "-"
    assert "parameters.cropping.harvest_1928" not in rows
    fitted = table(read["calibration"], "key", "baseline")
    assert {row[0] for row in fitted} <= {
        "parameters.cropping.harvest_1928",
        "parameters.livestock.cattle_slaughter",
    }


def test_checks_that_need_other_runs_are_said_to_be_open(read: dict[str, Page]) -> None:
    verdicts = table(read["run"], "verdict", "statement")
    assert {row[0] for row in verdicts} <= {"pass", "FAIL"}
    names = {row[2] for row in verdicts}
    assert "famine_of_1933" not in names  # asks for 1938, the run ends in 1933
    assert "Not judged" in "".join(read["run"].words["p"])
    assert "planmodel check" in "".join(read["run"].words["code"])


def test_the_page_says_how_the_books_close_and_how_to_run_it_again(
    read: dict[str, Page], pages: dict[str, Path]
) -> None:
    manifest = json.loads((pages["run"].parent / "manifest.json").read_text(encoding="utf-8"))
    worst = manifest["audit"]["worst_residual_over_turnover"]
    assert f"{worst:.1e}" in "".join(read["run"].words["p"])
    gaps = [float(row[5]) for row in table(read["run"], "balance", "year")]
    assert len(gaps) > 20
    assert max(gaps) < 1e-9
    scenario = pages["run"].parent / "scenario.toml"
    assert f"planmodel run {scenario} " in "".join(read["run"].words["code"])
    assert ["git", manifest["git"]] in [row for rows in read["run"].tables for row in rows]


def test_months_are_judged_and_years_are_not(read: dict[str, Page]) -> None:
    assert "none is judged" in "".join(read["years"].words["p"])
    assert "none is judged" not in "".join(read["months"].words["p"])


def test_a_comparison_and_an_analysis_show_their_tables(read: dict[str, Page]) -> None:
    rows = table(read["comparison"], "quantity", "unit")
    assert rows[1] == ["Deaths", "million", "1932", "other", "4.25", "3.50", "5.00", "0.773", "25 %"]
    beside = table(read["comparison"], "quantity", "year")
    assert beside == [["Deaths, million", "1932", "5.50", "4.25 (25)"]]
    said = "".join(read["comparison"].words["p"])
    assert "baseline: has changed since" in said
    assert f"{HOSTILE}: is no ready scenario" in said
    assert table(read["analysis"], "output", "unit")[0][3:6] == [
        "mu_star",
        "parameters.cropping.harvest_1928",
        "0.700",
    ]
    assert table(read["analysis"], "input", "range") == [
        ["parameters.cropping.harvest_1928", "low 64, high 80"]
    ]
    assert "Deaths: not interpreted" in "".join(read["analysis"].words["p"])
    assert "3 of 20 failed" in "".join(read["analysis"].words["p"])


def test_an_earlier_page_is_replaced_by_force_only(pages: dict[str, Path]) -> None:
    file = pages["years"]
    before = file.read_bytes()
    assert "--force" in planmodel("report", str(file.parent)).message
    assert file.read_bytes() == before
    file.write_bytes(before + b" ")
    assert planmodel("report", str(file.parent), "--force").status == 0
    assert file.read_bytes() == before  # the same folder gives the same page


def test_force_does_not_replace_what_is_no_page(pages: dict[str, Path], tmp_path: Path) -> None:
    letter = tmp_path / "letter.html"
    letter.write_text("<p>Dear all", encoding="utf-8")
    folder = str(pages["years"].parent)
    message = planmodel("report", folder, "--out", str(letter), "--force").message
    assert "is not a page of planmodel" in message
    assert letter.read_text(encoding="utf-8") == "<p>Dear all"


def test_a_run_may_replace_its_folder_with_the_page_in_it(tmp_path: Path) -> None:
    out = tmp_path / "short"
    words = ("run", "one_country", "--until", "1928-01-31", "--out", str(out), "--quiet", "--no-figures")
    assert planmodel(*words).status == 0
    assert planmodel("report", str(out)).status == 0
    assert planmodel(*words, "--force").status == 0
    assert not (out / "report.html").exists()
    (out / "report.html").write_text("mine", encoding="utf-8")
    assert "report.html" in planmodel(*words, "--force").message


BAD = {
    "nothing": (None, "does not exist; allowed: the folder of a run, an ensemble, a calibration"),
    "no_manifest": ({}, "has no manifest.json; allowed"),
    "no_json": ({"manifest.json": "{"}, "is not JSON"),
    "a_list": ({"manifest.json": "[]"}, "is not one of planmodel"),
    "foreign": ({"manifest.json": '{"name": "web app", "icons": []}'}, "is not one of planmodel"),
    "torn": ({"manifest.json": '{"audit": {}, "scenario": "baseline"}'}, "'members' is missing"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_folder_that_is_none_of_ours_is_refused(name: str, tmp_path: Path) -> None:
    files, said = BAD[name]
    folder = tmp_path / "folder"
    if files is not None:
        folder.mkdir()
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
    message = planmodel("report", str(folder)).message
    assert str(folder) in message
    assert said in message
    assert not list(tmp_path.rglob("*.html"))


@pytest.mark.parametrize("lost", ["results.nc", "events.csv", "scenario.toml"])
def test_a_folder_that_lost_a_file_is_refused(lost: str, pages: dict[str, Path], tmp_path: Path) -> None:
    for file in pages["run"].parent.iterdir():
        if file.is_file() and file.name not in (lost, "report.html"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert lost in planmodel("report", str(tmp_path)).message
    (tmp_path / lost).write_bytes(b"\x00 this is nothing")
    assert lost in planmodel("report", str(tmp_path)).message
    assert not list(tmp_path.glob("*.html"))


def test_a_place_that_cannot_be_written_is_refused(pages: dict[str, Path], tmp_path: Path) -> None:
    folder = str(pages["years"].parent)
    for place, said in ((tmp_path, "is a folder"), (tmp_path / "no" / "a.html", "there is no folder")):
        assert said in planmodel("report", folder, "--out", str(place)).message


@pytest.mark.skipif(MISSING, reason=REASON)
@pytest.mark.parametrize("width", [1280, 375])
def test_in_a_browser(pages: dict[str, Path], width: int) -> None:
    """No word on the console, no page wider than the screen, every picture drawn and not too small."""
    with browser() as window:
        for file in pages.values():
            window.open(file, width)
            assert window.messages() == []
            assert HOSTILE in window.run("return document.title")  # its script did not run
            assert window.run("return document.documentElement.scrollWidth") <= width
            sizes = window.run("return [...document.images].map(i => [i.complete, i.naturalWidth, i.width])")
            assert all(done and natural > 0 for done, natural, _ in sizes)
            assert min(shown for _, _, shown in sizes) >= 320
            small = "return Math.min(...[...document.querySelectorAll('p, td, th button, figcaption, code')]"
            assert window.run(f"{small}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 13


@pytest.mark.skipif(MISSING, reason=REASON)
def test_tables_sort_in_a_browser(pages: dict[str, Path]) -> None:
    with browser() as window:
        window.open(pages["run"], 375)
        for heading in ("quantity", "error"):
            first = sorted_column(window, heading)
            second = sorted_column(window, heading)
            for values, down in ((first, False), (second, True)):
                known = [value for value in values if value is not None]
                assert len(known) > 50
                assert values == known + [None] * (len(values) - len(known))  # what is not known is last
                assert known == sorted(
                    known, key=lambda v: v.lower() if isinstance(v, str) else v, reverse=down
                )
        assert window.messages() == []


def sorted_column(window: Browser, heading: str) -> list[str | float | None]:
    """Press the heading of a column of the table of model and record; return the column."""
    found: list[str | float | None] = window.run(
        f"""
        const table = [...document.querySelectorAll("#record table")].at(-1);
        const head = [...table.tHead.rows[0].cells].find(c => c.textContent.trim() === "{heading}");
        head.querySelector("button").click();
        return [...table.tBodies[0].rows].map(row => row.cells[head.cellIndex]).map(
          c => c.dataset.order ? Number(c.dataset.order)
            : c.className === "number" ? null : c.textContent);
        """
    )
    return found
