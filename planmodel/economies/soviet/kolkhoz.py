"""The kolkhoz barn, shared out after all other claims, and the plots of households."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

kolkhoz = Block("kolkhoz", over="region")
plots = Block("plots", over="region")


# ---- the kolkhoz barn --------------------------------------------------------------------------------------


@kolkhoz.auxiliary
def kolkhoz_seed_fund(seed_need_kolkhoz, sowing_ahead):
    """Grain that the kolkhoz keeps for seed."""
    return seed_need_kolkhoz * sowing_ahead


@kolkhoz.auxiliary
def kolkhoz_dues_ahead(kolkhoz_dues, procurement_ahead):
    """Grain that the kolkhoz has still to deliver."""
    return kolkhoz_dues * procurement_ahead


@kolkhoz.auxiliary(source="B-2")
def grain_free_of_claims(
    grain_kolkhoz, kolkhoz_seed_fund, socialised_feed_need, months_to_harvest, kolkhoz_dues_ahead
):
    """Kolkhoz grain beyond the seed fund, the feed fund and the deliveries still due."""
    feed = socialised_feed_need * months_to_harvest
    return np.maximum(grain_kolkhoz - kolkhoz_seed_fund - feed - kolkhoz_dues_ahead, 0.0)


@kolkhoz.equation("distribution", source="A-40, B-2, B-5")
def share_out(grain_free_of_claims, advance, overhead):
    """Members get a part of what is free of all other claims; funds and cadres take their share of it."""
    given = grain_free_of_claims * advance
    return dict(
        kolkhoz_free_grain=grain_free_of_claims,
        grain_to_cadres=given * overhead,
        grain_to_members=given * (1.0 - overhead),
    )


@kolkhoz.equation("distribution", months=(9,))
def see_the_year(
    grain_kolkhoz, kolkhoz_seed_fund, kolkhoz_dues_ahead, people_kolkhoz_members, village_food_need_per_head,
    socialised_feed_norm, months_crop_lasts,
):  # fmt: skip
    """What the year will bring, seen when the crop is in, over food and feed at the norm."""
    mouths = people_kolkhoz_members * village_food_need_per_head
    wanted = months_crop_lasts * (mouths + socialised_feed_norm)
    left = np.maximum(grain_kolkhoz - kolkhoz_seed_fund - kolkhoz_dues_ahead, 0.0)
    return dict(kolkhoz_ease=within(left / np.maximum(wanted, 1e-6), 0.0, 1.0))


@kolkhoz.equation("record")
def count_grain_to_members(month, distributed_this_year, moved_grain_to_members):
    """Grain given for labour-days since July."""
    before = 0.0 if month == 7 else distributed_this_year
    return dict(distributed_this_year=before + moved_grain_to_members)


@kolkhoz.auxiliary
def seed_wanting(kolkhoz_seed_fund, grain_kolkhoz, food_over_districts, district_weight_district):
    """Seed wanting in kolkhozes, where barns are spread as food is.

    The mean kolkhoz may hold its seed while those of poor districts do not.
    """
    barns = grain_kolkhoz * food_over_districts
    return total(district_weight_district * np.maximum(kolkhoz_seed_fund - barns, 0.0), "district")


# ---- household plots ---------------------------------------------------------------------------------------


@plots.auxiliary(source="A-50, A-51")
def use_of_plots(collectivised_share, plot_rights, plot_curtailment):
    """Use of plots, which shrinks where a collectivised village has no right to them."""
    lost = collectivised_share * (1.0 - plot_rights)
    return 1.0 - plot_curtailment * lost


@plots.auxiliary(without="plot_subsistence")
def use_of_plots(collectivised_share):
    """Use of plots where kolkhoz households have none."""
    return 1.0 - collectivised_share


@plots.equation("potato_harvest", source="A-48, B-1")
def dig_potatoes(
    potato_yield, potatoes, village_population, use_of_plots, weather, weather_share, worst_plot_weather,
    potato_harvest_part,
):  # fmt: skip
    """Potatoes by village people, the use of plots, and a share of the year's weather."""
    weathered = np.maximum(1.0 + weather_share * weather, worst_plot_weather)
    crop = potato_yield * potatoes * village_population * use_of_plots * weathered
    return dict(potato_harvest=crop * potato_harvest_part, plot_use=use_of_plots)


@plots.calendar
def months_to_potatoes(month: int) -> int:
    """Months over which the cellar is spread, to the next September."""
    return (8 - month) % 12 + 1


@plots.equation("distribution")
def spend_potatoes(potatoes_village, months_to_potatoes, potato_seed_and_feed, potato_sales):
    """The cellar is spread evenly: seed, feed and loss, what goes to towns, and what is eaten."""
    spent = potatoes_village / months_to_potatoes
    eaten = spent * (1.0 - potato_seed_and_feed - potato_sales)
    return dict(
        potatoes_kept=spent * potato_seed_and_feed,
        potatoes_to_towns=spent * potato_sales,
        potatoes_eaten_village=np.maximum(eaten, 0.0),
    )
