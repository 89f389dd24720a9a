"""The page in a browser: it renders, moves, compares, exports, escapes, and fits narrow and wide screens."""

from __future__ import annotations

import csv
import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from exploring import ROOT, STATIC, opened, served, static
from headless import Tab, tab

from planmodel.explore.answering import Asker, plain
from planmodel.explore.server import Server
from planmodel.scenario import load_scenario

SIZES = load_scenario("baseline").parameters
RELIEF, PUSH = float(SIZES.state_grain.relief), float(SIZES.plan.push)

MEMBERS = 200
PAGE = ROOT / "planmodel" / "explore" / "page"
# What sticks out of the screen, or is cut within what cannot be scrolled.
CUT = """
(() => {
  const wide = document.documentElement.clientWidth, found = [];
  for (const one of document.querySelectorAll("body *")) {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest("#changed, noscript")) continue;
    if (box.right > wide + 1 || box.left < -1) found.push(`${one.tagName} ${one.textContent.slice(0, 40)}`);
    if (one.tagName === "text") {
      const sheet = one.ownerSVGElement.getBoundingClientRect();
      if (box.left < sheet.left - 1 || box.right > sheet.right + 1) found.push(`text ${one.textContent}`);
    } else if (!one.closest("svg, input, .list") && getComputedStyle(one).overflowX !== "visible"
        && one.scrollWidth > one.clientWidth + 1) found.push(`cut: ${one.tagName} ${one.textContent}`);
  }
  return found;
})()
"""


def slide(page: Tab, name: str, number: float) -> None:
    page.do(
        f"(() => {{ const one = document.getElementById('slider-{name}'); one.value = {number};"
        "one.dispatchEvent(new Event('input')); })()"
    )


