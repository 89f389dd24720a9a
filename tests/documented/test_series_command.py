"""``planmodel series``: what a user sees."""

import io
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from planmodel import documented
from planmodel.cli.series import app
from planmodel.documented import identities


def run(*words: str, width: int = 200) -> tuple[int, str, str]:
    result = CliRunner(env={"COLUMNS": str(width)}).invoke(app, list(words), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_list_names_every_variable() -> None:
    status, out, _ = run("list")
    assert status == 0
    assert all(name in out for name in documented.variables().index)


@pytest.mark.parametrize("width", [50, 80, 120, 200])
def test_list_fits_the_screen_and_breaks_no_word_but_in_titles(width: int) -> None:
    _, out, _ = run("list", width=width)
    lines = out.splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in out
    first = [line.split()[0] for line in lines if line.strip() and not line.startswith(" ")]
    names = list(documented.variables().index)
    assert first[1 : len(names) + 1] == names  # one line begins with each, and nothing with a part of one
    steel = next(line for line in lines if line.startswith("steel "))
    assert ("million tonnes" in steel) == (width >= 120)


def test_list_by_theme() -> None:
    status, out, _ = run("list", "--theme", "repression")
    assert status == 0
    assert "camp_inmates" in out
    assert "grain_harvest" not in out


def test_show_sets_versions_side_by_side_with_marks_and_sources() -> None:
    status, out, _ = run("show", "grain_harvest")
    assert status == 0
    lines = [line for line in out.splitlines() if line.startswith("1936 ")]
    assert any("55.8 er!" in line for line in lines)
    assert any("56.1 >!" in line for line in lines)
    assert "p recalled" not in out
    assert "r recalled from the literature, page to be checked" in out
    assert "Lewin Taking Grain p. 307" in out


def test_show_marks_a_number_that_stands_for_words() -> None:
    out = run("show", "real_wage")[1]
    assert any("0.5 >w!" in line for line in out.splitlines() if line.startswith("1933 "))
    assert "w our number for words of the text" in " ".join(out.split())
    assert "w our number" not in run("show", "steel")[1]


def test_show_only_some_versions() -> None:
    status, out, _ = run("show", "grain_harvest", "--version", "lewin", "--version", "tauger")
    assert status == 0
    assert "vyltsan" not in out
    assert "50.1" in out


def test_a_region_is_named_and_bounds_are_both_shown() -> None:
    whole = run("show", "excess_deaths")[1]
    assert not any(line.startswith("Kazakhstan") for line in whole.splitlines())
    assert "--territory NAME or --territory all shows them" in " ".join(whole.split())
    all_of_it = run("show", "excess_deaths", "--territory", "all")[1].splitlines()
    assert any(line.startswith("Kazakhstan") and "1.5 <" in line for line in all_of_it)
    assert any(line.startswith("1932..1934") and "8.7 e!" in line for line in all_of_it)
    ukraine = run("show", "excess_deaths", "--territory", "Ukraine")[1].splitlines()
    assert not any(line.startswith(("Kazakhstan", "1932..1934")) for line in ukraine)
    assert "Kazakhstan" in run("show", "gold_output", "--version", "clio_infra")[1]  # nothing is of the whole
    out = run("show", "camp_population", "--version", "rosefielde")[1]
    assert "10.4" in out
    assert "8.4" in out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_narrow_screen_loses_no_version(width: int) -> None:
    status, out, _ = run("show", "grain_harvest", "--territory", "all", width=width)
    assert status == 0
    assert all(name in out for name in documented.versions("grain_harvest"))
    assert "…" not in out


def test_tables_lists_the_tables_of_the_book() -> None:
    status, out, _ = run("tables")
    assert status == 0
    line = next(line.split() for line in out.splitlines() if line.startswith("grain_balance "))
    assert line[1:6] == ["2080-2089", "15", "15", "14", "14"]  # the average of 1938-40 is shown nowhere
    assert "lewin_grain" in line[-2]
    assert "41 tables" in out
    narrow = run("tables", width=80)[1]
    assert max(map(len, narrow.splitlines())) <= 80
    assert "moscow_prices" in narrow


def test_tables_shows_the_figures_of_one() -> None:
    status, out, _ = run("tables", "monthly_incomes")
    assert status == 0
    assert "Lines 3226-3230" in out
    assert any("120 d!" in line for line in out.splitlines() if line.startswith("kolkhoz_income_per_member"))
    assert out.index("industrial_money_wage") < out.index("Calculated from it")
    assert out.index("Calculated from it") < out.index("kolkhoz_to_industrial_income")
    assert "Shown by experiments: none" in out
    assert "grain_balance (" in run("tables", "grain_balance")[1]


def test_plot_writes_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "two.png"
    status, out, _ = run("plot", "cattle", "coal", "--out", str(path))
    assert status == 0
    assert str(path) in out
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("theme", sorted(set(documented.variables()["theme"])))
def test_every_variable_can_be_drawn(theme: str) -> None:
    names = documented.variables().query("theme == @theme").index
    for name in names:
        documented.plot(name).canvas.draw()


def test_check_passes_and_lists_the_disagreements() -> None:
    status, out, err = run("check")
    assert status == 0
    assert err == ""
    assert "population account" in out
    assert "38.4 repeats the digits" in out
    assert " 0 failed" in out


def test_check_exits_with_one_and_names_the_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    record = documented.catalogue()
    record.loc[(record["variable"] == "camp_released") & (record["date"] == "1937"), "value"] += 1e-6
    monkeypatch.setattr(identities, "catalogue", lambda: record)
    status, out, err = run("check")
    assert status == 1
    assert err == "failed: camp account\n"
    assert "FAILS" in out


def test_export_gives_the_whole_record(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    assert run("export", "--out", str(path))[0] == 0
    table = pd.read_csv(path, keep_default_na=False)
    assert len(table) == len(documented.catalogue())
    assert {"start", "end", "evidence"} <= set(table.columns)
    assert pd.read_csv(io.StringIO(run("export")[1]), keep_default_na=False).equals(table)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "grain_harvst"], "unknown variable 'grain_harvst'; nearest: grain_harvest"),
        (["show", "steel", "--version", "offical"], "unknown version of steel 'offical'; nearest: official"),
        (["show", "steel", "--territory", "Mars"], "unknown territory of steel 'Mars'; known: USSR enlarged"),
        (["plot", "steel", "--territory", "Mars"], "unknown territory of steel 'Mars'; known: USSR enlarged"),
        (["plot", "stele"], "unknown variable 'stele'; nearest: steel"),
        (["plot", "steel", "--out", "x.gif"], "unknown file type '.gif'; known: .pdf, .png, .svg"),
        (
            ["plot", "steel", "--out", "no/such/folder/x.png"],
            "x.png: there is no folder no/such/folder",
        ),
        (
            ["export", "--out", "no/such/folder/x.csv"],
            "x.csv: there is no folder no/such/folder",
        ),
        (["tables", "absnce"], "unknown table 'absnce'; nearest: absence"),
        (["list", "--theme", "agricultur"], "unknown theme 'agricultur'; nearest: agriculture"),
    ],
)
def test_mistakes_of_the_user_are_one_line_and_exit_status_two(words: list[str], said: str) -> None:
    status, out, err = run(*words)
    assert status == 2
    assert out == ""
    assert err.startswith("error: ")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("module", ["planmodel.cli.series", "planmodel.documented"])
