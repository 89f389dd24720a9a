"""Money: wages and state prices, payments between the sectors, budget and bank."""

from __future__ import annotations

from planmodel.engine.equations import Block

payments = Block("payments")


@payments.auxiliary
def products_for_towns(
    moved_meat_town,
    meat_price_1928,
    moved_milk_town,
    milk_price_1928,
    moved_potatoes_to_towns,
    potato_price_1928,
):
    """Animal products and potatoes of this month for towns, at retail prices of 1928."""
    return (
        moved_meat_town * meat_price_1928
        + moved_milk_town * milk_price_1928
        + moved_potatoes_to_towns * potato_price_1928
    )
