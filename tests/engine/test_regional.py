"""An axis that can be left out: rows of a block over it, what the country's is, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from spread_economies import EQUATIONS, LABELS, NUMBERS, TABLE, Rain, regional, run

from planmodel.engine import DeclarationError, Ledger, State
from planmodel.engine.conditions import condition
from planmodel.engine.decrees import Decree
from planmodel.engine.dimensions import hold_to_dimensions
from planmodel.engine.folder import module_of
from planmodel.engine.graph import Graph
from planmodel.engine.limits import Limit
from planmodel.engine.notation import Notation
from planmodel.engine.styles import Latex

SUMMED = ("grain_barn", "taken", "sent", "eaten", "reaped_own", "reaped_common", "area_own", "people")
ALIKE = """\
kind, name, north, south, far_south, source, evidence
share, grain.barn, 0.5, 0.25, 0.25, invented, assumption
share, people, 0.5, 0.25, 0.25, invented, assumption
share, area_own, 0.5, 0.25, 0.25, invented, assumption
share, area_common, 0.5, 0.25, 0.25, invented, assumption
"""  # powers of two, so that shares are exact


def same(first: xr.Dataset, second: xr.Dataset) -> None:
    assert set(first.variables) == set(second.variables)
    for name in first.data_vars:
        assert np.array_equal(first[name].values, second[name].values), name


def parts(dataset: xr.Dataset, name: str) -> list[np.ndarray]:
    return [dataset[f"{name}_{label}"].values for label in LABELS]


# ---- without the axis --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("engine")
def test_without_the_axis_all_is_as_if_nobody_had_spread_it(tmp_path: Path) -> None:
    """Names and bits are those of an economy whose files do not know the axis."""
    table = "\n".join(line for line in TABLE.splitlines() if "axis, region" not in line) + "\n"
    for said in ("_{region}", ", sum,", ", mean by people,", ", one,"):
        table = table.replace(said, ", ," if said.startswith(",") else "")
    equations = EQUATIONS.replace(', over="region"', "").replace(', "form", "region")', ', "form")')
    equations = equations.replace("moved_reaped_form_region, strength", "strength").replace("_region", "")
    for summed in ("weak", "hunger * people", "people", "np.where(hunger > starved, 0.0, 1.0)"):
        equations = equations.replace(f'total({summed}, "region")', summed)
    assert "region" not in table + equations
    never = regional(tmp_path / "never", False, equations, table, named=False)
    same(run(never, seed=3).play(), run(regional(tmp_path / "out", False), seed=3).play())


def test_both_versions_live_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own blocks, though one module makes them, as those of the package do."""
    monkeypatch.setattr("planmodel.engine.folder.module_of", cache(module_of))
    there, out = regional(tmp_path), regional(tmp_path, False)
    first = run(there, seed=3).play()
    national = run(out, seed=3).play()
    same(first, run(there, seed=3).play())
    assert "grain_barn_north" in first
    assert "grain_barn_north" not in national
    assert not out[0].shared.wholes  # type: ignore[union-attr]