def status(page: Tab) -> str:
    return str(page.do("document.getElementById('status').textContent"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served(members=MEMBERS, drawn=json.dumps(static()["drawn"]).encode()) as found:
        yield found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture
def page(browser: Tab, server: Server) -> Iterator[Tab]:
    browser.complaints.clear()
    browser.size(1280)
    browser.open(server.url)
    browser.until("document.body.dataset.drawn === 'yes'", "the drawn members")
    yield browser
    browser.leave()
    assert browser.complaints == []


def test_it_renders(page: Tab) -> None:
    assert page.do("document.getElementById('title').textContent") == "Explorer: baseline"
    first = opened().controls.shown.first
    assert page.do("[...document.querySelectorAll('figure')].map((one) => one.dataset.key)") == [
        one for one in opened().controls.shown.quantities if one in first
    ]
    lines = "[...document.querySelectorAll('.line-now, .line-behind')]"
    assert page.do(f"{lines}.every((one) => one.getAttribute('d').length > 80)")
    assert page.do("document.querySelectorAll('.mark').length") > 50
    assert page.do("document.querySelectorAll('.slider').length") == len(opened().ranges)
    assert status(page) == f"The scenario as it was: {MEMBERS} members."


def test_a_moved_slider_answers_at_once_and_then_by_a_run(
    page: Tab, capsys: pytest.CaptureFixture[str]
) -> None:
    slide(page, "weather_1932", -0.25)
    assert page.do("document.body.dataset.answer") == "estimate"
    assert "Estimate from" in status(page)
    estimate = page.do("Explorer.page.now")
    page.until("document.body.dataset.answer === 'run'", "the run")
    run = page.do("Explorer.page.now")
    assert f"Run of {MEMBERS} members" in status(page)
    at_once, by_run = (int(page.do(f"document.body.dataset.{name}Ms")) for name in ("estimate", "run"))
    with capsys.disabled():
        print(f"\nexplorer: answered at once in {at_once} ms, by a run of {MEMBERS} in {by_run} ms")
    assert at_once < 2000  # 200 on a machine that does nothing else
    at = opened().scenario.period.start.year
    base = page.do("Explorer.page.begin.base")
    for name, year in (("grain_harvest", 1932), ("grain_harvest@ukraine", 1932), ("cattle", 1933)):
        i = year - at
        moved, guessed = (answer[name][1][i] - base[name][1][i] for answer in (run, estimate))
        assert moved < 0
        assert guessed == pytest.approx(moved, rel=0.5), name


def test_a_moved_decree_answers_too(page: Tab) -> None:
    page.do("document.querySelector('[name=\"passports\"]').click()")
    assert page.do("document.body.dataset.answer") == "estimate"
    page.until("document.body.dataset.answer === 'run'", "the run")
    towns = "(answer) => answer.urban_population[1].at(-1)"
    assert page.do(f"(({towns})(Explorer.page.now)) > (({towns})(Explorer.page.begin.base))")
    assert "Internal passports: left out" in page.do("document.getElementById('changes').textContent")
    assert page.do("document.querySelector('[name=\"passports.date\"]').disabled")


def test_it_compares_and_goes_back(page: Tab) -> None:
    now, behind = (f"document.querySelector('.line-{one}').getAttribute('d')" for one in ("now", "behind"))
    same = f"{now} === {behind}"
    assert page.do(same)
    assert page.do("document.getElementById('changes').textContent") == "nothing yet"
    slide(page, "relief", 0.0)
    assert not page.do(same)
    assert f"Relief: {RELIEF:.2f} → 0.00" in page.do("document.getElementById('changes').textContent")
    assert page.do("document.querySelectorAll('td.moved').length") > 0
    page.do("document.querySelector('#changes button').click()")
    assert page.do(same)
    slide(page, "relief", 0.1)
    page.do("document.getElementById('back').click()")
    assert page.do(same)
    assert page.do("Number(document.getElementById('slider-relief').value)") == pytest.approx(RELIEF)


def test_versions_regions_and_quantities_are_ticked(page: Tab) -> None:
    harvest = "document.querySelector('[data-key=\"grain_harvest\"]')"
    marks = f"{harvest}.querySelectorAll('.canvas .mark').length"
    before = page.do(marks)
    page.do(f"{harvest}.querySelector('.versions input:not(:checked)').click()")
    assert page.do(marks) > before
    page.do("document.querySelector('#places [value=\"kazakhstan\"]').click()")
    assert page.do(
        "document.querySelector('[data-key=\"grain_harvest@kazakhstan\"] figcaption').textContent"
    ).startswith("Grain harvest, Kazakhstan")
    page.do("document.querySelector('#shown [value=\"cattle\"]').click()")
    assert page.do("document.querySelectorAll('[data-key^=\"cattle\"]').length") == 2
    assert "Cattle, Kazakhstan" in page.do("document.getElementById('changed').textContent")


def test_it_is_used_by_keys_and_shows_values(page: Tab) -> None:
    page.do("document.getElementById('slider-push').focus()")
    page.key("ArrowRight")
    assert page.do("Explorer.page.state.sliders.has('push')")
    page.do("document.querySelector('[data-key=\"steel\"] svg[role]').focus()")
    page.key("ArrowRight")
    page.key("ArrowRight")
    told = "document.querySelector('[data-key=\"steel\"] .tip').textContent"
    assert page.do(told).startswith("1929")
    x, y = page.do(
        "(() => { const one = document.querySelector('[data-key=\"grain_harvest\"] svg[role]');"
        "one.scrollIntoView({ block: 'center' }); const box = one.getBoundingClientRect();"
        "return [box.left + box.width / 2, box.top + 60]; })()"
    )
    page.move(x, y)
    tip = page.until(
        "document.querySelector('[data-key=\"grain_harvest\"] .tip:not([hidden])')?.textContent", "values"
    )
    assert "before" in tip
    unnamed = """[...document.querySelectorAll('input, button, svg[role]')].filter((one) =>
      !one.labels?.length && !one.textContent.trim() && !one.getAttribute('aria-label')).length"""
    assert page.do(unnamed) == 0


def test_a_link_holds_the_scenario(page: Tab, server: Server) -> None:
    slide(page, "exports", 0.0)
    page.do("document.querySelector('[name=\"passports\"]').click()")
    page.do("document.querySelector('#places [value=\"ukraine\"]').click()")
    link = page.do("document.getElementById('link').value")
    asked = page.do("Explorer.page.asked")
    assert page.do("location.href") == link
    page.open(link)
    assert page.do("Explorer.page.asked") == asked
    assert json.loads(asked)["sliders"] == {"exports": 0}
    assert page.do("Explorer.page.state.at") == ["", "ukraine"]
    page.open(f"{server.url}#exports=7&wether=1&decree.passports=perhaps&scenario=nep")
    told = status(page)
    for wrong in ("'exports'", "'wether'", "'decree.passports'", "'nep'"):
        assert wrong in told
    assert page.do("Explorer.page.asked") == '{"sliders":{},"decrees":{}}'


def test_figure_data_and_scenario_are_taken_along(page: Tab, tmp_path: Path) -> None:
    page.take_downloads(tmp_path)
    slide(page, "push", 0.4)
    page.until("document.body.dataset.answer === 'run'", "the run")
    shown = page.do("Explorer.page.now")
    for what, ending in (("figure", "svg"), ("data", "csv"), ("toml", "toml")):
        page.do(f"document.getElementById('take-{what}').click()")
        file = tmp_path / f"baseline_explored.{ending}"
        for _ in range(200):
            if file.is_file() and file.stat().st_size:
                break
            page.do("new Promise((resolve) => { setTimeout(resolve, 50); })")
    sheet = ET.parse(tmp_path / "baseline_explored.svg").getroot()
    texts = ["".join(one.itertext()) for one in sheet.iter("{http://www.w3.org/2000/svg}text")]
    assert f"Push of the plan: {PUSH:.3f} → 0.400" in texts
    assert any(text.startswith("Grain harvest (million tonnes)") for text in texts)
    assert not any("var(" in value for one in sheet.iter() for value in one.attrib.values())
    with (tmp_path / "baseline_explored.csv").open(encoding="utf-8", newline="") as rows:
        steel = [row for row in csv.DictReader(rows) if row["quantity"] == "steel"]
    assert [float(row["now_50"]) for row in steel] == shown["steel"][1]
    assert steel[0]["now_is"] == f"a run of {MEMBERS} members, seed 0"
    asker = Asker(opened(), MEMBERS, seed=0)
    again = load_scenario(tmp_path / "baseline_explored.toml")
    assert asker.answer(again)["steel"] == shown["steel"]
    row = [one.key for one in asker.looked_at].index("steel")
    assert plain(np.quantile(asker.read(again, range(MEMBERS))[:, row], 0.5, axis=0)) == shown["steel"][1]


def test_what_is_no_scenario_is_told_and_the_page_goes_on(page: Tab) -> None:
    page.do(
        "Explorer.page.state.decree('camps_for_long_terms', {date: '1930-02-25'}); Explorer.page.moved();"
    )
    told = page.until("document.querySelector('#status.wrong')?.textContent", "the message")
    assert "sets this lever on the same day" in told
    page.forget_complaint("400 (Bad Request)")
    slide(page, "push", 0.3)
    page.do("document.querySelectorAll('#changes button')[1].click()")
    page.until("document.body.dataset.answer === 'run'", "the run")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut(page: Tab, width: int, dark: bool) -> None:
    page.size(width, dark=dark)
    page.do("document.querySelector('#places [value=\"kazakhstan\"]').click()")
    slide(page, "push", 0.4)
    page.do("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.until("document.body.dataset.answer === 'run'", "the run")
    assert page.do("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.do(CUT) == []
    paper = page.do("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is not dark
    page.size(1280)


def test_everything_is_escaped(browser: Tab, tmp_path: Path) -> None:
    evil = "<img src=x onerror='window.hacked=1'></script><script>window.hacked=1</script>"
    (tmp_path / "evil.toml").write_text(
        f'extends = "baseline"\ntitle = "{evil}"\n[decrees.purge]\ntitle = "{evil}"\nsource = "{evil}"\n',
        encoding="utf-8",
    )
    browser.complaints.clear()
    with served(str(tmp_path / "evil.toml")) as server:
        browser.open(f"{server.url}#<img src=x onerror='window.hacked=1'>=<b>1</b>&push=<b>")
        slide(browser, "push", 0.3)
        browser.do("document.querySelector('[name=\"purge\"]').click()")
        browser.until("document.body.dataset.answer === 'run'", "the run")
        assert browser.do("window.hacked === undefined && document.querySelectorAll('img, b').length === 0")
        assert browser.do("document.querySelectorAll('script').length") == 8
        assert evil in browser.do("document.getElementById('changes').textContent")
        assert browser.do("document.getElementById('about').textContent") == evil
        figure = browser.do("Explorer.figureText(Explorer.page.charts, ['<script>window.hacked=1</script>'])")
        assert "<script" not in figure
        browser.leave()
    assert browser.complaints == []


def test_a_program_that_has_ended_is_told(browser: Tab) -> None:
    browser.leave()
    browser.complaints.clear()
    with served(drawn=json.dumps(static()["drawn"]).encode()) as server:
        browser.open(server.url)
        browser.until("document.body.dataset.drawn === 'yes'", "the drawn members")
        server.shutdown()
        server.server_close()
        slide(browser, "push", 0.3)
        browser.until("document.querySelector('#status.wrong') !== null", "the message")
        assert "start planmodel explore again" in status(browser)
        browser.forget_complaint("Failed to load resource")


def test_the_page_of_the_site_answers_without_a_model(browser: Tab, tmp_path: Path) -> None:
    """From a folder, as the built documentation is read."""
    for file in (*PAGE.iterdir(), STATIC):
        shutil.copy(file, tmp_path)
    browser.complaints.clear()
    browser.size(390)
    browser.open((tmp_path / "explorer.html").as_uri())
    assert "no model behind it" in browser.do("document.getElementById('where').textContent")
    assert not browser.do("document.getElementById('where').hidden")
    slide(browser, "weather_1932", -0.25)
    assert browser.do("document.body.dataset.answer") == "estimate"
    assert status(browser) == "Estimate from 500 drawn members."
    assert browser.do("document.getElementById('take-toml').disabled")
    assert browser.do(CUT) == []
    assert browser.complaints == []
    browser.size(1280)
