"""Laws of the peasants' market and of goods for the village: sign, limit, null value and balance."""

from __future__ import annotations

import numpy as np
import pytest
from regional import MANY, ONE, only, reckon
from watching import BASELINE

from planmodel.runs.history import History

NORM = 0.1  # meat, milk and potatoes for towns in a month of 1928, billion roubles


def left(of_late: float, delivered_first: float = 0.6, on_market: bool = False) -> float:
    """Return what deliveries leave for the market, 1928 = 1."""
    given = {"products_of_late": of_late, "products_norm": NORM, "delivered_first": delivered_first}
    return float(reckon("kolkhoz_market.left_by_deliveries", on_market=on_market, **given))


# ---- deliveries first --------------------------------------------------------------------------------------


def test_deliveries_leave_the_market_as_much_as_in_1928_where_there_is_as_much() -> None:
    assert left(NORM) == pytest.approx(1.0, rel=1e-12)


def test_the_market_bears_what_is_wanting_and_has_what_is_more() -> None:
    path = [left(part * NORM) for part in (0.4, 0.5, 0.7, 0.9, 1.0, 1.2)]
    assert path == sorted(path)
    assert path[-1] > 1.0
    assert left(0.5 * NORM) == pytest.approx(1.0 - 0.6, rel=1e-12)  # half is wanting: once what there is


def test_what_deliveries_take_does_not_hang_on_the_herds() -> None:
    """Taken over those of 1928 is the same whatever there is: that is what the form says."""
    owed = 0.6 / 1.6  # what is owed over what it leaves in 1928 is 0.6: three eighths of the products of 1928
    for there_is in (0.6, 0.8, 1.0, 1.3):
        sold = there_is * left(there_is * NORM) * (1.0 - owed)
        assert there_is - sold == pytest.approx(owed, rel=1e-9)


def test_where_little_is_made_nothing_is_left_and_never_less() -> None:
    assert left(0.3 * NORM) == 0.0
    assert left(0.0) == 0.0


def test_at_the_null_value_and_on_a_free_market_deliveries_take_nothing_first() -> None:
    for part in (0.0, 0.3, 0.8, 1.5):
        assert left(part * NORM, delivered_first=0.0) == 1.0
        assert left(part * NORM, on_market=True) == 1.0


def sold(**given: float) -> float:
    usual = {
        "trade_allowed": 0.5, "market_open": 1.0, "black_market": 0.1, "kolkhoz_market_price": 1.0,
        "industrial_goods_price": 1.0, "village_goods_offer": 1.0, "product_share": 0.8,
    }  # fmt: skip
    made = reckon("kolkhoz_market.open_market", **(usual | given))
    return float(made["market_share_of_products"])


def test_less_is_sold_by_what_deliveries_take_and_never_more_than_there_is() -> None:
    assert sold(left_by_deliveries=0.5) == pytest.approx(0.5 * sold(left_by_deliveries=1.0), rel=1e-12)
    assert sold(left_by_deliveries=0.0) == 0.0
    assert sold(left_by_deliveries=100.0) < 1.0


def test_products_are_noted_over_a_year_and_held_against_the_mean_of_1928() -> None:
    given = {"products_for_towns": 0.3, "products_of_late": 0.1, "products_norm": 0.1}
    first = reckon("kolkhoz_market.note_products", base_month=3, **given)
    assert first["products_norm"] == pytest.approx(0.1 + 0.2 / 3.0, rel=1e-12)
    assert first["products_of_late"] == pytest.approx(0.1 + 0.2 / 12.0, rel=1e-12)
    later = reckon("kolkhoz_market.note_products", base_month=0, **given)
    assert later["products_norm"] == 0.1


# ---- the market after deliveries ---------------------------------------------------------------------------


def open_to(taken: float, closed: float = 1.0, decreed: float = 1.0, cut: float = 0.0) -> float:
    """Return to whom the market of a region is open that owes 4 million tonnes."""
    given = {"taken_this_year_region": taken, "regional_plan_region": 4.0, "grain_plan_cut_region": cut}
    made = reckon(
        "kolkhoz_market.market_open_region",
        market_after_deliveries=decreed,
        closed_to_debtors=closed,
        **given,
    )
    return float(np.ravel(made)[0])


def test_the_market_opens_as_deliveries_are_made_and_is_whole_when_they_are() -> None:
    path = [open_to(taken) for taken in (0.0, 1.0, 3.0, 4.0, 6.0)]
    assert path == [0.0, pytest.approx(0.25), pytest.approx(0.75), 1.0, 1.0]
    assert open_to(3.0, cut=1.0) == 1.0  # what is remitted is not owed
    assert open_to(0.0, closed=0.4) == pytest.approx(0.6)
    assert open_to(0.0, decreed=0.5) == pytest.approx(0.5)


def test_at_the_null_value_and_before_the_decree_the_market_is_open_to_all() -> None:
    for taken in (0.0, 2.0, 9.0):
        assert open_to(taken, closed=0.0) == open_to(taken, decreed=0.0) == 1.0
    assert open_to(0.0, cut=9.0) <= 1.0


def test_who_may_not_sell_sells_on_the_black_market_alone() -> None:
    assert sold(left_by_deliveries=1.0, market_open=0.5) == pytest.approx(
        0.5 * sold(left_by_deliveries=1.0, market_open=1.0)
    )
    black = sold(left_by_deliveries=1.0, market_open=0.0)
    assert black == pytest.approx(sold(left_by_deliveries=1.0, market_open=0.1))
    assert 0.0 < black < sold(left_by_deliveries=1.0, market_open=0.5)


