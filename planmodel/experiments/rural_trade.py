"""What leaves agriculture and what comes into it, in kind and at several price vectors.

The surplus of agriculture is what its products are worth that leave it, less what the goods are worth that
industry sends. Both bundles are the same whatever the prices; the sign is not. In the manner of Barsov
(1969), Millar (1974) and Ellman (1975), recalled.
"""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from planmodel.engine import Array, total
from planmodel.experiments.annual import Annual, yearly
from planmodel.scenario import Scenario, registry

PEASANTS = ("people_individual_peasants", "people_kolkhoz_members", "people_state_farm_workers")
INDUSTRY = ("people_heavy_industry_workers", "people_consumer_goods_workers")
WORKERS_PER_PEASANT = 0.4
"""Full-time workers over people of peasant families; assumption."""

_HARVEST = ("grain_harvest_individual", "grain_harvest_kolkhoz", "grain_harvest_state_farm")
_SEED = ("seed_individual", "seed_kolkhoz", "seed_state_farm")
_FEED = ("feed_socialised", "feed_from_individual", "feed_from_members")
_STATE_GRAIN = ("procured_individual", "procured_kolkhoz")
_OTHER_STATE_GRAIN = ("procured_state_farm", "mts_payment")
_RETURNED = ("grain_resale", "grain_relief", "seed_loan", "grain_for_gold")
_CROPS_BOUGHT = ("crops_procured_fibres", "crops_procured_beet")
_CROPS_USED = ("crops_used_fibres", "crops_used_beet")
_MARKET_GRAIN = ("market_grain_individual", "market_grain_members")
_VILLAGE_FOOD = {
    "meat_town": "meat_village",
    "milk_town": "milk_village",
    "potatoes_to_towns": "potatoes_eaten_village",
}

RECORDED = (
    *PEASANTS,
    *INDUSTRY,
    *_HARVEST,
    *_SEED,
    *_FEED,
    *_STATE_GRAIN,
    *_OTHER_STATE_GRAIN,
    *_RETURNED,
    *_MARKET_GRAIN,
    *_VILLAGE_FOOD,
    *_VILLAGE_FOOD.values(),
    *_CROPS_BOUGHT,
    *_CROPS_USED,
    "market_share_of_products",
    "farm_purchases",
    "market_purchases",
    "mts_payment_value",
    "procurement_price",
    "industrial_goods_price",
    "wholesale_price",
    "goods_to_village",
    "goods_to_tractors",
    "construction_agriculture",
    "output_consumer_goods",
    "output_engineering",
)
"""What a run must record for these accounts."""

VECTORS = {
    "prices_of_1928": "at prices of 1928",
    "state_prices": "at state prices of the year",
    "prices_paid": "at prices paid, market included",
    "labour_of_1928": "in labour of 1928",
    "labour_of_year": "in labour of the year",
}
"""The price vectors, and how a figure names them."""


def retail_1928() -> dict[str, float]:
    """Return the retail prices of 1928 of farm products for towns, by flow."""
    constants = registry.economy().constants()
    flows = {"meat_town": "meat", "milk_town": "milk", "potatoes_to_towns": "potato"}
    return {flow: float(constants[f"{name}_price_1928"].value) for flow, name in flows.items()}  # type: ignore[arg-type]


@dataclass(frozen=True)
class FarmPrices:
    """What the state paid for farm products in 1928, roubles a kilogram."""

    grain: float
    products: dict[str, float]

    @classmethod
    def of(cls, scenario: Scenario) -> FarmPrices:
        """Read the prices that a scenario puts into its payments."""
        given = scenario.parameters.model_dump()["payments"]
        share = float(given["farm_price_share"])
        products = {flow: price * share for flow, price in retail_1928().items()}
        return cls(float(given["grain_price_1928"]), products)


def farm_sales(annual: Annual, prices: FarmPrices) -> dict[str, Array]:
    """Return farm products that leave agriculture, at procurement prices of 1928.

    Returns
    -------
    dict
        Billion roubles of 1928 a month, shape ``(years, 12, members)``: ``delivered`` (grain and other food
        bought by the state from peasants and kolkhozes), ``in_kind`` (grain of state farms and of the MTS),
        ``crops`` (industrial crops), ``market`` (sold on the peasants' market), ``returned`` (grain that
        comes back to villages as resale, relief and seed, and for gold).
    """
    products = total(annual.months(flow) * price for flow, price in prices.products.items())
    to_market = products * annual.months("market_share_of_products")
    return {
        "delivered": annual.months(*_STATE_GRAIN) * prices.grain + (products - to_market),
        "in_kind": annual.months(*_OTHER_STATE_GRAIN) * prices.grain,
        "crops": annual.months(*_CROPS_BOUGHT),
        "market": annual.months(*_MARKET_GRAIN) * prices.grain + to_market,
        "returned": annual.months(*_RETURNED) * prices.grain,
    }


