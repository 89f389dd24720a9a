"""Accounts of the record say what the record says."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.documented import catalogue
from planmodel.documented.figures import Figures
from planmodel.experiments.two_sectors import DOCUMENTED_YEARS, documented_accounts, with_subsistence
from planmodel.experiments.wedges import account

RECORD = Figures(catalogue())


@pytest.mark.parametrize("position", range(len(DOCUMENTED_YEARS)))
def test_shares_come_out_again(position: int) -> None:
    year = DOCUMENTED_YEARS[position]
    found = documented_accounts(RECORD)
    product = (found.farm_output + found.other_output)[position, 0]
    assert found.farm_output[position, 0] / product == pytest.approx(
        RECORD.at("nnp_share_agriculture", "gregory_stuart", year)
    )
    hands = found.farm_labour / (found.farm_labour + found.other_labour)
    assert hands[position, 0] == pytest.approx(RECORD.at("labour_share_agriculture", "gregory_stuart", year))
    consumed = (found.farm_consumption + found.other_consumption)[position, 0]
    shares = [
        RECORD.at(name, "bergson", year) for name in ("gnp_share_consumption", "gnp_share_communal_services")
    ]
    assert consumed / product == pytest.approx(sum(shares))


def test_farming_grows_as_its_index_and_the_unit_is_product_of_1928() -> None:
    found = documented_accounts(RECORD)
    assert (found.farm_output + found.other_output)[0, 0] == pytest.approx(1.0)
    index = [RECORD.at("agricultural_output", "official", year) for year in DOCUMENTED_YEARS]
    np.testing.assert_allclose(found.farm_output[:, 0] / found.farm_output[0, 0], np.array(index) / index[0])


def test_what_the_record_does_not_hold_is_not_accounted_for() -> None:
    found = documented_accounts(RECORD)
    wedges = account(found, with_subsistence(found))
    assert np.isfinite(wedges["labour"]).all()
    for name in ("consumption", "production", "mobility", "capital", "saving", "farm_productivity"):
        assert np.isnan(wedges[name]).all(), name


def test_subsistence_is_a_share_of_what_was_eaten_first() -> None:
    found = documented_accounts(RECORD)
    eaten = (found.farm_consumption / found.people)[0, 0]
    assert with_subsistence(found, 0.25).subsistence == pytest.approx(0.25 * eaten)