def test_the_market_of_the_country_is_open_as_that_of_its_people_is() -> None:
    heads = np.arange(1.0, MANY + 1.0)
    given = {"people_kolkhoz_members_region": 0.25 * heads, "people_individual_peasants_region": 0.75 * heads}
    made = reckon("kolkhoz_market.market_open", market_open_region=only(0.0, 1.0), **given)
    assert float(np.ravel(made)[0]) == pytest.approx(1.0 - heads[ONE] / heads.sum())


def grain_sold(opened: float) -> float:
    given = {"free_trade": 0.5, "black_market": 0.1, "own_grain": 60.0, "grain_members_region": 6.0}
    made = reckon("kolkhoz_market.sell_grain", market_open_region=opened, months_to_harvest=1.0, **given)
    return float(np.sum([value for name, value in made.items() if "members" in name]))


def test_grain_is_sold_by_those_who_may() -> None:
    assert grain_sold(0.5) == pytest.approx(0.5 * grain_sold(1.0))
    assert grain_sold(0.0) == pytest.approx(0.2 * grain_sold(1.0))


# ---- goods follow money ------------------------------------------------------------------------------------


def part(purse: float, follow: float = 0.3, share: float = 0.45) -> float:
    """Return the share of goods that goes to the village."""
    given = {"village_purse": purse, "goods_follow_money": follow, "village_goods_share": share}
    return float(reckon("consumer_goods.village_part", **given))


def test_goods_go_to_the_village_as_decreed_where_it_can_pay_as_towns_can() -> None:
    assert part(1.0) == 0.45


def test_the_poorer_the_village_the_less_goes_there_by_the_elasticity() -> None:
    assert part(0.5) == pytest.approx(0.45 * 0.5**0.3, rel=1e-12)
    assert part(0.25) < part(0.5) < part(1.0) < part(1.5)


def test_at_the_null_value_money_moves_no_goods() -> None:
    for purse in (0.1, 0.4, 1.0, 7.0):
        assert part(purse, follow=0.0) == 0.45


def test_towns_are_never_left_without_goods() -> None:
    assert part(10.0, follow=1.0, share=0.7) == 0.9


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_what_is_sold_is_what_was_brought(share: float) -> None:
    made = reckon(
        "consumer_goods.sell_goods", consumer_goods_trade=0.8, goods_brought=0.9, village_part=share
    )
    assert made["goods_to_village"] + made["goods_to_towns"] == pytest.approx(0.72, rel=1e-12)
    assert made["goods_to_village"] == pytest.approx(0.72 * share, rel=1e-12)


def purse(**given: float) -> float:
    usual = {
        "shop_want": 2.0, "town_supply": 2.0, "village_want": 1.0, "village_supply": 1.0,
        "village_purse": 1.0, "shop_memory": 1.0,
    }  # fmt: skip
    return float(reckon("payments.weigh_purses", **(usual | given))["village_purse"])


def test_the_purse_is_money_over_goods_of_the_village_over_that_of_towns() -> None:
    assert purse() == 1.0
    assert purse(village_want=0.5) == pytest.approx(0.5, rel=1e-12)
    assert purse(village_supply=2.0) == pytest.approx(0.5, rel=1e-12)
    assert purse(shop_want=4.0) == pytest.approx(0.5, rel=1e-12)
    assert purse(town_supply=4.0) == pytest.approx(2.0, rel=1e-12)
    # Twice the money everywhere and twice the goods everywhere move nothing.
    assert purse(village_want=2.0, shop_want=4.0) == pytest.approx(1.0, rel=1e-12)
    assert purse(village_supply=3.0, town_supply=6.0) == pytest.approx(1.0, rel=1e-12)


def test_the_purse_is_bounded_and_smoothed() -> None:
    assert purse(village_want=0.0) == pytest.approx(0.1, rel=1e-12)
    assert purse(shop_want=0.0) == pytest.approx(10.0, rel=1e-12)
    assert purse(village_want=0.5, shop_memory=5.0) == pytest.approx(0.9, rel=1e-12)


# ---- histories ---------------------------------------------------------------------------------------------


def test_goods_fall_in_the_village_by_its_purse_and_none_are_lost() -> None:
    """Members that differ in how far goods follow money: in the years of glut the village gets less."""
    follow = np.array([0.0, 0.3, 0.9])
    history = History(BASELINE, [0, 0, 0], parameters={"consumer_goods": {"goods_follow_money": follow}})
    runs = history.run().dataset
    village = np.asarray(runs["goods_to_village"].sel(time="1935").sum("time"))
    assert (np.diff(village) < 0.0).all()
    purse = np.asarray(runs["village_purse"].sel(time="1935").mean("time"))
    assert (purse < 1.0).all()
    assert (np.diff(purse) > 0.0).all()  # what follows money evens purses out
    share = runs["goods_to_village"] / (runs["goods_to_village"] + runs["goods_to_towns"])
    years = runs["time"].dt.year.values
    decreed = np.where((years > 1930) & (years < 1936), 0.43, 0.45)
    np.testing.assert_allclose(share.values[0], decreed, rtol=1e-12)
