"""What the page on calibration shows is valid."""

import re
from pathlib import Path

import pytest

from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare
from planmodel.runs.checks import load_checks, load_joints

PAGE = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text(encoding="utf-8")
RIVALS, CALIBRATION, CHECKS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_calibration_shown_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(CALIBRATION, encoding="utf-8")
    _, points, _ = prepare(load_calibration(file))
    stated = [p for p in points.points if p.target == "deaths_in_words"]
    assert [(p.low, p.high) for p in stated] == [(4.0, 9.0)]


def test_the_rival_shown_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(RIVALS, encoding="utf-8")
    scenario, _, cube = prepare(load_calibration(file).rival("my_form"))
    keys = {key.dotted for key in cube.keys}
    assert {"plan.hunger_weight", "exogenous.plan_shock.values.1937"} < keys
    assert "plan.push" not in keys
    assert not scenario.decrees["purge"].enabled


def test_the_check_shown_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "checks.toml"
    file.write_text(CHECKS, encoding="utf-8")
    (check,) = load_checks(file).values()
    assert len(check.claims) == 1
    assert len(check.given) == 1
    (joint,) = load_joints(file).values()
    assert joint.checks == ["crisis_of_1937_needs_gestation"]


@pytest.mark.parametrize(
    "option", ["--profiles", "--posterior", "--validate", "--scenario", "--draws", "--budget"]
)
def test_options_exist(option: str) -> None:
    from typer.testing import CliRunner

    from planmodel.cli import app

    said = "".join(CliRunner().invoke(app, [c, "--help"]).stdout for c in ("calibrate", "check"))
    assert option in PAGE
    assert option in said
