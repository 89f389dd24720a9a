"""Like with like: points of an experiment count only where model and record are at prices of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planmodel.documented.vocabulary import COMPARABLE
from planmodel.engine import UserError
from planmodel.experiments.results import OVER, Quantity, Results
from planmodel.scenario.alike import hold_alike, is_relative
from planmodel.scenario.indicators import Indicator


def hold_point(
    name: str,
    figure: Mapping[Any, Any],
    results: Results,
    model: Quantity | None,
    prices: str = "",
    to_base: bool = False,
) -> None:
    """Refuse a point that counts, where the record is at prices of another kind or of another territory.

    Parameters
    ----------
    name
        Of the quantity.
    figure
        Of the record.
    results, model
        The run, and what of it stands beside the figure.
    prices
        At what prices a function of results is; an indicator or a recorded quantity says its own.
    to_base
        Whether both sides are taken to a base.

    Raises
    ------
    UserError
        Naming both sides and what is allowed.
    """
    said = "what is compared"
    if isinstance(model, str | Indicator):
        prices = prices or results.scenario.declared.prices(model)
        said = model if isinstance(model, str) else model.name
    if figure["territory"] not in COMPARABLE:
        raise UserError(
            f"{name}: '{figure['version']}' for {figure['date']} is of {figure['territory']}, {said} of the "
            f"model of the borders of 1938; allowed: {', '.join(COMPARABLE)}, or to say in counted why the "
            "point does not count"
        )
    record, variable = results.scenario.documented, figure["variable"]
    version = str(figure["version"]).split(OVER)[0]
    relative = to_base or is_relative(record, variable)
    hold_alike(name, record, variable, version, said, prices, relative)
