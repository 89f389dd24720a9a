"""Laws of a harvest that is made: what is sown, and what is lost in the field."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from standing import APRIL, HERD, JULY, Parameters, moved, of, read, stand
from watching import act, put

from planmodel.runs.history import History

# ---- area --------------------------------------------------------------------------------------------------


def halved(parameters: Parameters | None = None, /, **variables: float) -> History:
    """Return a village of which half the land and half the horses are in kolkhozes."""
    history = stand(APRIL, parameters, (), collectivised_share=0.5, **variables)
    horses = read(history, "horses_household", "draught")
    for owner in HERD.values():
        history.ledger.endow("horses", owner, 0.5 * horses)
    history.workspace.forget()
    return history


def reach(holding: str, by: Mapping[str, float], draught: float = 1.0, strength: float = 1.0) -> float:
    """Return the area that a form is able to sow over that which it means to, at some draught power."""
    history = halved({"cropping": by}, village_strength=strength)
    put(history, {"draught_1928": of(history, "draught_1928") * read_draught(history, holding) / draught})
    assert read_draught(history, holding) == pytest.approx(draught, rel=1e-9)
    area, meant = (read(history, f"area_{what}_{holding}", "cropping") for what in ("in_reach", "meant"))
    return area / meant


def read_draught(history: History, holding: str) -> float:
    return read(history, f"draught_now_{holding}", "draught")


@pytest.mark.parametrize("holding", HERD)
def test_area_falls_with_draught_power_and_with_strength_each_by_its_elasticity(holding: str) -> None:
    by = {"sowing_draught": 0.3, "sowing_food": 0.5}
    assert reach(holding, by, draught=0.6) == pytest.approx(0.6**0.3, rel=1e-9)
    assert reach(holding, by, strength=0.7) == pytest.approx(0.7**0.5, rel=1e-9)
    assert reach(holding, by, 0.6, 0.7) == pytest.approx(0.6**0.3 * 0.7**0.5, rel=1e-9)


@pytest.mark.parametrize("holding", HERD)
def test_plenty_sows_no_more_than_is_meant(holding: str) -> None:
    by = {"sowing_draught": 0.5, "sowing_food": 0.6}
    assert reach(holding, by, 1.5, 1.1) == pytest.approx(1.0, rel=1e-12)
    assert reach(holding, by, 1.5, 0.8) == pytest.approx(0.8**0.6, rel=1e-9)


@pytest.mark.parametrize("holding", HERD)
def test_at_their_null_values_neither_power_nor_strength_moves_the_area(holding: str) -> None:
    assert reach(holding, {"sowing_draught": 0.0, "sowing_food": 0.0}, 0.3, 0.5) == 1.0


def test_state_farms_sow_what_they_mean_to_however_weak_the_village() -> None:
    by = {"sowing_draught": 0.5, "sowing_food": 0.6}
    areas = []
    for strength in (0.4, 1.0):
        history = stand(APRIL, {"cropping": by}, village_strength=strength)
        areas.append(read(history, "area_in_reach_state_farm", "cropping"))
    assert areas[0] == areas[1] == of(history, "state_farm_area")


def test_what_a_weak_village_sows_is_the_seed_that_it_used() -> None:
    sown = []
    for strength in (0.5, 1.0):
        history = stand(APRIL, {"cropping": {"sowing_food": 0.6}}, village_strength=strength, sown_area=7.0)
        act(history, "cropping.sow", "cropping.count_sown_area")
        seed = moved(history, "seed_individual") + moved(history, "seed_kolkhoz")
        area = of(history, "sown_area") - 7.0
        assert area * read(history, "seed_rate", "cropping") == pytest.approx(seed, rel=1e-12)
        sown.append(area)
    assert sown[0] / sown[1] == pytest.approx(0.5**0.6, rel=1e-9)


def test_seed_is_set_aside_for_what_is_meant_not_for_what_can_be_sown() -> None:
    needs = []
    for strength in (0.5, 1.0):
        history = stand(APRIL, {"cropping": {"sowing_food": 0.6}}, village_strength=strength)
        act(history, "cropping.set_seed_aside")
        needs.append(of(history, "seed_need_individual"))
    assert needs[0] == needs[1] > 0.0


def test_horses_of_households_plough_their_own_land_and_tractors_that_of_kolkhozes() -> None:
    history = halved()
    before = {holding: read_draught(history, holding) for holding in HERD}
    history.ledger.endow("horses", "household", 0.5 * read(history, "horses_household", "draught"))
    history.ledger.endow("tractors", "farms", 900.0)
    history.workspace.forget()
    assert read_draught(history, "individual") == pytest.approx(0.5 * before["individual"], rel=1e-9)
    assert read_draught(history, "kolkhoz") > before["kolkhoz"]
    act(history, "draught.count_draught_power")
    for holding in HERD:
        assert of(history, f"draught_{holding}") == read_draught(history, holding)


# ---- losses in the field -----------------------------------------------------------------------------------

LOSSES = {"harvest_loss": 0.1, "loss_from_slack": 0.2, "loss_from_weakness": 0.4}


def lost(who: str, by: Mapping[str, float] = LOSSES, /, **variables: float) -> float:
    usual = {"draught_individual": 1.0, "draught_kolkhoz": 1.0, "field_labour": 1.0, "effort": 1.0}
    history = stand(JULY, {"cropping": by}, **(usual | variables))
    return read(history, f"lost_{who}", "cropping")


@pytest.mark.parametrize("holding", HERD)
def test_with_power_hands_and_effort_of_1928_only_the_usual_is_lost(holding: str) -> None:
    assert lost(holding) == pytest.approx(0.1, rel=1e-12)
    assert lost(holding, field_labour=1.4, draught_individual=1.5, draught_kolkhoz=1.5) == pytest.approx(0.1)


@pytest.mark.parametrize("holding", HERD)
def test_more_is_lost_for_want_of_power_and_of_hands_alike(holding: str) -> None:
    draught = f"draught_{holding}"
    of_power, of_hands = lost(holding, **{draught: 0.49}), lost(holding, field_labour=0.49)
    assert of_power == of_hands == pytest.approx(0.1 + 0.4 * 0.3, rel=1e-9)
    assert lost(holding, **{draught: 0.49, "field_labour": 0.49}) == pytest.approx(0.1 + 0.4 * 0.51, rel=1e-9)
    assert lost(holding, field_labour=1.4, **{draught: 0.49}) == of_power  # hands are no horses


def test_slack_loses_on_kolkhozes_and_state_farms_and_not_on_a_peasants_own_land() -> None:
    assert lost("kolkhoz", effort=0.5) == lost("on_state_farms", effort=0.5) == pytest.approx(0.2, rel=1e-12)
    assert lost("individual", effort=0.5) == lost("individual")
    weak = {"effort": 0.5, "draught_kolkhoz": 0.49}
    assert lost("kolkhoz", **weak) == pytest.approx(0.2 + 0.4 * 0.3, rel=1e-9)


def test_horses_of_others_bring_nothing_in() -> None:
    assert lost("individual", draught_kolkhoz=0.3) == lost("individual")
    assert lost("kolkhoz", draught_individual=0.3) == lost("kolkhoz")
    assert lost("on_state_farms", draught_individual=0.3, draught_kolkhoz=0.3, field_labour=0.5) == 0.1


def test_at_its_null_value_weakness_loses_nothing() -> None:
    null = LOSSES | {"loss_from_weakness": 0.0}
    weak = {"draught_individual": 0.2, "draught_kolkhoz": 0.2, "field_labour": 0.3}
    assert lost("individual", null, **weak) == lost("kolkhoz", null, **weak) == 0.1


def test_some_of_the_crop_always_comes_in() -> None:
    most = {"harvest_loss": 0.2, "loss_from_slack": 0.6, "loss_from_weakness": 0.6}
    weak = {"draught_kolkhoz": 0.2, "field_labour": 0.3, "effort": 0.0}
    assert lost("kolkhoz", most, **weak) == 0.9
    assert lost("on_state_farms", {"harvest_loss": 0.2, "loss_from_slack": 0.9}, effort=0.0) == 0.9
    assert lost("individual", {"harvest_loss": 0.2, "loss_from_weakness": 2.0}, draught_individual=0.2) == 0.9
