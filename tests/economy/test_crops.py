"""Industrial crops: fields, imports, what mills work up, and what cloth and sugar are made of."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr
from thresholds import bound

from planmodel.engine import Array
from planmodel.runs.history import History, run
from planmodel.scenario import load_scenario

BASELINE = load_scenario("one_country")
JANUARY = BASELINE.until(date(1928, 1, 31))
KINDS = ("fibres", "beet")


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run(BASELINE)


def values(dataset: xr.Dataset, name: str) -> Array:
    return np.asarray(dataset[name].values)[0]


def size(name: str) -> float:
    return float(getattr(BASELINE.parameters.crops, name))


def crop(history: History, kind: str) -> Array:
    """The crop of the year of a kind, by member."""
    return np.asarray(history.workspace.read("crops_of_year"))[KINDS.index(kind)]


def board(history: History, **given: list[float]) -> None:
    for name, value in given.items():
        history.board[name] = np.array(value)
    history.board.settle()


@pytest.mark.parametrize("kind", KINDS)
def test_hunger_and_slack_cost_crops_on_collective_land_without_stations_only(kind: str) -> None:
    history = History(JANUARY, [0] * 4)
    board(
        history,
        collectivised_share=[0.6, 0.6, 0.0, 0.6],
        mts_coverage=[0.2, 0.2, 0.2, 1.0],
        village_nutrition=[1.0, 0.9, 0.9, 0.9],
        effort=[1.0, 1.0, 1.0, 1.0],
        weather=[0.0] * 4,
    )
    fed, hungry, own, served = crop(history, kind)
    assert fed == own == served == pytest.approx(size(f"grown_1928_{kind}"))
    assert hungry / fed == pytest.approx(1.0 - size(f"disorder_{kind}") * 0.6 * 0.8 * 0.1)


def test_hunger_costs_more_of_the_beet_than_of_the_fibres() -> None:
    history = History(JANUARY, [0] * 2)
    board(history, collectivised_share=[0.6] * 2, village_nutrition=[1.0, 0.85], mts_coverage=[0.5] * 2)
    lost = {kind: 1.0 - crop(history, kind)[1] / crop(history, kind)[0] for kind in KINDS}
    assert 0.0 < lost["fibres"] < lost["beet"]


def test_without_push_and_disorder_the_crop_is_that_of_1928_and_its_weather() -> None:
    names = (f"{what}_{kind}" for what in ("push", "disorder") for kind in KINDS)
    history = History(JANUARY, [0] * 2, parameters={"crops": {name: np.zeros(2) for name in names}})
    board(history, collectivised_share=[0.9] * 2, village_nutrition=[0.5] * 2, weather=[0.0, -0.2])
    for kind, part in (("fibres", 0.1), ("beet", 0.5)):
        usual, dry = crop(history, kind)
        assert usual == pytest.approx(size(f"grown_1928_{kind}"))
        assert dry / usual == pytest.approx(1.0 - 0.2 * part)


def test_imports_of_fibres_give_way_to_construction() -> None:
    sizes = {"crops": {"import_crowding": np.array([2.0, 2.0, 2.0, 0.0])}}
    history = History(JANUARY, [0] * 4, parameters=sizes)
    board(history, investment_pace=[2.0, 4.0, 8.0, 8.0])
    history.workspace.act("crops.import_fibres")
    history.ledger.settle()
    little, as_1928, twice, null = history.ledger.moved("crops_imported")
    assert little == as_1928 == null == pytest.approx(size("imports_1928_fibres") / 12.0)
    assert twice == pytest.approx(as_1928 / 4.0)


def test_mills_spread_a_short_crop_and_never_work_up_more_than_they_can() -> None:
    history = History(JANUARY, [0] * 3)
    history.ledger.endow("industrial_crops", "fibres", np.array([0.0, 0.3, 1e3]))
    history.workspace.act("crops.work_up")
    history.ledger.settle()
    none, some, plenty = history.ledger.moved("crops_used_fibres")
    assert none == 0.0
    able = history.workspace.read("inputs_of_factories")[1]
    assert some == pytest.approx(0.3 / 8.0 * able)  # January: eight months to the next harvest
    potential = history.workspace.read("factory_potential")[2] ** size("mill_growth")
    month = (size("grown_1928_fibres") + size("imports_1928_fibres")) / 12.0
    assert plenty == pytest.approx(month * potential * able)


def test_beet_that_is_not_worked_up_spoils() -> None:
    sizes = {"crops": {"beet_loss": np.array([0.0, 0.1])}}
    history = History(JANUARY, [0] * 2, parameters=sizes)
    history.ledger.endow("industrial_crops", "beet", 2.0)
    history.workspace.act("crops.lose_beet")
    history.ledger.settle()
    np.testing.assert_allclose(history.ledger.moved("beet_spoiled"), [0.0, 0.2])


def test_cloth_and_sugar_are_their_crops_worked_up(history: xr.Dataset) -> None:
    needed = {
        "fibres": size("grown_1928_fibres") + size("imports_1928_fibres"),
        "beet": size("grown_1928_beet"),
    }
    for product, kind, of_1928 in (("cotton_cloth", "fibres", 2678.0), ("sugar", "beet", 1.283)):
        used = values(history, f"crops_used_{kind}") / needed[kind]
        np.testing.assert_allclose(values(history, product)[1:], (used * of_1928)[1:], rtol=1e-9)


def test_crops_bought_are_worked_up_or_spoiled_or_in_store(history: xr.Dataset) -> None:
    fibres = values(history, "crops_procured_fibres") + values(history, "crops_imported")
    fibres = fibres - values(history, "crops_used_fibres")
    beet = values(history, "crops_procured_beet") - values(history, "crops_used_beet")
    beet = beet - values(history, "beet_spoiled")
    for kind, change in (("fibres", fibres), ("beet", beet)):
        np.testing.assert_allclose(
            np.diff(values(history, f"industrial_crops_{kind}")), change[1:], atol=1e-12
        )


def test_beet_is_worked_up_in_a_campaign_and_fibres_all_year(history: xr.Dataset) -> None:
    month = history["time"].dt.month.values
    beet, fibres = values(history, "crops_used_beet"), values(history, "crops_used_fibres")
    assert (beet[(month > 2) & (month < 9)] == 0.0).all()
    assert (beet[(month >= 10)] > 0.0).all()
    assert (fibres > 0.0).all()


def test_sugar_falls_in_the_famine_and_cloth_does_not_grow_with_the_plan(history: xr.Dataset) -> None:
    """The signs of the record, with no trend: sugar of 1932 below 1930, back and above by 1937."""
    sugar = history["sugar"].isel(member=0).groupby("time.year").sum()
    cloth = history["cotton_cloth"].isel(member=0).groupby("time.year").sum()
    assert float(sugar.sel(year=1932)) < bound("sugar_of_1932") * float(sugar.sel(year=1930))
    assert float(sugar.sel(year=1937)) > 1.2 * float(sugar.sel(year=1930))
    assert float(cloth.sel(year=1932)) < 1.1 * float(cloth.sel(year=1928))
