r"""Wedges between agriculture and the rest of the economy: one accounting for model and record.

In the manner of Cheremukhin, Golosov, Guriev and Tsyvinski (2013, 2017): a growth model of two sectors
without frictions says how labour, capital and saving would be shared; a wedge is how far the figures are from
that. A wedge describes, it does not explain: it is what taxes, quotas, barriers and coercion add up to, and
also what is measured badly.

Farm goods are eaten, goods of the rest are consumed or invested. With per-head consumption of farm goods
:math:`c_A` and of other goods :math:`c_M`, tastes are
:math:`\eta \ln(c_A - \gamma) + (1 - \eta) \ln c_M`, and each sector makes
:math:`Y_i = X_i K_i^{\alpha_i} N_i^{\beta_i}`. All wedges are given as logarithms, so that zero is no
friction and components add up:

- labour: :math:`\ln (U_M F^M_N / (U_A F^A_N))`; above zero, too many work on farms. It is the sum of a
  *consumption* part (tastes against prices), a *production* part (products of labour against wages) and a
  *mobility* part (wages against each other);
- capital: :math:`\ln (U_M F^M_K / (U_A F^A_K))`; above zero, too much capital is in farming;
- saving: :math:`\ln (\beta (U_{M,t+1} / U_{M,t}) (1 + F^M_{K,t+1} - \delta))`; above zero, consumers would
  save more than is invested; below zero, more is invested than they would choose.

Source of form: the papers named, recalled. The sizes of tastes and technology are recalled from them, except
subsistence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import xarray as xr

from planmodel.engine import Array

WEDGES = ("labour", "consumption", "production", "mobility", "capital", "saving")


@dataclass(frozen=True)
class TwoSectors:
    """Tastes and technology.

    Attributes
    ----------
    farm_capital, farm_labour, other_capital, other_labour
        Elasticities of output; what is left to one is land and the like.
    farm_weight
        Weight of farm goods in tastes.
    subsistence
        Farm goods that a head cannot do without, in the unit of farm consumption over that of people.
    discount
        Of a year.
    depreciation
        Of capital, a year.
    """

    farm_capital: float = 0.14
    farm_labour: float = 0.55
    other_capital: float = 0.21
    other_labour: float = 0.70
    farm_weight: float = 0.15
    subsistence: float = 0.0
    discount: float = 0.96
    depreciation: float = 0.05


@dataclass(frozen=True)
class Accounts:
    """Annual accounts of both sectors, each array of shape ``(years, members)``; what is not known is NaN.

    Attributes
    ----------
    years
        Calendar years.
    people
        All people.
    farm_output, other_output, farm_consumption, other_consumption
        Volumes; farm goods and other goods have one unit each.
    farm_labour, other_labour
        Workers.
    farm_capital, other_capital
        In the unit of other goods.
    farm_price
        Price of farm goods over that of other goods.
    other_wage
        Income of a worker outside farming over that of a farm worker.
    """

    years: Sequence[int]
    people: Array
    farm_output: Array
    other_output: Array
    farm_consumption: Array
    other_consumption: Array
    farm_labour: Array
    other_labour: Array
    farm_capital: Array
    other_capital: Array
    farm_price: Array
    other_wage: Array

    def __post_init__(self) -> None:
        """Refuse arrays that do not have one row a year."""
        shape = np.shape(self.people)
        for field in fields(self):
            given = getattr(self, field.name)
            if field.name != "years" and np.shape(given) != shape:
                raise ValueError(f"{field.name} has shape {np.shape(given)}, people {shape}")
        if len(shape) != 2 or shape[0] != len(self.years):
            raise ValueError(f"accounts of {len(self.years)} years have shape {shape}")


def account(accounts: Accounts, economy: TwoSectors) -> xr.Dataset:
    """Return wedges and productivities.

    Parameters
    ----------
    accounts
        What happened.
    economy
        Tastes and technology of the economy without frictions.

    Returns
    -------
    Dataset
        Dimensions year and member: the log wedges of ``WEDGES``, and ``farm_productivity`` and
        ``other_productivity`` (total factor productivity). NaN where a figure is not known, where farm
        consumption is not above subsistence, and for saving where the next year is not there.
    """
    a, e = accounts, economy
    above = a.farm_consumption / a.people - e.subsistence
    farm_worth = e.farm_weight / np.where(above > 0.0, above, np.nan)
    other_worth = (1.0 - e.farm_weight) / (a.other_consumption / a.people)
    farm_product, other_product = (
        e.farm_labour * a.farm_output / a.farm_labour,
        e.other_labour * a.other_output / a.other_labour,
    )
    farm_return, other_return = (
        e.farm_capital * a.farm_output / a.farm_capital,
        e.other_capital * a.other_output / a.other_capital,
    )
    taste, product = np.log(other_worth / farm_worth), np.log(other_product / farm_product)
    price, wage = np.log(a.farm_price), np.log(a.other_wage)
    found = {
        "labour": taste + product,
        "consumption": taste + price,
        "production": product - price - wage,
        "mobility": wage,
        "capital": taste + np.log(other_return / farm_return),
        "saving": _saving(a.years, other_worth, other_return, e),
        "farm_productivity": a.farm_output / (a.farm_capital**e.farm_capital * a.farm_labour**e.farm_labour),
        "other_productivity": a.other_output
        / (a.other_capital**e.other_capital * a.other_labour**e.other_labour),
    }
    members = np.arange(np.shape(a.people)[1])
    return xr.Dataset(
        {name: (("year", "member"), values) for name, values in found.items()},
        coords={"year": list(a.years), "member": members},
    )


def _saving(years: Sequence[int], worth: Array, marginal: Array, economy: TwoSectors) -> Array:
    """Return the saving wedge of each year that has a next one."""
    wedge = np.full(np.shape(worth), np.nan)
    follows = np.flatnonzero(np.diff(np.asarray(years)) == 1)
    gross = 1.0 + marginal[follows + 1] - economy.depreciation
    wedge[follows] = np.log(economy.discount * worth[follows + 1] / worth[follows] * gross)
    return wedge