@pytest.mark.usefixtures("engine")
def test_another_table_is_another_economy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of names and code for the same functions is not taken for a sum where it was a mean."""
    monkeypatch.setattr("planmodel.engine.folder.module_of", cache(module_of))
    first = run(regional(tmp_path), seed=3).play()
    table = TABLE.replace("mean by people, , , mood", "sum, , , mood")
    numbers = NUMBERS + "share, mood, 0.5, 0.25, 0.25, invented, assumption\n"
    summed = run(regional(tmp_path, table=table, numbers=numbers), seed=3).play()
    assert (first["heard"][:, 0] == 1.0).all()
    assert (summed["heard"][:, 0] == 1.0).all()
    assert (abs(summed["heard"] - first["heard"])[:, -1] > 0.1).all()


# ---- the country and its regions ---------------------------------------------------------------------------


@pytest.mark.usefixtures("engine")
def test_the_country_is_the_sum_or_the_mean_of_its_regions(tmp_path: Path) -> None:
    made = run(regional(tmp_path), seed=3)
    dataset = made.play()
    assert made.worst_residual < 1e-12
    for name in SUMMED:
        north, south, far = parts(dataset, name)
        assert np.array_equal(dataset[name].values, north + south + far), name
    weights = parts(dataset, "people")
    mean = sum(s * w for s, w in zip(parts(dataset, "strength"), weights, strict=True)) / sum(weights)
    np.testing.assert_allclose(dataset["strength"].values, mean, rtol=1e-12)
    assert dataset["strength"].values.std() > 0.01
    assert not {"mood", "luck"} & set(dataset.variables)  # a state; and what its row says nothing of
    assert "luck_south" in dataset
    kinds = {name: dataset[name].attrs["kind"] for name in ("grain_barn", "taken", "people")}
    assert kinds == {"grain_barn": "stock at the end of the month", "taken": "flow", "people": "variable"}


@pytest.mark.usefixtures("engine")
def test_an_equation_of_the_country_reads_what_is_recorded(tmp_path: Path) -> None:
    """What it reads of the country in a phase is what results have when nothing moves after."""
    dataset = run(regional(tmp_path), seed=3).play()
    grain = dataset["grain_barn"] + dataset["eaten"]  # before people ate
    np.testing.assert_allclose(dataset["seen"], grain + dataset["taken"], rtol=1e-12)
    harvest = dataset["reaped_own"] + dataset["reaped_common"]
    np.testing.assert_allclose(dataset["harvest"], harvest, rtol=1e-12)
    np.testing.assert_allclose(dataset["counted"], harvest, rtol=1e-12)
    plan = (dataset["strength"] * dataset["hope"]).values  # of the month before
    np.testing.assert_array_equal(dataset["plan"].values[:, 1:], plan[:, :-1])


@pytest.mark.usefixtures("engine")
def test_a_mean_is_of_those_who_are_there(tmp_path: Path) -> None:
    numbers = NUMBERS.replace("share, people, 0.1, 0.6, 0.3", "share, people, 0.0, 1.0, 0.0")
    dataset = run(regional(tmp_path, numbers=numbers), seed=3).play()
    np.testing.assert_allclose(dataset["strength"], dataset["strength_south"], rtol=1e-9)
    plan = (dataset["strength_south"] * dataset["hope"]).values
    np.testing.assert_allclose(dataset["plan"].values[:, 1:], plan[:, :-1], rtol=1e-9)
    assert not np.allclose(dataset["strength_south"], dataset["strength_north"], rtol=1e-3)


@pytest.mark.usefixtures("engine")
def test_regions_alike_in_all_but_size_make_the_history_of_the_country(tmp_path: Path) -> None:
    none = {"farms": {"spread": 0.0}, "state": {"floor": 0.0}}
    alike = regional(tmp_path / "alike", numbers=ALIKE)
    given = {"area_own": 60.0, "strength": 0.95}
    country = run(regional(tmp_path / "one", False), parameters=none, variables=given).play()
    regions = run(alike, parameters=none, variables=given).play()
    for name in (*SUMMED, "strength", "seen", "plan", "grain_store"):
        np.testing.assert_allclose(regions[name], country[name], rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.usefixtures("engine")
def test_each_region_has_its_own_weather_rain_and_yield(tmp_path: Path) -> None:
    made = regional(tmp_path, numbers=ALIKE)
    first = {name: parts(run(made, seed=3).play(), "reaped_own") for name in ("drawn",)}["drawn"]
    factors = [own[1, 0] / size for own, size in zip(first, (25.0, 12.5, 12.5), strict=True)]
    assert len({round(factor, 9) for factor in factors}) == 3  # a draw each
    dry = run(made, seed=3, exogenous={"rain": Rain(1.1), "rain_south": Rain(0.55)}).play()
    north, south, _ = parts(dry, "reaped_own")
    np.testing.assert_array_equal(north[:, 0], first[0][:, 0])
    np.testing.assert_allclose(south[:, 0], 0.5 * first[1][:, 0])
    fields = {"farms": {"spread": 0.0, "grain_yield_south": 0.4}}
    north, south, far = parts(run(made, parameters=fields).play(), "reaped_own")
    np.testing.assert_allclose(south[:, 0], 4.0 * far[:, 0])


# ---- engines, chunks, order, states ------------------------------------------------------------------------


def test_both_engines_make_the_same_bits(tmp_path: Path) -> None:
    made = regional(tmp_path)
    same(*(run(made, seed=3, engine=engine).play() for engine in ("numpy", "compiled")))


LENT = "strength_region if month == 3 else {}"


@pytest.mark.parametrize("where", ["auxiliary", "equation"])
@pytest.mark.parametrize(("other", "value"), [("0.0", 0.0), ("share", 0.2), ("share * share", 0.2**2)])
def test_a_number_that_an_if_takes_is_that_of_every_region(
    tmp_path: Path, where: str, other: str, value: float
) -> None:
    """What is one for the country in some months and by region in others adds up alike in both engines."""
    lent = LENT.format(other)
    reads = "month, share, strength_region"
    auxiliary = f'@state.auxiliary\ndef lent({reads}):\n    """Lent."""\n    return {lent}\n\n\n'
    head = "def look(grain_barn, "
    if where == "auxiliary":
        equations = EQUATIONS.replace('@state.equation("eat")\n', f'{auxiliary}@state.equation("eat")\n')
        equations = equations.replace(head, f"{head}lent, ")
    else:
        first = '    reaped = total(moved_reaped_form, "form")\n'
        equations = EQUATIONS.replace(first, f"{first}    lent = {lent}\n").replace(head, f"{head}{reads}, ")
    equations = equations.replace("harvest=reaped,", 'harvest=reaped * 0.0 + total(lent, "region"),')
    made = regional(tmp_path, equations=equations)
    first_run, second_run = (run(made, seed=3, engine=engine).play() for engine in ("numpy", "compiled"))
    same(first_run, second_run)
    np.testing.assert_allclose(first_run["harvest"][:, 0], 3 * value, rtol=1e-12)
    assert (first_run["harvest"][:, 2] > 1.0).all()


@pytest.mark.usefixtures("engine")
def test_a_member_is_the_same_alone_and_in_a_chunk_and_in_any_order(tmp_path: Path) -> None:
    made = regional(tmp_path)
    chunk = run(made, tuple(range(11)), seed=3).play()
    same(chunk.isel(member=[7]), run(made, (7,), seed=3).play())
    same(chunk, run(made[::-1], tuple(range(11)), seed=3).play(shuffle=5))


@pytest.mark.usefixtures("engine")
def test_a_saved_run_goes_on_to_the_bit(tmp_path: Path) -> None:
    made = regional(tmp_path)
    first = run(made, seed=3, until=date(1930, 8, 31))
    first.play()
    state = State.from_bytes(first.state().to_bytes())
    same(run(made, seed=3).play(), run(made, seed=3, resume=state).play())


@pytest.mark.usefixtures("engine")
def test_sums_limits_and_decrees_know_the_country(tmp_path: Path) -> None:
    limit = Limit("people", ("people",), 88.0, 200.0, "persons", "test")
    when = condition("strength < 0.96", {"strength"})
    decree = Decree("less", None, "less is taken", {}, when)
    sums = {("grain_barn", "taken"): [3, 9], ("strength",): [9]}
    made = run(regional(tmp_path), wanted={"plan"}, decrees=[decree], sums=sums, limits=[limit], seed=3)
    few = made.play()
    full = run(regional(tmp_path), limits=[limit], seed=3).play()
    assert set(few.data_vars) == {"plan"}
    added = made.sums.values(3)
    both = (full["grain_barn"] + full["taken"]).values.T
    np.testing.assert_array_equal(added["grain_barn", "taken"], both[[3, 9]])
    np.testing.assert_array_equal(added["strength",], full["strength"].values.T[[9]])
    left = (full["people"] < 88.0).any("time").values
    assert left.any()
    np.testing.assert_array_equal(few["implausible"].values, left)
    weak = full["strength"].values[1] < 0.96
    (issued,) = made.events.table(1).query("text == 'less is taken'")["date"]
    first = full["time"].values[weak.argmax()]
    assert np.datetime64(issued) == first  # when the books of the month in which they were weak are closed


@pytest.mark.usefixtures("engine")
def test_events_and_ranks_are_those_of_a_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ranks: dict[str, list[np.ndarray]] = {}

    def note(ledger: Ledger, flow: str, rank: np.ndarray) -> None:
        ranks.setdefault(flow, []).append(np.array(rank))

    monkeypatch.setattr(Ledger, "rank", note)
    made = run(regional(tmp_path), seed=3)
    made.play()
    assert list(ranks) == [f"eaten_{label}" for label in LABELS]
    hungry = {label: [int(rank[1] == 0) for rank in ranks[f"eaten_{label}"]] for label in LABELS}
    told = made.events.table(1)["text"].tolist()
    for label in LABELS:
        assert told.count(f"people hunger, {label.replace('_', ' ')}") == sum(hungry[label])
    assert 0 == sum(hungry["north"]) < sum(hungry["south"]) < sum(hungry["far_south"])
    assert "people hunger everywhere" not in told


def test_what_nobody_looks_at_is_not_reckoned(tmp_path: Path) -> None:
    made = run(regional(tmp_path), wanted={"plan", "taken"})
    assert [whole.name for whole in made.wholes.kept] == ["taken"]
    assert set(made.play().data_vars) == {"plan", "taken"}


# ---- what is read off it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [True, False])
def test_units_meet_in_both_versions_and_a_fault_is_found(tmp_path: Path, there: bool) -> None:
    shared = regional(tmp_path / "right", there)[0].shared
    assert shared is not None
    hold_to_dimensions(shared)
    wrong = EQUATIONS.replace("seen=grain_barn + moved_taken", "seen=grain_barn + hope")
    shared = regional(tmp_path / "wrong", there, wrong)[0].shared
    assert shared is not None
    with pytest.raises(DeclarationError, match=r"state.look.*'hope' is in 1"):
        hold_to_dimensions(shared)


def test_the_graph_knows_who_reads_a_region(tmp_path: Path) -> None:
    graph = Graph(regional(tmp_path))
    readers = {f"{e.block}.{e.name}" for e in graph.readers("grain_barn_south")}
    assert readers == {"farms.hunger", "state.take", "state.look"}
    assert [e.name for e in graph.writers("strength_north")] == ["eat"]
    assert graph.named("grain_barn", "farms").axes == ("region",)
    assert graph.named("grain_barn", "state").axes == ()
    (equation,) = graph.find_equations("farms.reap")
    assert r"\text{reaped}_{\text{form}, \text{region}}" in Notation(graph, Latex()).text(equation)


# ---- what is refused ---------------------------------------------------------------------------------------

BLOCK = "of a block"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (", , mean by people,", ", , ,", r"'strength'. It is spread along region.*sum or mean by"),
        ("mean by people", "mean by folk", r"csv:11: variable 'strength': to = 'mean by folk': nothing"),
        ("mean by people", "mean of people", r"csv:11: .*allowed: nothing, one, sum, mean by NAME"),
        ("taken_{region}, , , , , , , grain.barn_{region}", "taken, , , , , , , grain.barn",
         r"csv:28: flow 'taken': 'grain.barn' is spread along region; allowed: grain.barn_\{region\}"),
        ("variable, seen,", "variable, people,", r"its name is that of what is spread along region"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in TABLE
    table = TABLE.replace(before, after)
    with pytest.raises(DeclarationError, match=told):
        run(regional(tmp_path, table=table))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('over="region"', 'over="regions"', r"block 'farms' is over 'regions', which is no axis.*region"),
        ("seen=grain_barn + moved_taken", "strength=strength", r"state.look.*writes 'strength', which is no"),
        ("seen=grain_barn + moved_taken", "seen=grain_barn + need", r"look.*'need' is neither an argument"),
        ("def hunger(grain_barn, people, need):", "def hunger(grain_place, grain_barn, people, need):",
         r"'grain_place' is only in part spread along region: 'grain_barn' is"),
        ("def hunger(grain_barn, people, need):", "def people(grain_barn, need):", r"its name is that of"),
    ],
)  # fmt: skip
def test_an_equation_that_does_not_fit_is_refused(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in EQUATIONS
    table = TABLE + "farms, axis, place, , barn store, , , , , , , , , places of grain, ,\n"
    with pytest.raises(DeclarationError, match=told):
        run(regional(tmp_path, equations=EQUATIONS.replace(before, after), table=table)).play()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace("0.5, 0.25, 0.25", "0.5, 0.25, 0.2"), r"csv:2: grain.barn: .* 0\.95; allowed"),
        (lambda t: t.replace("0.5, 0.25, 0.25", "1.5, -0.25, -0.25"), r"zero or more, 1 in all"),
        (lambda t: t.replace("0.1, 0.6, 0.3", "0.1, much, 0.3"), r"csv:3: people: south = 'much' is no"),
        (lambda t: t.replace("share, people", "value, people"), r"people: kind 'value'; allowed: share"),
        (lambda t: t.replace("share, people", "share, peeple"), r"peeple: nothing that is spread.*people"),
        (lambda t: t.replace("far_south", "far_north"), r"regions.csv:1: column 'far_north' is not known"),
        (lambda t: t.replace("0.1, 0.2, 0.05", "0.1, 2.0, 0.05"), r"default 2.0 of .* outside"),
        (lambda t: t.replace("invented", ""), r"needs a source"),
        (lambda t: t.replace("share, people, 0.1, 0.6, 0.3, invented, assumption\n", ""),
         r"variable 'people': value = 100 is that of all; nothing says its shares by region"),
        (lambda t: t + t.splitlines()[1] + "\n", r"grain.barn: is there twice"),
        (lambda t: t + "low, farms.grain_yield, 0.2, 0.1, 0, ours, assumption\n", r"default 0.1 of"),
        (lambda t: t + "high, farms.grain_yield, 0.2, few, 1, ours, assumption\n", r"south = 'few' is no"),
        (lambda t: t + 2 * "low, farms.grain_yield, 0, 0, 0, ours, assumption\n", r"is there twice"),
        (lambda t: t + "low, people, 0, 0, 0, ours, assumption\n", r"people: kind 'low'; allowed: share$"),
        (lambda t: t.replace("value, farms", "least, farms"), r"kind 'least'; allowed: value, low, high$"),
    ],
)  # fmt: skip
def test_numbers_by_region_that_do_not_fit_are_refused(
    tmp_path: Path, change: Callable[[str], str], told: str
) -> None:
    with pytest.raises(DeclarationError, match=told):
        regional(tmp_path, numbers=change(NUMBERS))
    regional(tmp_path, False, numbers=change(NUMBERS))  # nobody reads them


def test_a_parameter_has_the_bounds_of_its_region_where_some_are_given(tmp_path: Path) -> None:
    def bounds(regions: bool, numbers: str) -> dict[str, tuple[float, float]]:
        (farms,) = (b for b in regional(tmp_path, regions, numbers=numbers) if b.name == "farms")
        declared = farms.parameters.declared
        return {n: p.bounds for n, p in declared.items() if n.startswith("grain_yield")}

    declared = bounds(True, NUMBERS)
    lows = NUMBERS + "low, farms.grain_yield, 0.08, 0.15, 0.01, invented, assumption\n"
    given = bounds(True, lows + "high, farms.grain_yield, 0.12, 0.25, 0.3, invented, assumption\n")
    assert list(given.values()) == [(0.08, 0.12), (0.15, 0.25), (0.01, 0.3)]
    assert [high for _, high in bounds(True, lows).values()] == [high for _, high in declared.values()]
    assert list(bounds(False, lows).values()) == list(dict.fromkeys(declared.values()))


def test_what_has_regions_goes_to_no_name_of_the_country(tmp_path: Path) -> None:
    equations = EQUATIONS.replace("def look(grain_barn, ", "def look(grain_barn_region, ")
    made = regional(tmp_path, equations=equations.replace("seen=grain_barn ", "seen=grain_barn_region "))
    with pytest.raises(DeclarationError, match=r"look.*'seen' has no axis 'region'.*add over it"):
        run(made, engine="numpy").play()


def test_a_stock_without_shares_can_only_be_empty(tmp_path: Path) -> None:
    made = regional(
        tmp_path, numbers=NUMBERS.replace("share, grain.barn, 0.5, 0.25, 0.25, invented, assumption\n", "")
    )
    run(made, initial={"grain": {"store": 5.0}}).play()
    with pytest.raises(
        DeclarationError, match="'grain_barn' is spread along region, and nothing says its shares"
    ):
        run(made)
