"""The unit of a series is checked at every scale; another unit is converted by its name."""

from pathlib import Path

import pytest

from planmodel.engine import UserError
from planmodel.scenario import load_scenario
from planmodel.scenario.exogenous import exogenous_series

TEXT = """extends = "baseline"
[exogenous.soldiers]
series = "steel"
version = "official"
"""


@pytest.mark.parametrize("scale", ["", "scale = 1.0", "scale = 1.1", "scale = 0.0", "scale = 1000.0"])
def test_steel_is_no_soldier_at_any_scale(tmp_path: Path, scale: str) -> None:
    file = tmp_path / "soldiers.toml"
    file.write_text(TEXT + scale, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_scenario(file)
    assert str(caught.value) == (
        f"{file}: exogenous.soldiers: 'steel' is in 'million tonnes'; the model expects 'million persons'"
    )


def test_values_in_thousands_are_converted() -> None:
    values = {"exogenous.soldiers": {"unit": "thousand persons", "source": "test", "evidence": "assumption",
                                     "values": {"1928": 562.0, "1940": 4200.0}}}  # fmt: skip
    series = exogenous_series(load_scenario("baseline", values))["soldiers"]
    baseline = load_scenario("baseline")
    record = exogenous_series(baseline)["soldiers"]
    assert series.on(baseline.period.start) == record.on(baseline.period.start) == 0.562


def test_a_unit_stated_of_the_record_must_be_its_own() -> None:
    with pytest.raises(UserError) as caught:
        load_scenario("baseline", {"exogenous.soldiers.unit": "thousand persons"})
    assert str(caught.value).endswith(
        "exogenous.soldiers.unit: 'thousand persons', but military_personnel (correlates_of_war) is in "
        "'million persons'"
    )