def test_importing_loads_no_heavy_library(module: str) -> None:
    heavy = {"pandas", "matplotlib", "numpy", "rich.table"}
    code = (
        "import sys, planmodel, planmodel.cli; before = set(sys.modules); "
        f"import {module}; print(sorted({heavy} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_file_of_the_user_is_not_overwritten(tmp_path: Path) -> None:
    for words, name, what in (
        (["plot", "steel"], "steel.png", "a picture that planmodel drew"),
        (["export"], "record.csv", "a table that planmodel exported"),
    ):
        file = tmp_path / name
        file.write_text("mine")
        shown = f"error: --out {file}: "
        assert run(*words, "--out", str(file))[2] == (
            f"{shown}exists; allowed: another file, or --force to replace it\n"
        )
        assert run(*words, "--out", str(file), "--force")[2] == (
            f"{shown}is not {what}; --force will not replace it\n"
        )
        assert file.read_text() == "mine"
        file.unlink()
        for force in ((), ("--force",)):
            assert run(*words, "--out", str(file), *force)[0] == 0
    assert sorted(f.name for f in tmp_path.iterdir()) == ["record.csv", "steel.png"]


def test_regions_adds_up_parts_and_says_what_they_lack() -> None:
    status, out, _ = run("regions", "grain_procurement", "--date", "1930/31")
    assert status == 0
    assert any(line.split() == ["volga", "3.84945", "p", "(1.5889)"] for line in out.splitlines())
    assert "east, control_figures_may_1930 1930/31, plan: lacks Far East; has Urals 1.081" in out
    assert not any(line.startswith("all added") for line in out.splitlines())  # two lack parts
    assert any(line.startswith("the Union") and "23.49 p" in line for line in out.splitlines())
    assert "istmat.org/node/48933" in out


def test_regions_sets_what_is_added_beside_the_union() -> None:
    lines = run("regions", "deported_peasant_families", "--date", "1930..1931")[1].splitlines()
    assert any(line.split() == ["all", "added", "0.381026"] for line in lines)
    assert any(line.split() == ["the", "Union", "0.381026"] for line in lines)


def test_regions_reads_versions_as_one() -> None:
    asked = ("regions", "population", "--date", "1926-12-17")
    both = ("--version", "census_regions_1926", "--version", "borders_of_1926")
    apart, together = run(*asked, *both)[1], run(*asked, *both, "--together")[1]
    assert "consumer_regions, borders_of_1926 1926-12-17, actual: lacks" in apart
    assert "lacks" not in together
    assert any(line.split() == ["all", "added", "147.0276"] for line in together.splitlines())


def test_regions_of_shares_are_means_and_say_without_whom() -> None:
    out = run("regions", "collectivised_share", "--date", "1929-10-01", "--region", "volga")[1]
    assert "Of several parts: their mean, weighed by people." in out
    assert "volga, davies 1929-10-01, actual: without Tatar ASSR; has Lower Volga 0.181" in out
    assert "north_caucasus" not in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("population", "--region", "volgo"), "unknown region 'volgo'; nearest: volga; known: ukraine, "),
        (("steal",), "unknown variable 'steal'; nearest: steel"),
        (("steel",), "steel: no region of the village has a figure; see series show"),
        (("grain_yield", "--date", "1935"), "unknown date of grain_yield by region '1935'; nearest: 1932"),
        (("grain_yield", "--version", "no"), "unknown version of grain_yield 'no'; known: ivnitsky"),
    ],
)
def test_regions_says_what_is_wrong(words: tuple[str, ...], said: str) -> None:
    status, out, error = run("regions", *words)
    assert (status, out) == (2, "")
    assert error.startswith(f"error: {said}")