def farm_product(annual: Annual, prices: FarmPrices) -> Array:
    """Return the product of agriculture, less seed and feed, at procurement prices of 1928.

    Returns
    -------
    array
        Billion roubles of 1928 a year, shape ``(years, members)``. Changes of herds are left out.
    """
    grain = annual.total(*_HARVEST) - annual.total(*_SEED, *_FEED)
    food = total(annual.total(flow, _VILLAGE_FOOD[flow]) * price for flow, price in prices.products.items())
    return grain * prices.grain + food + annual.total(*_CROPS_BOUGHT)


def surplus(dataset: xr.Dataset, prices: FarmPrices) -> xr.Dataset:
    """Return the surplus of agriculture at each price vector.

    Parameters
    ----------
    dataset
        Result of a run with ``RECORDED``.
    prices
        Of 1928.

    Returns
    -------
    Dataset
        Dimensions year and member: ``sales`` and ``goods`` (the two bundles at prices of 1928, ``goods`` with
        tractors), ``state_works`` (building in state agriculture, not part of ``goods``), ``break_even``
        (farm over industrial prices, 1928 = 1, at which both bundles are worth the same), and for each vector
        ``surplus_<vector>`` (billion roubles, or million years of work) and ``share_<vector>`` (surplus over
        what left agriculture, the same in any unit).

    Notes
    -----
    Labour values have two sectors: farm goods cost the work of farmers over their product; industrial goods
    the work in industry, and that in the crops used, over output. No labour is counted as skilled, none
    outside these sectors, and machines and metal hand on no work.
    """
    annual = Annual(dataset)
    sold = farm_sales(annual, prices)
    paid = _paid(annual, prices, sold)
    leaving = yearly(sold["delivered"] + sold["in_kind"] + sold["crops"] + sold["market"] - sold["returned"])
    consumer, tractors = annual.total("goods_to_village"), annual.total("goods_to_tractors")
    goods = consumer + tractors
    wholesale = annual.mean("wholesale_price")
    charged = yearly(annual.months("goods_to_village") * annual.months("industrial_goods_price"))
    charged = charged + tractors * wholesale / wholesale[annual.base]
    farm, industrial = _labour_values(annual, prices)
    values = {
        "prices_of_1928": (leaving, goods),
        "state_prices": (paid["state"] + paid["market_at_state_prices"], charged),
        "prices_paid": (paid["state"] + paid["market"], charged),
        "labour_of_1928": (leaving * farm[annual.base], goods * industrial[annual.base]),
        "labour_of_year": (leaving * farm, goods * industrial),
    }
    found = {
        "sales": leaving,
        "goods": goods,
        "state_works": annual.total("construction_agriculture"),
        "break_even": goods / leaving,
    }
    for vector, (out, into) in values.items():
        found[f"surplus_{vector}"] = out - into
        found[f"share_{vector}"] = (out - into) / out
    return xr.Dataset(
        {name: (("year", "member"), value) for name, value in found.items()}, coords={"year": annual.years}
    )


def _paid(annual: Annual, prices: FarmPrices, sold: dict[str, Array]) -> dict[str, Array]:
    """Return what farm products fetched, billion current roubles a year."""
    price = annual.months("procurement_price")
    in_kind = yearly(price * (sold["in_kind"] - sold["returned"]))
    return {
        "state": annual.total("farm_purchases") + in_kind,
        "market": annual.total("market_purchases"),
        "market_at_state_prices": yearly(price * sold["market"]),
    }


def _labour_values(annual: Annual, prices: FarmPrices) -> tuple[Array, Array]:
    """Return years of work in a rouble of 1928 of farm goods and of industrial goods."""
    farm = WORKERS_PER_PEASANT * annual.mean(*PEASANTS) / farm_product(annual, prices)
    output = annual.total("output_consumer_goods", "output_engineering")
    industrial = (annual.mean(*INDUSTRY) + farm * annual.total(*_CROPS_USED)) / output
    return farm, industrial
