"""Opening values of variables that no history can depend on: reckoned anew before anybody reads them.

To begin with another value of these would have no effect at all, so that a scenario may not say one. The test
``tests/doors/test_every_number.py`` holds this list to what the economies do.
"""

from __future__ import annotations

# By the name of the economy.
RECKONED: dict[str, frozenset[str]] = {
    "soviet": frozenset((
        "accumulation_fund", "arrested_long", "arrested_quitters", "budget_needs", "budget_wage_share",
        "builders_ratio", "camp_bread", "camp_builders", "camp_gold", "camp_grain_claim", "camp_losses",
        "camp_miners", "camp_timber", "capacity_consumer_goods", "capacity_transport", "cement", "coal",
        "commercial_supply", "construction_index", "consumer_goods_index", "cost_of_living",
        "cotton_cloth", "crop_ratio", "defence_claim", "deportation_runs", "electricity", "emergency",
        "engineering_index", "equipment_ratio", "famine_mortality", "food_cost", "food_spread",
        "free_sale", "free_trade", "frozen_share", "household_feed_need", "kolkhoz_dues",
        "kolkhoz_free_grain", "labour_turnover", "market_return", "market_share_of_products",
        "metal_and_fuel_index", "metal_claim_engineering", "metal_ratio", "mts_payment_value",
        "organised_recruits", "output_consumer_goods_year", "output_heavy_industry_year",
        "overflow_long", "plan_fulfilment", "relief_wanted", "retail_turnover", "seasonal_builders",
        "seed_need_individual", "seed_need_kolkhoz", "seed_need_state_farm", "site_equipment_claim",
        "site_metal_claim", "socialised_feed_need", "socialised_feed_norm", "sold_to_traders", "steel",
        "sugar", "terror", "town_call", "town_famine_mortality", "town_gap", "town_grain_claim",
        "town_room", "town_supply", "town_volume", "trains_short", "tribute", "upkeep_claim",
        "vacancies", "village_calories", "village_food_need", "village_food_need_per_head",
        "village_strength", "village_supply", "village_volume", "volume_bread", "volume_food",
        "volume_goods", "wage_earners", "wholesale_price",
    )),
    "cadres_of_25000": frozenset((
        "discontent_reported", "drive_age", "local_pressure", "officials", "planned_share",
    )),
    "kuzbass": frozenset((
        "can_pay_for", "coal_wanted_and_missing", "effort", "employees", "left_colonists",
        "mines_worked", "own_food", "works_missing",
    )),
    "labour_process": frozenset((
        "mean_spread", "meetings", "norm_rise", "output", "output_a_worker", "output_a_worker_level",
        "output_a_worker_wide", "skilled_share_level", "skilled_share_wide", "spread_level",
        "spread_wide", "turnover", "workers_wide",
    )),
    "magnitogorsk": frozenset((
        "arrivals", "dam_works", "departures", "first_dam_finished", "gone_in_first_month", "hardship",
        "haste", "living_space", "mean_stay", "penal_share", "population_of_site", "skilled_share",
        "supply", "workers",
    )),
}  # fmt: skip
